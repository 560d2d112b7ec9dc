using System.Text.Json;
using Microsoft.Extensions.AI;
using ModelCollapse.Language;

namespace ModelCollapse.Tests.Language;

/// <summary>Sentence embeddings against the published weights in PyTorch and the same file in Python's ONNX Runtime.</summary>
[Trait("kind", "data")]
public sealed class SentenceEmbedderTests : IDisposable
{
    const double LeastCosine = 0.97; // of 8-bit to float32 weights, shared/data/README.md

    readonly SentenceEmbedder embedder = SentenceEmbedder.Open(TestData.Path(SentenceEmbedder.FolderName), threads: 2);
    readonly List<JsonElement> expected = [.. JsonDocument.Parse(File.ReadAllText(TestData.Path($"{SentenceEmbedder.FolderName}/expected.json"))).RootElement.GetProperty("texts").EnumerateArray()];

    [Fact]
    public void Tokens_are_those_of_the_reference()
    {
        Assert.NotEmpty(expected);
        foreach (var text in expected) Assert.Equal(text.Numbers("input_ids").Select(i => (int)i), embedder.Encode(text.Text("text")));
    }

    [Fact]
    public async Task Embeddings_are_those_of_the_reference()
    {
        var found = await embedder.GenerateAsync(expected.Select(t => t.Text("text")));
        Assert.Equal(expected.Count, found.Count);
        foreach (var (mine, text) in found.Zip(expected))
        {
            double[] vector = [.. mine.Vector.ToArray().Select(v => (double)v)];
            Assert.Equal(1, vector.Sum(v => v * v), 5);
            Assert.InRange(Cosine(vector, text.Numbers("embedding_qint8")), 0.999, 1.0001);
            Assert.InRange(Cosine(vector, text.Numbers("embedding")), LeastCosine, 1.0001);
        }
    }

    [Fact]
    public void An_embedding_does_not_depend_on_its_neighbours()
    {
        string[] texts = [.. expected.Select(t => t.Text("text"))];
        var together = embedder.Features(texts);
        Assert.Equal(together.Reverse(), embedder.Features([.. texts.Reverse()]));
        Assert.Equal(embedder.Embed(texts[0]).Select(v => (double)v), together[0]);
        Assert.Equal(384, embedder.Embed("").Length);
    }

    [Fact]
    public void Long_texts_are_cut() => Assert.Equal(SentenceEmbedder.MaxTokens, embedder.Encode(string.Concat(Enumerable.Repeat("word ", 1000))).Length);

    [Fact]
    public void A_folder_without_a_model_is_refused() => Assert.Contains("vocab.txt", Assert.Throws<InputException>(() => SentenceEmbedder.Open(Path.GetTempPath())).Message);

    public void Dispose() => embedder.Dispose();

    static double Cosine(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum() / Math.Sqrt(a.Sum(v => v * v) * b.Sum(v => v * v));
}
