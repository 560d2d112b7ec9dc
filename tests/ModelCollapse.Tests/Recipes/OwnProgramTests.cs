using System.Diagnostics;
using System.Globalization;

namespace ModelCollapse.Tests.Recipes;

/// <summary>The lines that a researcher writes, in a program outside the repository that refers to the built assemblies.</summary>
[Collection(nameof(Alone))]
public class OwnProgramTests : IDisposable
{
    /// <summary>These lines are what the README of the library promises: their number may not grow.</summary>
    const string Study = """
        var study = TextStudy.Open(Recipe.Load("almanac"), "replace-sample", DataFolder.Default);
        study = study with
        {
            Model = seed => new MyModel(seed),
            Curators = [new DropRepeats(0.2)],
            Metrics = [.. study.Metrics, new MyMetric()],
        };
        """;

    const string Run = """
        await foreach (var g in study.RunAsync(seed: 0, new RunStore("runs")))
            Console.WriteLine($"{g.Number}: {g.Metrics["mine"]}");
        """;

    const string Parallel = """
        if (await StudyWorker.TakeOverAsync(args, _ => study) is { } code) return code;
        var results = await StudyWorker.ExecutorOf(new RunStore("runs"), study.Threads).RunAsync(WorkItem.ListOf(["replace-sample"], [1, 2]), null, default);
        foreach (var r in results) Console.WriteLine($"{r.Item.Seed} {r.Outcome} {r.Reason}");
        return 0;
        """;

    const string Types = """
        /// <summary>Tokens by their frequency in the training set, whatever stands before.</summary>
        sealed class MyModel(long seed) : IGenerativeModel<int[]>, ITextModel
        {
            double[] shares = [.. Enumerable.Repeat(1.0 / 2048, 2048)];
            public int VocabularySize => shares.Length;
            public void Fit(Dataset<int[]> data, FitOptions options)
            {
                var counts = new double[2048];
                foreach (var token in data.SelectMany(b => b)) counts[token]++;
                shares = [.. counts.Select(c => (c + 0.1) / (counts.Sum() + 204.8))];
            }
            public Dataset<int[]> Sample(int count, SampleOptions<int[]> options) =>
                new(Continue([.. Enumerable.Repeat(Array.Empty<int>(), count)], options.Seed), Enumerable.Range(0, count).Select(i => new Origin.Synthetic("mine", options.Generation, "exact", options.Seed + seed, i % Math.Max(1, options.Prompts?.Count ?? 1))));
            public IReadOnlyList<int[]> Continue(IReadOnlyList<int[]> prompts, long seed, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
            {
                var random = Seeds.NewRandom(seed);
                return [.. prompts.Select(_ => Enumerable.Range(0, 64).Select(_ => Draw(random)).ToArray())];
            }
            int Draw(Random random)
            {
                var (token, left) = (0, random.NextDouble());
                while (token < shares.Length - 1 && (left -= shares[token]) >= 0) token++;
                return token;
            }
            public IReadOnlyList<double[]> LogProbabilities(IReadOnlyList<int[]> blocks, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default) =>
                [.. blocks.Select(b => b.Skip(1).Select(t => Math.Log(shares[t])).ToArray())];
            public float[][] NextTokens(int[] block) => [.. block.Skip(1).Select(_ => Array.ConvertAll(shares, s => (float)Math.Log(s)))];
            public void Save(string folder) => File.WriteAllText(Path.Combine(folder, "mine.json"), JsonSerializer.Serialize(shares));
            public void Load(string folder) => shares = JsonSerializer.Deserialize<double[]>(File.ReadAllText(Path.Combine(folder, "mine.json")))!;
        }

        sealed record DropRepeats(double Most) : ICurator<int[]>
        {
            public string Name => "drop-repeats";
            public ValueTask<Curation<int[]>> CurateAsync(Dataset<int[]> set, CurationContext<int[]> context) =>
                new(Curation<int[]>.Keeping(Enumerable.Range(0, set.Count).Where(i => 1 - set[i].Distinct().Count() / (double)set[i].Length <= Most + 0.5)));
        }

        sealed record MyMetric : IMetric<int[]>
        {
            public string Name => "mine";
            public IReadOnlyList<MetricNumber> Numbers => [new("", "mean id", "", UnderCollapse.Varies, "")];
            public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<int[]> c) => new Dictionary<NumberKey, double> { [""] = c.OwnText.Average(t => t.Average()) };
        }
        """;

