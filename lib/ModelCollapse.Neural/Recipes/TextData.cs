using ModelCollapse.Data;
using ModelCollapse.Provenance;
using ModelCollapse.Text;

namespace ModelCollapse.Recipes;

/// <summary>The real text of a recipe as blocks of token ids.</summary>
public sealed class TextData
{
    TextData()
    {
    }

    /// <summary>What generation 0 is trained on; also the prompts.</summary>
    public required Dataset<int[]> Train { get; init; }

    /// <summary>Blocks that choose the best epoch; empty where the recipe has none.</summary>
    public required IReadOnlyList<int[]> Validation { get; init; }

    /// <summary>Blocks that perplexity is measured on.</summary>
    public required IReadOnlyList<int[]> Test { get; init; }

    /// <summary>Real blocks that no generation has seen; null where the recipe has none.</summary>
    public required Dataset<int[]>? Fresh { get; init; }

    /// <summary>Held-out blocks whose beginnings every model continues; empty where the recipe has none.</summary>
    public required Dataset<int[]> Prompts { get; init; }

    /// <summary>SHA-256 of the token ids of each part: <c>data.train</c>, <c>data.test</c>, ….</summary>
    public required IReadOnlyDictionary<string, string> Hashes { get; init; }

    /// <summary>Reads and cuts the text of a recipe.</summary>
    /// <param name="section">The recipe's data section.</param>
    /// <param name="corpus">The corpus that it names.</param>
    /// <param name="tokenizer">Gives the ids.</param>
    /// <exception cref="InputException">A file is missing or damaged, or there is too little text.</exception>
    public static TextData Read(DataSection section, ICorpus corpus, BytePairTokenizer tokenizer)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var train = Blocks("train", section.Train, section.TrainBlocks);
        var validation = section.Validation is { } v ? Blocks("validation", v, section.ValidationBlocks) : [];
        var test = Blocks("test", section.Test, section.TestBlocks);
        var fresh = section.Fresh is { } f ? Blocks("fresh", f, null) : null;
        IReadOnlyList<int[]> prompts = section.PromptBlocks == 0 ? [] : [.. (section.Prompts is { } p ? Blocks("prompts", p, null) : test).Take(section.PromptBlocks)];
        return new()
        {
            Train = Dataset<int[]>.Human(train, Source(section.Train)),
            Validation = validation,
            Test = test,
            Fresh = fresh is null ? null : Dataset<int[]>.Human(fresh, Source(section.Fresh!)),
            Prompts = Dataset<int[]>.Human(prompts, Source(section.Prompts ?? section.Test)),
            Hashes = hashes,
        };

        IReadOnlyList<int[]> Blocks(string name, SplitRange range, int? most)
        {
            var blocks = TokenBlocks.Cut(CorpusShare.Take(corpus, range), tokenizer, section.Cut).Blocks;
            if (blocks.Count == 0)
                throw new InputException($"The share of {corpus.Name} for 'data.{name}' gives no block of {section.BlockLength} tokens: choose a wider range, shorter blocks, or give more text.");
            if (most > blocks.Count)
                throw new InputException($"'data.{name}Blocks' asks for {most} blocks but the text gives {blocks.Count}: ask for fewer, or null for all.");
            var used = most is { } m ? [.. blocks.Take(m)] : blocks;
            hashes[$"data.{name}"] = TokenBlocks.HashOf(used);
            return used;
        }

        string Source(SplitRange range) => range.Split is { } split ? $"{corpus.Name}/{split}" : corpus.Name;
    }
}
