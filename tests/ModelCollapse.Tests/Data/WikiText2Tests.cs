using ModelCollapse.Data;
using Parquet;
using Parquet.Schema;

namespace ModelCollapse.Tests.Data;

public class WikiText2Tests
{
    static string Folder => TestData.Path("wikitext-2");

    [Theory]
    [InlineData(WikiTextVersion.Tokens, "train", 600)]
    [InlineData(WikiTextVersion.Tokens, "valid", 60)]
    [InlineData(WikiTextVersion.Tokens, "test", 60)]
    [InlineData(WikiTextVersion.Raw, "valid", 60)]
    [InlineData(WikiTextVersion.Raw, "test", 60)]
    [Trait("kind", "data")]
    public void Splits_have_the_published_articles_and_text(WikiTextVersion version, string split, int articles)
    {
        WikiText2 corpus = new(Folder, version);
        Assert.Equal(articles, corpus.Documents(split).Count);
        Assert.Equal(corpus.Text(split), string.Concat(corpus.Documents(split)));
        Assert.Equal(WikiText2.Sha256(version, split), corpus.Hash(split));
    }

    [Fact]
    public void Only_headings_of_the_first_level_between_blank_lines_begin_an_article()
    {
        const string first = " \n = One = \n \n Text . \n \n = = Part = = \n \n where \n = 2 pi and C = \n as shown . \n = Goals ; A = \n \n", second = " = Two = \n \n More . \n";
        Assert.Equal([first, second], WikiText2.Articles(first + second));
        Assert.Equal([" No heading . \n"], WikiText2.Articles(" No heading . \n"));
        Assert.Empty(WikiText2.Articles(""));
    }

    [Fact]
    [Trait("kind", "data")]
    public async Task Parquet_holds_the_same_text_as_the_plain_file()
    {
        using TemporaryFolder folder = new();
        foreach (var (split, name) in new[] { ("valid", "validation"), ("test", "test") })
            await WriteParquet(folder.File($"wikitext-2-raw-v1/{name}-00000-of-00001.parquet"), [.. new WikiText2(Folder, WikiTextVersion.Raw).RowsOf(split)]);
        WikiText2 corpus = new(folder.Path, WikiTextVersion.Raw);
        foreach (var split in new[] { "valid", "test" })
        {
            Assert.Equal(WikiText2.Sha256(WikiTextVersion.Raw, split), corpus.Hash(split));
            Assert.Equal(File.ReadAllText(Path.Combine(Folder, $"wiki.{split}.raw")), corpus.Text(split));
        }
    }

    [Fact]
    public async Task Other_text_missing_files_and_other_columns_are_refused_in_a_sentence()
    {
        using TemporaryFolder folder = new();
        WikiText2 corpus = new(folder.Path, WikiTextVersion.Raw);
        Assert.Contains("collapse fetch wikitext-2", Assert.Throws<InputException>(() => corpus.Text("train")).Message);
        Assert.Contains("choose train, valid, test", Assert.Throws<InputException>(() => corpus.Text("validation")).Message);
        Assert.Contains("splits", Assert.Throws<InputException>(() => corpus.Text(null)).Message);

        folder.File("wiki.test.raw", " \n = A = \n");
        Assert.Contains("SHA-256", Assert.Throws<InputException>(() => corpus.Text("test")).Message);
        Assert.Equal(" \n = A = \n", new WikiText2(folder.Path, WikiTextVersion.Raw, verify: false).Text("test"));

        await WriteParquet(folder.File("other.parquet"), ["a"], column: "content");
        Assert.Contains("'text'", Assert.Throws<InputException>(() => ParquetText.Read(folder.File("other.parquet"))).Message);
        Assert.Contains("cannot be read as Parquet", Assert.Throws<InputException>(() => ParquetText.Read(folder.File("broken.parquet", "PAR1 not really"))).Message);
    }

    static async Task WriteParquet(string path, string[] rows, string column = "text")
    {
        DataField<string> field = new(column);
        await using var stream = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(field), stream);
        foreach (var part in rows.Chunk(1000))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(field, part);
        }
    }
}
