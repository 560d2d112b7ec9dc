using System.ComponentModel.DataAnnotations;
using ModelCollapse.Data;

namespace ModelCollapse.Recipes;

/// <summary>The real text of a recipe: corpus, splits, and how it is cut into blocks of tokens.</summary>
public sealed record DataSection
{
    /// <summary>The corpus: <c>wikitext-2-raw</c> (which the paper's code loads), <c>wikitext-2-tokens</c>, <c>almanac</c>, <c>folder</c>, or one of your own.</summary>
    public required CorpusSource Corpus { get; init; }

    /// <summary>Text that generation 0 is trained on and that gives the prompts.</summary>
    public required SplitRange Train { get; init; }

    /// <summary>Text that chooses the best epoch; null where training keeps the last epoch.</summary>
    public SplitRange? Validation { get; init; }

    /// <summary>Text that perplexity is measured on.</summary>
    public required SplitRange Test { get; init; }

    /// <summary>Real text that no generation has seen, for the policy <c>FreshReal</c>; null otherwise.</summary>
    public SplitRange? Fresh { get; init; }

    /// <summary>Held-out text whose beginnings every model continues for the metrics of its own text; null for the test text.</summary>
    public SplitRange? Prompts { get; init; }

    /// <summary>Tokens per block; 64 in Shumailov et al. 2024. Range: at least 2.</summary>
    [Range(2, int.MaxValue)]
    public int BlockLength { get; init; } = 64;

    /// <summary>What happens to tokens that do not fill a block. The paper's code drops the remainder of each batch of 1,000 lines (literature.md, Shumailov et al. 2024, Code).</summary>
    public Remainder Remainder { get; init; } = Remainder.DropPerBatch;

    /// <summary>Whether each line is tokenized on its own with the tokenizer's special tokens, as the paper's code does (literature.md, Shumailov et al. 2024, Code).</summary>
    public bool PerLineSpecials { get; init; } = true;

    /// <summary>
    /// Processes among which the lines are divided before they are batched, for the remainder <c>drop-per-batch</c>; null for one. The paper's code uses 4,
    /// and so drops a few more remainders (literature.md, Shumailov et al. 2024, Code). Range: at least 1.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int? MapProcesses { get; init; }

    /// <summary>Blocks of <see cref="Train"/> to use, from the first; null for all. Range: at least 1.</summary>
    [Range(1, int.MaxValue)]
    public int? TrainBlocks { get; init; }

    /// <summary>Blocks of <see cref="Validation"/> to use, from the first; null for all. Range: at least 1.</summary>
    [Range(1, int.MaxValue)]
    public int? ValidationBlocks { get; init; }

    /// <summary>Blocks of <see cref="Test"/> to use, from the first; null for all. Range: at least 1.</summary>
    [Range(1, int.MaxValue)]
    public int? TestBlocks { get; init; }

    /// <summary>Held-out prompts, at most; 0 for no text of its own. Range: at least 0.</summary>
    [Range(0, int.MaxValue)]
    public int PromptBlocks { get; init; } = 128;

    /// <summary>How text is cut into blocks.</summary>
    internal TokenBlockOptions Cut => new() { Length = BlockLength, Remainder = Remainder, PerLineSpecials = PerLineSpecials, MapProcesses = MapProcesses ?? 1 };
}
