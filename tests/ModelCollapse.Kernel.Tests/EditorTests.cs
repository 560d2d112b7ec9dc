using System.Text.Json;

namespace ModelCollapse.Kernel.Tests;

/// <summary>Completion and help.</summary>
public class EditorTests(SharedKernel shared) : IClassFixture<SharedKernel>
{
    readonly KernelClient kernel = shared.Client;

    (string[] Matches, string Replaced) Complete(string code)
    {
        var cursor = code.IndexOf('|');
        code = code.Remove(cursor, 1);
        var runes = code.EnumerateRunes().ToArray();
        var inRunes = code[..cursor].EnumerateRunes().Count();
        var reply = kernel.Ask("complete_request", new() { ["code"] = code, ["cursor_pos"] = inRunes });
        var (start, end) = (reply.GetProperty("cursor_start").GetInt32(), reply.GetProperty("cursor_end").GetInt32());
        Assert.Equal(reply.GetProperty("matches").GetArrayLength(), reply.GetProperty("metadata").GetProperty("_jupyter_types_experimental").GetArrayLength());
        return ([.. reply.GetProperty("matches").EnumerateArray().Select(m => m.GetString()!)], string.Concat(runes[start..end]));
    }

    [Theory]
    [InlineData("Console.Wri|", "WriteLine", "Wri")]
    [InlineData("var x = \"a\".ToUp|;", "ToUpper", "ToUp")]
    [InlineData("Enumerable.Range(0, 3).Sel|", "Select", "Sel")]
    [InlineData("var s = \"𝒳𝒳\"; s.Len|", "Length", "Len")]
    [InlineData("foreach (var word in new[] { \"a\" }) {\n  wor|", "word", "wor")]
    [InlineData("disp|", "display", "disp")]
    public void Completes(string code, string match, string replaced)
    {
        var (matches, found) = Complete(code);
        Assert.Contains(match, matches);
        Assert.Equal(replaced, found);
    }

    [Fact]
    public void Knows_what_cells_declared()
    {
        kernel.Execute("using System.Text.Json; record Person(string FirstName, int Age); var somebody = new Person(\"A\", 1); List<Person> everybody = [somebody]; int CountThem() => everybody.Count; var (left, right) = (1, \"r\"); var unnamed = new { Inner = 1 };").Ok();
        Assert.Contains("FirstName", Complete("somebody.|").Matches);
        Assert.Contains("FirstName", Complete("everybody[0].Fir|").Matches);
        Assert.Contains("CountThem", Complete("Count|").Matches);
        Assert.Contains("ToUpper", Complete("right.ToU|").Matches);
        Assert.Contains("Inner", Complete("unnamed.|").Matches);
        Assert.Contains("JsonSerializer", Complete("JsonSer|").Matches);
        kernel.Execute("record Person(int Height); var somebody = new Person(3);").Ok();
        var anew = Complete("somebody.|").Matches;
        Assert.Contains("Height", anew);
        Assert.DoesNotContain("FirstName", anew);
    }

    [Fact]
    public void Stays_quick_in_a_long_session()
    {
        using var own = new KernelClient();
        for (var i = 0; i < 200; i++) own.Execute($"var value{i} = {i}; int Function{i}(int x) => x + value{i};").Ok();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var reply = own.Ask("complete_request", new() { ["code"] = "value19", ["cursor_pos"] = 7 });
        Assert.Equal(11, reply.GetProperty("matches").GetArrayLength());
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public void Explains()
    {
        kernel.Execute("/// <summary>Halves.</summary>\ndouble Half(double whole) => whole / 2;").Ok();
        JsonElement Inspect(string code) => kernel.Ask("inspect_request", new() { ["code"] = code, ["cursor_pos"] = code.Length, ["detail_level"] = 0 });
        var text = Inspect("Math.Sqrt").GetProperty("data").GetProperty("text/plain").GetString()!;
        Assert.Contains("double Math.Sqrt(double d)", text);
        Assert.Contains("square root", text);
        Assert.Contains("double Half(double whole)", Inspect("Half").GetProperty("data").GetProperty("text/plain").GetString());
        Assert.False(Inspect("  ").GetProperty("found").GetBoolean());
    }
}