    const string Usings = """
        using System.Text.Json;
        using ModelCollapse;
        using ModelCollapse.Data;
        using ModelCollapse.Generations;
        using ModelCollapse.Provenance;
        using ModelCollapse.Recipes;
        using ModelCollapse.Recipes.Executors;
        using ModelCollapse.Store;
        using ModelCollapse.Text;

        """;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_lines_are_no_more_than_they_were() =>
        Assert.Equal(7, (Study + "\n" + Run).Split('\n').Count(line => line.Trim() is not ("" or "{" or "};")));

    [Fact]
    public void A_program_of_ones_own_runs_a_study_and_refuses_to_resume_it_with_changed_code()
    {
        var program = Build($"{Usings}{Study}\n{Run}\n{Types}");
        var first = Start(program);
        Assert.True(first.Code == 0, first.Text);
        var lines = first.Text.Trim().Split('\n');
        Assert.Equal(Enumerable.Range(0, 10).Select(t => $"{t}"), lines.Select(l => l.Split(':')[0]));
        Assert.All(lines, l => Assert.InRange(double.Parse(l.Split(':')[1], CultureInfo.InvariantCulture), 0, 2048));

        program = Build($"{Usings}{Study}\n{Run}\n{Types.Replace("+ 0.1)", "+ 0.2)")}");
        var changed = Start(program);
        Assert.NotEqual(0, changed.Code);
        Assert.Contains("holds a run with other settings", changed.Text);
    }

    [Fact]
    public void Its_runs_go_side_by_side_in_processes_of_the_same_program()
    {
        var program = Build($"{Usings}{Study.Replace("};", "    Generations = 1,\n};")}\n{Parallel}\n{Types}");
        var run = Start(program);
        Assert.True(run.Code == 0, run.Text);
        Assert.Equal(["1 Finished ", "2 Finished "], run.Text.TrimEnd('\n').Split('\n'));
        Assert.Equal(2, new ModelCollapse.Store.RunStore(Path.Combine(folder.Path, "runs")).Runs().Count(r => r.Completed == 2));
    }

    [Fact]
    public void A_program_with_the_base_assembly_alone_prints_the_table_of_laws_without_libtorch()
    {
        var program = Build(
            """
            using ModelCollapse.ClosedForm.Laws;
            await foreach (var row in LawTable.MeasureAsync(seed: 1, size: 0.01)) Console.WriteLine($"{row.Law}: {row.Predicted} and {row.Measured}");
            """,
            $"""<ItemGroup><ProjectReference Include="{Repository.PathOf("lib/ModelCollapse/ModelCollapse.csproj")}" /></ItemGroup>""");
        var run = Start(program);

        Assert.True(run.Code == 0, run.Text);
        Assert.True(run.Text.TrimEnd().Split('\n').Length > 40, run.Text);
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.GetDirectoryName(program)!, "*", SearchOption.AllDirectories).Select(Path.GetFileName),
            name => name!.Contains("torch", StringComparison.OrdinalIgnoreCase) || name.Contains("onnx", StringComparison.OrdinalIgnoreCase));
    }

    string Build(string source, string? references = null)
    {
        File.WriteAllText(Path.Combine(folder.Path, "own.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
              {references ?? $"""<Import Project="{Repository.PathOf("lib/ModelCollapse.targets")}" />"""}
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder.Path, "Program.cs"), source);
        // What is there is what the tests themselves run on: it is referred to, not built again.
        var build = Start("dotnet", "build", "-c", "Release", "--nologo", "-v", "quiet", "-p:BuildProjectReferences=false", "-p:RestoreRecursive=false");
        Assert.True(build.Code == 0, build.Text);
        return Path.Combine(folder.Path, "bin", "Release", "net10.0", "own");
    }

    (int Code, string Text) Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["OMP_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
