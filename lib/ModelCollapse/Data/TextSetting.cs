using ModelCollapse.Provenance;
using ModelCollapse.Text;

namespace ModelCollapse.Data;

/// <summary>What an experiment on text works with, for curators and metrics: part of <c>LoopSetting</c>.</summary>
public sealed record TextSetting
{
    /// <summary>Turns text into ids and back.</summary>
    public required BytePairTokenizer Tokenizer { get; init; }

    /// <summary>Human text that perplexity is measured on: blocks of two or more token ids.</summary>
    public required IReadOnlyList<int[]> Test { get; init; }

    /// <summary>The real text that generation 0 is trained on.</summary>
    public Dataset<int[]> Train { get; init; } = Dataset<int[]>.Empty;

    /// <summary>The corpus that the text is from; null where it is from none.</summary>
    public ICorpus? Corpus { get; init; }

    /// <summary>How the corpus is cut into blocks.</summary>
    public TokenBlockOptions Cut { get; init; } = new();

    /// <summary>Tokens of a block that serve as its prompt, from the first.</summary>
    public int PromptTokens { get; init; } = 64;

    /// <summary>Tokens that are written after a prompt.</summary>
    public int NewTokens { get; init; } = 64;

    /// <summary>Where published text and models are.</summary>
    public DataFolder Folder { get; init; } = DataFolder.Default;

    /// <summary>Threads that a metric may use. Range: at least 1.</summary>
    public int Threads { get; init; } = 1;
}
