namespace ModelCollapse.Metrics;

/// <summary>
/// Entropy rate of a text from the lengths of its repetitions, in nats per token, without any model (Kontoyiannis, Algoet, Suhov and Wyner,
/// IEEE Transactions on Information Theory 1998, estimator with a growing window; used to filter recursive training data by Mitchell, arXiv
/// 2610.01493). Falls towards 0 as a text falls into loops. A text must be long: on 64 tokens it separates loops from text and little more.
/// </summary>
/// <remarks>
/// Lᵢ is one more than the length of the longest run that starts at i and also starts earlier; the two may overlap. The estimate is
/// (n − 1) / Σ Lᵢ / ln(i + 1) over i ≥ 1. The lengths come from a suffix automaton in linear time.
/// </remarks>
public static class TextEntropyRate
{
    /// <summary>The entropy rate of one text, in nats per token.</summary>
    /// <param name="tokens">Token ids.</param>
    /// <returns>Above 0.</returns>
    /// <exception cref="ArgumentException">There are fewer than two tokens.</exception>
    public static double Of(ReadOnlySpan<int> tokens)
    {
        if (tokens.Length < 2) throw new ArgumentException($"An entropy rate needs two or more tokens: there are {tokens.Length}.", nameof(tokens));
        var (matches, sum) = (LongestEarlierMatches(tokens), 0.0);
        for (var i = 1; i < tokens.Length; i++) sum += (matches[i] + 1) / Math.Log(i + 1);
        return (tokens.Length - 1) / sum;
    }

    /// <summary>Mean over texts of two or more tokens, of which there must be one.</summary>
    /// <param name="texts">Token ids of each text.</param>
    public static double Mean(IEnumerable<int[]> texts)
    {
        double[] rates = [.. texts.Where(t => t.Length >= 2).Select(t => Of(t))];
        return rates.Length > 0 ? rates.Average() : throw new ArgumentException("An entropy rate needs a text of two or more tokens: there is none.", nameof(texts));
    }

    /// <summary>For each position the length of the longest run that starts there and also starts at an earlier position.</summary>
    internal static int[] LongestEarlierMatches(ReadOnlySpan<int> tokens)
    {
        var automaton = new SuffixAutomaton(tokens);
        var found = new int[tokens.Length];
        var (state, length) = (0, 0);
        for (var i = 0; i < tokens.Length; i++)
        {
            // The run goes on as long as its first occurrence starts before i.
            while (i + length < tokens.Length)
            {
                var next = automaton.Next(state, tokens[i + length]);
                if (next < 0 || automaton.FirstEnd(next) - length >= i) break;
                (state, length) = (next, length + 1);
            }

            found[i] = length;
            if (length == 0) continue;
            length--;
            if (automaton.LengthOfSuffix(state) >= length) state = automaton.Suffix(state);
        }

        return found;
    }

    /// <summary>All substrings of a text: each state stands for those that end at the same positions (Blumer et al. 1985).</summary>
    sealed class SuffixAutomaton
    {
        readonly Dictionary<(int State, int Token), int> edges = [];
        readonly List<List<int>> tokensOf = [[]];
        readonly List<int> length = [0], suffix = [-1], firstEnd = [-1];

        public SuffixAutomaton(ReadOnlySpan<int> tokens)
        {
            var last = 0;
            for (var end = 0; end < tokens.Length; end++) last = Append(last, tokens[end], end);
        }

        public int Next(int state, int token) => edges.GetValueOrDefault((state, token), -1);

        /// <summary>Where the first occurrence of the substrings of a state ends.</summary>
        public int FirstEnd(int state) => firstEnd[state];

        public int Suffix(int state) => Math.Max(0, suffix[state]);

        /// <summary>Length of the longest suffix that is in another state.</summary>
        public int LengthOfSuffix(int state) => length[Suffix(state)];

        int Append(int last, int token, int end)
        {
            var added = Add(length[last] + 1, end);
            var state = last;
            for (; state >= 0 && Next(state, token) < 0; state = suffix[state]) Connect(state, token, added);
            if (state < 0)
            {
                suffix[added] = 0;
                return added;
            }

            var next = Next(state, token);
            if (length[next] == length[state] + 1)
            {
                suffix[added] = next;
                return added;
            }

            var copy = Add(length[state] + 1, firstEnd[next]);
            foreach (var other in tokensOf[next]) Connect(copy, other, Next(next, other));
            suffix[copy] = suffix[next];
            for (; state >= 0 && Next(state, token) == next; state = suffix[state]) edges[(state, token)] = copy;
            suffix[next] = suffix[added] = copy;
            return added;
        }

        int Add(int longest, int end)
        {
            length.Add(longest);
            suffix.Add(0);
            firstEnd.Add(end);
            tokensOf.Add([]);
            return length.Count - 1;
        }

        void Connect(int state, int token, int next)
        {
            edges[(state, token)] = next;
            tokensOf[state].Add(token);
        }
    }
}
