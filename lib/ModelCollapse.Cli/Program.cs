using System.CommandLine;
using ModelCollapse;
using ModelCollapse.Cli.Commands;
using ModelCollapse.Recipes.Executors;
using ModelCollapse.Tensors;

NativeMemory.KeepFreedPages();
if (args is [WorkerCommand.Name, ..]) return await WorkerCommand.RunAsync(args);

if (Console.IsOutputRedirected) Spectre.Console.AnsiConsole.Profile.Width = 160; // no terminal to be narrow

var root = new RootCommand("Recursive training of language models on their own text: run experiments, resume them, read their results.")
{
    RunCommand.Create(), ResumeCommand.Create(), StatusCommand.Create(), ReportCommand.Create(), ExportCommand.Create(),
    ShowCommand.Create(), BenchCommand.Create(), FetchCommand.Create(), PresetsCommand.Create(), RecipesCommand.Create(),
};
var parsed = root.Parse(args);
if (parsed.Errors.Count > 0) return Complain(Sentence(parsed));
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
}
catch (OperationCanceledException)
{
    return Worker.InterruptedExitCode;
}
catch (Exception e) when (InputException.Of(e) is { } mendable)
{
    return Complain(mendable.Message);
}
catch (Exception e)
{
    Console.Error.WriteLine($"collapse: {e.Message.TrimEnd('.')}. This is a defect of collapse: report it with the command and these lines.\n{e}");
    return 1;
}

static int Complain(string sentence)
{
    Console.Error.WriteLine($"collapse: {sentence}");
    return Worker.InputExitCode;
}

// The parser's own message, with the name that was most likely meant.
static string Sentence(ParseResult parsed)
{
    var command = parsed.CommandResult.Command;
    var error = parsed.Errors.FirstOrDefault(e => parsed.UnmatchedTokens.Any(t => e.Message.Contains($"'{t}'", StringComparison.Ordinal))) ?? parsed.Errors[0];
    // All options with a type are whole numbers; the parser would call it System.Nullable`1[System.Int32].
    var message = error.Message.TrimEnd('.').Split(" as expected type ") is [var before, _] ? $"{before} as a whole number" : error.Message.TrimEnd('.');
    var hint = parsed.UnmatchedTokens is [var unknown, ..] && NearestName.Of(unknown, Candidates(unknown)) is { } nearest ? $"did you mean '{nearest}'? " : "";
    return $"{message}: {hint}see 'collapse {(command is RootCommand ? "" : command.Name + " ")}--help'.";

    IEnumerable<string> Candidates(string token) => token.StartsWith('-') ? command.Options.Select(o => o.Name) : command.Subcommands.Select(c => c.Name);
}
