namespace ModelCollapse.Text;

/// <summary>
/// Trains byte-level byte-pair encoding (Sennrich et al. 2016; on bytes: Radford et al. 2019): starting from the 256 bytes, the most
/// frequent pair of neighbours inside a piece of text becomes a token, again and again.
/// </summary>
/// <remarks>
/// Deterministic: of equally frequent pairs the one with the smaller left id, then right id, is merged. Ids: <c>&lt;s&gt;</c> 0,
/// <c>&lt;pad&gt;</c> 1, <c>&lt;/s&gt;</c> 2 and <c>&lt;unk&gt;</c> 3 as in OPT, then whole tokens, the bytes by value, the merges by rank. Like OPT's,
/// the tokenizer puts <c>&lt;/s&gt;</c> in front of a text. Unlike there, <c>&lt;unk&gt;</c> inside a text is one token (3, which decodes to itself), and
/// so is the blank and <c>&lt;unk&gt;</c> of WikiText-2's <c>.tokens</c> files, the commonest "word" there: a whole token by default.
/// </remarks>
public static class BpeTrainer
{
    /// <summary>The tokens that are kept whole by default: WikiText-2's unknown word with the blank before it.</summary>
    public static IReadOnlyList<string> DefaultWholeTokens { get; } = [" <unk>"];

    /// <summary>Trains a tokenizer.</summary>
    /// <param name="texts">The training texts.</param>
    /// <param name="vocabularySize">Number of tokens in all. Range: at least 261. There are fewer if the texts have no more pairs that occur twice.</param>
    /// <param name="wholeTokens">Texts that are one token each; those that do not occur in <paramref name="texts"/> get none. Null for <see cref="DefaultWholeTokens"/>.</param>
    /// <exception cref="InputException">The vocabulary is too small for the bytes and the special tokens.</exception>
    public static BytePairTokenizer Train(IEnumerable<string> texts, int vocabularySize, IReadOnlyList<string>? wholeTokens = null)
    {
        string[] all = [.. texts];
        string[] whole = [.. (wholeTokens ?? DefaultWholeTokens).Distinct().Where(w => all.Any(t => t.Contains(w, StringComparison.Ordinal)))];
        List<string> tokens = ["<s>", "<pad>", "</s>", "<unk>", .. whole.Select(w => ByteAlphabet.Write(System.Text.Encoding.UTF8.GetBytes(w)))];
        var firstByte = tokens.Count;
        tokens.AddRange(Enumerable.Range(0, 256).Select(b => $"{ByteAlphabet.Character((byte)b)}"));
        if (vocabularySize < tokens.Count)
            throw new InputException($"A vocabulary of {vocabularySize} is too small for {tokens.Count} bytes and special tokens: choose a larger one.");
        AddedToken[] added =
        [
            new(1, "<pad>", true), new(2, "</s>", true), new(3, "<unk>", false), .. whole.Select((text, i) => new AddedToken(4 + i, text, false)),
        ];
        PairCounts pairs = new(Words(all, new(added), firstByte));
        List<string> merges = [];
        var ids = tokens.Index().ToDictionary(t => t.Item, t => t.Index, StringComparer.Ordinal);
        while (tokens.Count < vocabularySize && pairs.MostFrequent() is { } pair)
        {
            var (left, right) = pair;
            merges.Add($"{tokens[left]} {tokens[right]}");
            var merged = tokens[left] + tokens[right];
            if (!ids.TryGetValue(merged, out var id))
            {
                // The same text can come from another pair (ab c, a bc): one token, two merges.
                ids[merged] = id = tokens.Count;
                tokens.Add(merged);
            }

            pairs.Merge(left, right, id);
        }

        return new(new TokenizerVocabulary
        {
            Tokens = [.. tokens], Merges = [.. merges], Added = added, PreTokenization = PreTokenization.Gpt2, BosId = 2, EosIds = [2], PadId = 1, AddBos = true,
        });
    }

    /// <summary>The distinct pieces of the texts as ids of their bytes, each with the number of its occurrences, in order of first occurrence.</summary>
    static List<Word> Words(string[] texts, AddedTokenMatcher matcher, int firstByte)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        List<string> order = [];
        foreach (var text in texts)
            for (var rest = text.AsSpan(); !rest.IsEmpty;)
            {
                var plain = matcher.Find(rest, out var token);
                for (var piece = rest[..plain]; !piece.IsEmpty;)
                {
                    var length = PreTokenizer.FirstLength(piece, PreTokenization.Gpt2);
                    var word = piece[..length];
                    if (!lookup.TryGetValue(word, out var count)) order.Add(word.ToString());
                    lookup[word] = count + 1;
                    piece = piece[length..];
                }

                rest = rest[(plain + (token?.Text.Length ?? 0))..];
            }

        return [.. order.Select(word => new Word([.. System.Text.Encoding.UTF8.GetBytes(word).Select(b => firstByte + b)], counts[word]))];
    }

    sealed record Word(List<int> Ids, int Count);

    /// <summary>How often each pair of neighbours occurs, kept up to date from merge to merge.</summary>
    sealed class PairCounts
    {
        readonly List<Word> words;
        readonly Dictionary<(int Left, int Right), long> counts = [];
        readonly Dictionary<(int Left, int Right), HashSet<int>> places = [];
        readonly PriorityQueue<(int Left, int Right), (long MinusCount, int Left, int Right)> queue = new();

        public PairCounts(List<Word> words)
        {
            this.words = words;
            for (var i = 0; i < words.Count; i++) Add(i, +1);
            foreach (var pair in counts.Keys) Enqueue(pair);
        }

        /// <summary>The most frequent pair, or null if none occurs twice.</summary>
        public (int Left, int Right)? MostFrequent()
        {
            while (queue.TryDequeue(out var pair, out var priority))
            {
                var count = counts.GetValueOrDefault(pair);
                if (count == -priority.MinusCount) return pair;

                // Counts of pairs in the queue only fall; they are corrected when they come up.
                Enqueue(pair);
            }

            return null;
        }

        /// <summary>Replaces a pair by one id, everywhere and from left to right.</summary>
        public void Merge(int left, int right, int id)
        {
            HashSet<(int Left, int Right)> grown = [];
            foreach (var place in places[(left, right)].ToArray())
            {
                Add(place, -1);
                var ids = words[place].Ids;
                var kept = 0;
                for (var i = 0; i < ids.Count; i++)
                {
                    var merge = i + 1 < ids.Count && ids[i] == left && ids[i + 1] == right;
                    ids[kept++] = merge ? id : ids[i];
                    if (merge) i++;
                }

                ids.RemoveRange(kept, ids.Count - kept);
                Add(place, +1);
                for (var i = 1; i < ids.Count; i++)
                    if (ids[i - 1] == id || ids[i] == id) grown.Add((ids[i - 1], ids[i]));
            }

            foreach (var pair in grown) Enqueue(pair);
        }

        void Add(int place, int sign)
        {
            var word = words[place];
            for (var i = 1; i < word.Ids.Count; i++)
            {
                var pair = (word.Ids[i - 1], word.Ids[i]);
                counts[pair] = counts.GetValueOrDefault(pair) + sign * (long)word.Count;
                if (!places.TryGetValue(pair, out var set)) places[pair] = set = [];
                if (sign > 0) set.Add(place);
                else set.Remove(place);
            }
        }

        void Enqueue((int Left, int Right) pair)
        {
            var count = counts.GetValueOrDefault(pair);
            if (count >= 2) queue.Enqueue(pair, (-count, pair.Left, pair.Right));
        }
    }
}
