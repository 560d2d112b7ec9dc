using System.Text.Json;

namespace ModelCollapse.Kernel.Tests;

/// <summary>How values are shown, and shown anew.</summary>
public class DisplayTests(SharedKernel shared) : IClassFixture<SharedKernel>
{
    readonly KernelClient kernel = shared.Client;

    [Fact]
    public void A_type_offers_several_mime_types_without_a_reference()
    {
        kernel.Execute("""
            [AttributeUsage(AttributeTargets.Class)] class TypeFormatterSourceAttribute(Type type) : Attribute { public Type FormatterSourceType => type; public string[] PreferredMimeTypes { get; set; } = []; }
            class OneFormatter(string mime, string text) { public string MimeType => mime; public bool Format(object value, TextWriter writer) { writer.Write(text); return true; } }
            class PictureFormatters { public IEnumerable<object> CreateTypeFormatters() => [
                new OneFormatter("image/png", "aGk="), new OneFormatter("image/svg+xml", "<?xml version=\"1.0\"?>\n<svg/>"),
                new OneFormatter("application/vnd.plotly.v1+json", "{\"data\": [1, 2]}"), new OneFormatter("text/plain", "a picture")]; }
            [TypeFormatterSource(typeof(PictureFormatters), PreferredMimeTypes = ["application/vnd.plotly.v1+json", "image/png", "image/svg+xml", "text/plain"])] class Picture { }
            """).Ok();
        foreach (var code in new[] { "new Picture()", "new Picture().Display();", "display(new Picture());", "object any = new Picture(); any.Display();" })
        {
            var data = kernel.Execute(code).Ok().Outputs.Single().Content.GetProperty("data");
            Assert.Equal(4, data.EnumerateObject().Count());
            Assert.Equal("aGk=", data.GetProperty("image/png").GetString());
            Assert.Equal("<svg/>", data.GetProperty("image/svg+xml").GetString());
            Assert.Equal(JsonValueKind.Array, data.GetProperty("application/vnd.plotly.v1+json").GetProperty("data").ValueKind);
            Assert.Equal("a picture", data.GetProperty("text/plain").GetString());
        }
    }

    [Theory]
    [InlineData("new[] { 1, 2, 3 }", "[ 1, 2, 3 ]")]
    [InlineData("new { Name = \"collapse\" }", "collapse")]
    [InlineData("new Dictionary<string, int> { [\"key one\"] = 1 }", "key one")]
    [InlineData("new InvalidOperationException(\"an exception as a value\")", "an exception as a value")]
    public void Objects_are_shown_as_html_and_text(string code, string part)
    {
        var data = kernel.Execute(code).Ok().Outputs.Single().Content.GetProperty("data");
        Assert.Contains(part, data.GetProperty("text/html").GetString());
        Assert.Contains(part, data.GetProperty("text/plain").GetString());
    }

    [Fact]
    public void A_type_of_a_cell_has_the_name_that_the_user_gave_it()
    {
        var data = kernel.Execute("class Plainly { public int One => 1; } new Plainly()").Ok().Outputs.Single();
        foreach (var mime in new[] { "text/html", "text/plain" })
        {
            Assert.Contains("Plainly", data.Text("data", mime));
            Assert.DoesNotContain("Submission", data.Text("data", mime));
        }
    }

    [Fact]
    public void Html_is_shown_as_it_is() => Assert.Equal("<b>bold</b>", kernel.Execute("HTML(\"<b>bold</b>\")").Ok().Outputs.Single().Text("data", "text/html"));

    [Theory]
    [InlineData("display")]
    [InlineData("Display")]
    [InlineData("library")]
    public void A_display_is_updated_in_place(string how)
    {
        kernel.Execute("class Bar { public int Done; public override string ToString() => $\"{Done} done\"; } Formatter.Register<Bar>(b => b.ToString(), \"text/plain\"); Formatter.SetPreferredMimeTypesFor(typeof(Bar), \"text/plain\");").Ok();
        var show = how switch { "display" => "display(bar)", "Display" => "bar.Display()", _ => "((object)bar).Display()" };
        var outputs = kernel.Execute($"var bar = new Bar(); var shown = {show}; for (bar.Done = 1; bar.Done < 100_000; bar.Done++) shown.Update(bar); shown.Update(bar);").Ok().Outputs;
        Assert.Equal("0 done", outputs[0].Plain);
        Assert.All(outputs.Skip(1), m => Assert.Equal("update_display_data", m.Type));
        Assert.Single(outputs.Select(m => m.Text("transient", "display_id")).Distinct());
        Assert.Equal("100000 done", outputs[^1].Plain);
        Assert.InRange(outputs.Count, 2, 1000);
    }

    [Fact]
    public void Output_is_cleared()
    {
        var outputs = kernel.Execute("Console.Write(1); ClearOutput(wait: true); Console.Write(2);").Ok().Outputs;
        Assert.Equal(["stream", "clear_output", "stream"], outputs.Select(m => m.Type));
        Assert.True(outputs[1].Content.GetProperty("wait").GetBoolean());
    }

    [Fact]
    public void A_formatter_that_fails_is_an_error_of_the_cell()
    {
        var failed = kernel.Execute("class Unshowable { } Formatter.Register<Unshowable>((v, w) => throw new Exception(\"cannot be shown\"), \"text/html\"); new Unshowable()");
        Assert.Equal("error", failed.Status);
        Assert.Contains("cannot be shown", failed.Error.Text("evalue"));
    }
}
