namespace ModelCollapse.Data.Almanac;

/// <summary>
/// Reads text about a world back, sentence by sentence, by the grammar that <see cref="AlmanacWriter"/> writes by: exact on what that
/// writes, and with a verdict on anything else.
/// </summary>
/// <remarks>
/// A sentence must have the words of a <see cref="Template"/>. In the place of a value any known value, any name (known, or a capitalised
/// word that could be one) and any number will do, since what a model says instead of the truth is what is asked for. Words are divided by
/// single blanks, full stops and commas stand by themselves.
/// </remarks>
/// <param name="world">The world.</param>
public sealed class AlmanacReader(AlmanacWorld world)
{
    readonly SentenceParser parser = new(world);

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="context">
    /// What came before it, the prompt for example: gives the subject that the text goes on about and the beginning of a sentence cut by
    /// the border. Sentences that end in it are not returned. Empty where the text begins by itself.
    /// </param>
    public IReadOnlyList<Reading> Read(string text, string context = "")
    {
        List<Reading> readings = [];
        var (all, border, subject) = (context + text, context.Length, (Subject?)null);
        for (var start = 0; start < all.Length;)
        {
            var end = all.IndexOf('\n', start);
            Line(start, end < 0 ? all.Length : end, closed: end >= 0);
            start = end < 0 ? all.Length : end + 1;
        }

        return readings;

        void Line(int start, int end, bool closed)
        {
            while (start < end && all[start] == ' ') start++;
            while (end > start && all[end - 1] == ' ') end--;
            if (start == end) return;
            if (all[start] == '=')
            {
                Heading(start, end, closed);
                return;
            }

            while (start < end)
            {
                var at = all.AsSpan(start, end - start).IndexOf(" .");
                var stop = at >= 0 ? start + at + 2 : end;
                Sentence(start, stop, whole: at >= 0, last: !closed && stop == end);
                start = stop;
                while (start < end && all[start] == ' ') start++;
            }
        }

        void Heading(int start, int end, bool closed)
        {
            var words = all[start..end].Split(' ');
            var title = words is ["=", _, "="] && SentenceParser.IsName(words[1]);
            var section = words is ["=", "=", _, "=", "="] && Grammar.Sections.Contains(words[2]);
            if (title) subject = parser.Named(words[1]);
            if (end <= border) return;
            Add(title || section ? new(ReadingKind.Heading, start, end, title ? subject!.Value.Entity : -1) : new(!closed || AtTheBeginning(start) ? ReadingKind.Fragment : ReadingKind.Unparseable, start, end));
        }

        void Sentence(int start, int end, bool whole, bool last)
        {
            var (said, now) = whole ? parser.Parse(all.AsSpan(start, end - start - 2), subject) : ([new(ReadingKind.Unparseable, 0, 0)], subject);
            subject = now;
            if (end <= border) return;
            // At the beginning and at the end nobody can say what a sentence without its other part was.
            var cut = (!whole && last) || AtTheBeginning(start);
            foreach (var reading in said)
                Add(reading with { Kind = reading.Kind == ReadingKind.Unparseable && cut ? ReadingKind.Fragment : reading.Kind, Start = start, End = end });
        }

        bool AtTheBeginning(int start) => all.AsSpan(0, start).IsWhiteSpace();

        void Add(Reading reading) => readings.Add(reading with { Start = Math.Max(0, reading.Start - border), End = reading.End - border });
    }
}
