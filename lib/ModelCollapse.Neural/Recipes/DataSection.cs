using System.Text.Json.Serialization;
using ModelCollapse.Data;
using ModelCollapse.Data.Almanac;

namespace ModelCollapse.Recipes;

/// <summary>The real text of a recipe: corpus, splits, and how it is cut into blocks of tokens.</summary>
public sealed record DataSection
{
    /// <summary>The corpus: <c>wikitext-2-raw</c> (which the paper's code loads), <c>wikitext-2-tokens</c>, <c>almanac</c>, or <c>folder</c>.</summary>
    public required Corpus Corpus { get; init; }

    /// <summary>Folder of plain text files, for the corpus <c>folder</c> only.</summary>
    public string? Folder { get; init; }

    /// <summary>The world of the corpus <c>almanac</c>; null for another corpus, and for a world with the default options.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] // so that recipes without it keep the identity that their runs were stored under
    public AlmanacOptions? Almanac { get; init; }

    /// <summary>Text that generation 0 is trained on and that gives the prompts.</summary>
    public required SplitRange Train { get; init; }

    /// <summary>Text that chooses the best epoch; null where training keeps the last epoch.</summary>
    public SplitRange? Validation { get; init; }

    /// <summary>Text that perplexity is measured on.</summary>
    public required SplitRange Test { get; init; }

    /// <summary>Real text that no generation has seen, for the policy <c>FreshReal</c>; null otherwise.</summary>
    public SplitRange? Fresh { get; init; }

    /// <summary>Tokens per block; 64 in Shumailov et al. 2024. Range: at least 2.</summary>
    public int BlockLength { get; init; } = 64;

    /// <summary>What happens to tokens that do not fill a block. The paper's code drops the remainder of each batch of 1,000 lines (literature.md, Shumailov et al. 2024, Code).</summary>
    public Remainder Remainder { get; init; } = Remainder.DropPerBatch;

    /// <summary>Whether each line is tokenized on its own with the tokenizer's special tokens, as the paper's code does (literature.md, Shumailov et al. 2024, Code).</summary>
    public bool PerLineSpecials { get; init; } = true;

    /// <summary>
    /// Processes among which the lines are divided before they are batched, for the remainder <c>drop-per-batch</c>; null for one. The paper's code uses 4,
    /// and so drops a few more remainders (literature.md, Shumailov et al. 2024, Code). Range: at least 1.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] // so that recipes without it keep the identity that their runs were stored under
    public int? MapProcesses { get; init; }

    /// <summary>Blocks of <see cref="Train"/> to use, from the first; null for all.</summary>
    public int? TrainBlocks { get; init; }

    /// <summary>Blocks of <see cref="Validation"/> to use, from the first; null for all.</summary>
    public int? ValidationBlocks { get; init; }

    /// <summary>Blocks of <see cref="Test"/> to use, from the first; null for all.</summary>
    public int? TestBlocks { get; init; }
}

/// <summary>A corpus of real text.</summary>
public enum Corpus
{
    /// <summary>WikiText-2 without <c>&lt;unk&gt;</c>: <c>wikitext-2-raw-v1</c>.</summary>
    [JsonStringEnumMemberName("wikitext-2-raw")] WikiText2Raw,

    /// <summary>WikiText-2 with a vocabulary of 33,278 words and <c>&lt;unk&gt;</c>.</summary>
    [JsonStringEnumMemberName("wikitext-2-tokens")] WikiText2Tokens,

    /// <summary>An invented country whose facts are known, made in memory.</summary>
    [JsonStringEnumMemberName("almanac")] Almanac,

    /// <summary>A folder of plain text files.</summary>
    [JsonStringEnumMemberName("folder")] Folder,
}
