using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelCollapse.Store;

/// <summary>The full name of a number: which metric gave it, and which of the metric's numbers it is. In text <c>perplexity.mean</c>, <c>almanac-cloze.accuracy.decile-3.low</c>.</summary>
/// <param name="Metric">Name of the metric: without dots.</param>
/// <param name="Number">Which of its numbers.</param>
[JsonConverter(typeof(TextConverter))]
public readonly record struct MetricKey(string Metric, NumberKey Number) : IComparable<MetricKey>
{
    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">The text.</param>
    public static MetricKey Parse(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? new(text, new NumberKey("")) : new(text[..dot], NumberKey.Parse(text[(dot + 1)..]));
    }

    /// <summary>As <see cref="Parse"/>.</summary>
    public static implicit operator MetricKey(string text) => Parse(text);

    /// <summary>The same number, another part of it.</summary>
    /// <param name="part">The part.</param>
    public MetricKey Of(NumberPart part) => this with { Number = Number with { Part = part } };

    /// <summary>The same number of one decile.</summary>
    /// <param name="decile">The decile.</param>
    public MetricKey OfDecile(int decile) => this with { Number = Number with { Decile = decile } };

    /// <inheritdoc/>
    public int CompareTo(MetricKey other) => string.CompareOrdinal(ToString(), other.ToString());

    /// <inheritdoc/>
    public override string ToString() => Number.ToString() is { Length: > 0 } number ? $"{Metric}.{number}" : Metric ?? "";

    /// <summary>In JSON it is its text.</summary>
    sealed class TextConverter : JsonConverter<MetricKey>
    {
        public override MetricKey Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? Parse(reader.GetString()!) : throw new JsonException("The name of a number is a text.");

        public override void Write(Utf8JsonWriter writer, MetricKey value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}

/// <summary>One of the numbers of a metric.</summary>
/// <param name="Name">Its name, for example <c>mean</c>; empty for a metric's only number.</param>
/// <param name="Decile">The decile of facts that it is about, 0 for the most frequent; null for all.</param>
/// <param name="Part">The number itself, an end of its interval, or what it is compared with; only of a number that has a name or a decile.</param>
public readonly record struct NumberKey(string Name, int? Decile = null, NumberPart Part = NumberPart.Value)
{
    const string DecilePrefix = "decile-";

    static readonly (NumberPart Part, string Text)[] Parts =
    [
        (NumberPart.Low, "low"), (NumberPart.High, "high"), (NumberPart.Human, "human"), (NumberPart.HumanLow, "human-low"), (NumberPart.HumanHigh, "human-high"), (NumberPart.Excess, "excess"),
    ];

    readonly string? name = Name;

    /// <summary>Its name, for example <c>mean</c>; empty for a metric's only number.</summary>
    public string Name { get => name ?? ""; init => name = value; }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">The text.</param>
    public static NumberKey Parse(string text)
    {
        var (rest, part, decile) = (text, NumberPart.Value, (int?)null);
        foreach (var (known, word) in Parts)
        {
            // A word that stands alone is a name: the human share of a training set is no part of another number.
            if (rest == word || !Cut(ref rest, word)) continue;
            part = known;
            break;
        }

        var last = rest[(rest.LastIndexOf('.') + 1)..];
        if (last.StartsWith(DecilePrefix, StringComparison.Ordinal) && int.TryParse(last.AsSpan(DecilePrefix.Length), out var found) && Cut(ref rest, last)) decile = found;
        return new(rest, decile, part);

        static bool Cut(ref string text, string end)
        {
            if (text != end && !text.EndsWith("." + end, StringComparison.Ordinal)) return false;
            text = text[..Math.Max(0, text.Length - end.Length - 1)];
            return true;
        }
    }

    /// <summary>As <see cref="Parse"/>.</summary>
    public static implicit operator NumberKey(string text) => Parse(text);

    /// <inheritdoc/>
    public override string ToString()
    {
        var part = Part;
        string[] words = [Name, Decile is { } d ? $"{DecilePrefix}{d}" : "", Parts.FirstOrDefault(p => p.Part == part).Text ?? ""];
        return string.Join('.', words.Where(w => w.Length > 0));
    }
}

/// <summary>What a stored number is of the quantity that it belongs to.</summary>
public enum NumberPart
{
    /// <summary>The quantity.</summary>
    Value,

    /// <summary>Lower end of its 95 % interval.</summary>
    Low,

    /// <summary>Upper end of its 95 % interval.</summary>
    High,

    /// <summary>Its mean in people's text of the same size.</summary>
    Human,

    /// <summary>Lower end of the band in which 95 % of people's samples lie.</summary>
    HumanLow,

    /// <summary>Upper end of that band.</summary>
    HumanHigh,

    /// <summary>What is above the human mean.</summary>
    Excess,
}
