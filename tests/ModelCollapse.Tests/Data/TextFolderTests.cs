using System.Security.Cryptography;
using System.Text;
using ModelCollapse.Data;

namespace ModelCollapse.Tests.Data;

public class TextFolderTests
{
    [Fact]
    public void Every_text_file_is_a_document_in_ordinal_order()
    {
        using TemporaryFolder folder = new();
        folder.File("b.txt", "second\r\nline\rend");
        folder.File("Z.TXT", "first");
        folder.File("sub/deeper/a.txt", "\uFEFFthird é");
        folder.File("blank.txt", " \n");
        folder.File("notes.md", "not this");
        TextFolder corpus = new(folder.Path + "/");
        Assert.Equal(["first", "second\nline\nend", "third é"], corpus.Documents(null));
        Assert.Equal(Path.GetFileName(folder.Path), corpus.Name);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("firstsecond\nline\nendthird é"))), corpus.Hash(null));
    }

    [Fact]
    public void What_cannot_be_used_is_said_in_a_sentence()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("holds no text", Assert.Throws<InputException>(() => new TextFolder(folder.Path).Documents(null)).Message);
        Assert.Contains("not a folder", Assert.Throws<InputException>(() => new TextFolder(folder.Path + "/none").Documents(null)).Message);
        Assert.Contains("no split 'train'", Assert.Throws<InputException>(() => new TextFolder(folder.Path).Documents("train")).Message);

        File.WriteAllBytes(folder.File("latin.txt"), [0xEF, 0xBB, 0xBF, (byte)'c', 0xE9, (byte)'!']);
        var message = Assert.Throws<InputException>(() => new TextFolder(folder.Path).Documents(null)).Message;
        Assert.Contains("latin.txt is not UTF-8", message);
    }
}
