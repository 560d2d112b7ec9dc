using System.Text.Json.Nodes;

namespace ModelCollapse.Kernel.Tests;

/// <summary>Requests and replies of Jupyter's messaging protocol, other than what cells show.</summary>
public class ProtocolTests(SharedKernel shared) : IClassFixture<SharedKernel>
{
    readonly KernelClient kernel = shared.Client;

    [Fact]
    public void Says_what_it_is()
    {
        foreach (var onControl in new[] { false, true })
        {
            var info = kernel.Ask("kernel_info_request", [], onControl);
            Assert.Equal("ok", info.GetProperty("status").GetString());
            Assert.True(Version.Parse(info.GetProperty("protocol_version").GetString()!) >= new Version(5, 3));
            var language = info.GetProperty("language_info");
            Assert.Equal(("C#", ".cs", "14.0"), (language.GetProperty("name").GetString(), language.GetProperty("file_extension").GetString(), language.GetProperty("version").GetString()));
        }
    }

    [Fact]
    public void Messages_with_a_wrong_signature_are_dropped()
    {
        var forged = kernel.Send("execute_request", new() { ["code"] = "int forged = 1;" }, key: "another key");
        Assert.Null(kernel.TryReply(forged, TimeSpan.FromSeconds(1)));
        Assert.Contains("CS0103", kernel.Execute("forged").Error.Text("evalue"));
    }

    [Fact]
    public void Echoes_heartbeats() => Assert.Equal([1, 2, 3], kernel.Beat([1, 2, 3]));

    [Fact]
    public void A_silent_cell_shows_nothing_and_is_not_counted()
    {
        var before = kernel.Execute("int silently = 0;").Ok().Reply.Content.GetProperty("execution_count").GetInt32();
        var silent = kernel.Execute("silently = 7; Console.WriteLine(silently); display(silently); silently", silent: true);
        Assert.Equal("ok", silent.Status);
        Assert.Empty(silent.Outputs);
        Assert.DoesNotContain(silent.Messages, m => m.Type == "execute_input");
        Assert.Equal("error", kernel.Execute("throw new Exception();", silent: true).Status);
        var after = kernel.Execute("silently").Ok();
        Assert.Equal("7", after.Result);
        Assert.Equal(before + 1, after.Reply.Content.GetProperty("execution_count").GetInt32());
    }

    [Fact]
    public void A_cell_that_is_not_stored_is_not_in_the_history()
    {
        kernel.Execute("\"stored one\"").Ok();
        kernel.Execute("\"unstored\"", storeHistory: false).Ok();
        kernel.Execute("\"stored two\"").Ok();
        string[] Codes(JsonObject request) => [.. kernel.Ask("history_request", request).GetProperty("history").EnumerateArray().Select(h => h[2].GetString()!)];
        Assert.Equal(["\"stored one\"", "\"stored two\""], Codes(new() { ["hist_access_type"] = "tail", ["n"] = 2, ["output"] = false, ["raw"] = true }));
        Assert.Equal(["\"stored two\""], Codes(new() { ["hist_access_type"] = "search", ["pattern"] = "*stored*", ["n"] = 1, ["output"] = false, ["raw"] = true }));
    }

    [Fact]
    public void After_an_error_cells_that_wait_are_aborted()
    {
        var ids = new[] { "Thread.Sleep(500); throw new Exception();", "int aborted = 1;", "aborted = 2;" }.Select(c => kernel.Begin(c)).ToArray();
        Assert.Equal(["error", "aborted", "aborted"], ids.Select(id => kernel.Finish(id).Status).ToArray());
        Assert.Contains("CS0103", kernel.Execute("aborted").Error.Text("evalue"));
    }

    [Fact]
    public void Without_stop_on_error_they_run()
    {
        var ids = new[] { "Thread.Sleep(500); throw new Exception();", "int unaborted = 1;" }.Select(c => kernel.Begin(c, stopOnError: false)).ToArray();
        Assert.Equal(["error", "ok"], ids.Select(id => kernel.Finish(id).Status).ToArray());
        Assert.Equal("1", kernel.Execute("unaborted").Result);
    }

    [Theory]
    [InlineData("1 + 1", "complete")]
    [InlineData("#!time\n1 + 1", "complete")]
    [InlineData("record R(int A);", "complete")]
    [InlineData("for (var i = 0; i < 3; i++)\n{", "incomplete")]
    [InlineData("Math.Max(1,", "incomplete")]
    [InlineData("int 1x = 2;", "invalid")]
    public void Knows_what_is_complete(string code, string status) =>
        Assert.Equal(status, kernel.Ask("is_complete_request", new() { ["code"] = code }).GetProperty("status").GetString());

    [Fact]
    public void Reads_a_line_from_the_front_end()
    {
        var answers = new Queue<string>(["Ada", "36"]);
        Assert.Equal("Ada is 36", kernel.Execute("Console.ReadLine() + \" is \" + Console.ReadLine()", input: _ => answers.Dequeue()).Ok().Result);
        Assert.StartsWith("Input is not to be had", kernel.Execute("Console.ReadLine()").Error.Text("evalue"));
    }

    [Fact]
    public void Evaluates_user_expressions()
    {
        var expressions = kernel.Execute("int asked = 4;", userExpressions: new() { ["good"] = "asked * 2", ["bad"] = "unasked" }).Ok().Reply.Content.GetProperty("user_expressions");
        Assert.Equal("8", expressions.GetProperty("good").GetProperty("data").GetProperty("text/plain").GetString());
        Assert.Equal("error", expressions.GetProperty("bad").GetProperty("status").GetString());
    }

    [Fact]
    public void Has_no_comms()
    {
        Assert.Empty(kernel.Ask("comm_info_request", []).GetProperty("comms").EnumerateObject());
        var id = kernel.Send("comm_open", new() { ["comm_id"] = "c", ["target_name"] = "jupyter.widget", ["data"] = new JsonObject() });
        Assert.Equal("c", kernel.Next(id, m => m.Type == "comm_close").Text("comm_id"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Shuts_down(bool onControl)
    {
        using var own = new KernelClient();
        own.Execute("new Thread(() => Thread.Sleep(Timeout.Infinite)).Start();").Ok();
        Assert.False(own.Ask("shutdown_request", new() { ["restart"] = false }, onControl).GetProperty("restart").GetBoolean());
        Assert.True(own.Process.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal(0, own.Process.ExitCode);
    }
}
