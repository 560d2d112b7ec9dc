using System.Runtime.InteropServices;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;
using ModelCollapse.Text;

namespace ModelCollapse.ClosedForm;

/// <summary>
/// The smallest language model: the next token given the n tokens before it, fitted by relative frequencies to texts of one length. After a
/// context that it has not seen it goes on as after the longest end of it that it has. The categorical next-token model of Seddik et al. 2024.
/// </summary>
public sealed class NGram : IGenerativeModel<int[]>, ITextModel
{
    const string FileName = "ngram";

    readonly int tokens, order, length;

    /// <summary>Probabilities of the next token by context; see <see cref="Key"/>. Replaced by a fit, never changed.</summary>
    IReadOnlyDictionary<long, double[]> table;

    /// <summary>A model by which all tokens are equally probable.</summary>
    /// <param name="tokens">Number of token ids, from 0. Range: at least 1.</param>
    /// <param name="order">n: tokens of the context. Range: at least 0.</param>
    /// <param name="length">Tokens of each text. Range: at least 1.</param>
    public NGram(int tokens, int order, int length)
        : this(tokens, order, length, new Dictionary<long, double[]> { [1] = [.. Enumerable.Repeat(1.0 / tokens, tokens)] })
    {
    }

    NGram(int tokens, int order, int length, IReadOnlyDictionary<long, double[]> table)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(order);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        (this.tokens, this.order, this.length, this.table) = (tokens, order, length, table);
    }

    /// <summary>An invented language: after each context the tokens follow Zipf's law in an order of its own.</summary>
    /// <param name="tokens">Number of token ids, from 0. Range: at least 1.</param>
    /// <param name="order">n: tokens of the context. Range: at least 0.</param>
    /// <param name="length">Tokens of each text. Range: at least 1.</param>
    /// <param name="seed">Decides the orders.</param>
    public static NGram Random(int tokens, int order, int length, long seed)
    {
        Dictionary<long, double[]> table = [];
        IEnumerable<long> contexts = [1];
        for (var n = 0; n <= order; n++)
        {
            foreach (var context in contexts) table[context] = Shuffled(Discrete.Zipf(tokens, 1).Probabilities, Seeds.NewRandom(Seeds.Derive(seed, (int)context, "context")));
            contexts = [.. contexts.SelectMany(c => Enumerable.Range(0, tokens + 1).Select(t => checked(c * (tokens + 1) + t)))];
        }

        return new(tokens, order, length, table);

        static double[] Shuffled(IEnumerable<double> values, Random random)
        {
            double[] all = [.. values];
            random.Shuffle(all);
            return all;
        }
    }

    /// <summary>Another model with the same probabilities.</summary>
    public NGram Copy() => new(tokens, order, length, table);

    /// <summary>Probability of each token after a text, [tokens].</summary>
    /// <param name="text">What stands before; empty for the first token of a text.</param>
    public IReadOnlyList<double> Next(ReadOnlySpan<int> text) => After(text);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are no texts, or a token is not one of the ids.</exception>
    public void Fit(Dataset<int[]> data, FitOptions options)
    {
        if (data.Count == 0) throw new ArgumentException("There are no texts to fit to.", nameof(data));
        Dictionary<long, double[]> counts = [];
        foreach (var text in data.Samples)
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] < 0 || text[i] >= tokens) throw new ArgumentException($"{text[i]} is not one of the {tokens} tokens.", nameof(data));
                for (var n = 0; n <= order; n++)
                {
                    var key = Key(text.AsSpan(0, i), n);
                    if (!counts.TryGetValue(key, out var next)) counts[key] = next = new double[tokens];
                    next[text[i]]++;
                }
            }

        foreach (var next in counts.Values)
        {
            var sum = next.Sum();
            for (var t = 0; t < tokens; t++) next[t] /= sum;
        }

        table = counts;
    }

    /// <inheritdoc/>
    public Dataset<int[]> Sample(int count, SampleOptions<int[]> options)
    {
        var random = Seeds.NewRandom(options.Seed);
        var texts = new int[count][];
        for (var i = 0; i < count; i++)
        {
            texts[i] = new int[length];
            for (var j = 0; j < length; j++) texts[i][j] = Draw(After(texts[i].AsSpan(0, j)), random);
        }

        return Dataset<int[]>.WithOrigin(texts, new Origin.Synthetic(ParametersFile.Hash(table), options.Generation, "exact", options.Seed, -1));
    }

    /// <inheritdoc/>
    public int VocabularySize => tokens;

    /// <inheritdoc/>
    public IReadOnlyList<double[]> LogProbabilities(IReadOnlyList<int[]> blocks, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default) =>
        [.. blocks.Select(block => Enumerable.Range(1, block.Length - 1).Select(i => Math.Log(After(block.AsSpan(0, i))[block[i]])).ToArray())];

    /// <inheritdoc/>
    public float[][] NextTokens(int[] block) =>
        [.. Enumerable.Range(1, block.Length - 1).Select(i => Array.ConvertAll(After(block.AsSpan(0, i)), p => (float)Math.Log(p)))];

    /// <inheritdoc/>
    public IReadOnlyList<int[]> Continue(IReadOnlyList<int[]> prompts, long seed, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        var random = Seeds.NewRandom(seed);
        return [.. prompts.Select(Continued)];

        int[] Continued(int[] prompt)
        {
            List<int> text = [.. prompt];
            for (var j = 0; j < length; j++) text.Add(Draw(After(CollectionsMarshal.AsSpan(text)), random));
            return [.. text.Skip(prompt.Length)];
        }
    }

    /// <inheritdoc/>
    public void Save(string folder) => ParametersFile.Write(folder, FileName, table);

    /// <inheritdoc/>
    public void Load(string folder) => table = ParametersFile.Read<Dictionary<long, double[]>>(folder, FileName);

    double[] After(ReadOnlySpan<int> text)
    {
        for (var n = order; ; n--)
            if (table.TryGetValue(Key(text, n), out var next)) return next;
    }

    /// <summary>The last n tokens as one number, with a token of their own for places before the text: 1, then a digit for each.</summary>
    long Key(ReadOnlySpan<int> text, int n)
    {
        var key = 1L;
        for (var i = text.Length - n; i < text.Length; i++) key = checked(key * (tokens + 1) + (i < 0 ? tokens : text[i]));
        return key;
    }

    static int Draw(double[] probabilities, Random random)
    {
        var (token, left) = (0, random.NextDouble());
        while (token < probabilities.Length - 1 && (left -= probabilities[token]) >= 0) token++;
        while (probabilities[token] == 0) token--; // rounding has led beyond the last token that there is
        return token;
    }
}
