using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelCollapse.Provenance;

/// <summary>How a sample was drawn from a model: rules by name, each with its setting where it has one. In text <c>beam(5)</c>, <c>temperature(0.7)+top-k(50)</c>.</summary>
[JsonConverter(typeof(TextConverter))]
public sealed record Decoding
{
    readonly string text;

    /// <summary>Joins rules.</summary>
    /// <param name="rules">The rules, in their order.</param>
    public Decoding(params IReadOnlyList<DecodingStep> rules)
    {
        Rules = rules;
        text = string.Join('+', rules);
    }

    /// <summary>Drawn from the model's own distribution, as from a Gaussian.</summary>
    public static Decoding Exact { get; } = new(new DecodingStep("exact"));

    /// <summary>The rules, in their order.</summary>
    public IReadOnlyList<DecodingStep> Rules { get; }

    /// <summary>The setting of a rule; null where the rule is not used or has none.</summary>
    /// <param name="rule">Its name.</param>
    public double? this[string rule] => Rules.FirstOrDefault(r => r.Name == rule)?.Setting;

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">The text.</param>
    public static Decoding Parse(string text) => new([.. text.Split('+').Select(DecodingStep.Parse)]);

    /// <summary>As <see cref="Parse"/>.</summary>
    public static implicit operator Decoding(string text) => Parse(text);

    /// <summary>Whether both are the same rules in the same order.</summary>
    public bool Equals(Decoding? other) => other?.text == text;

    /// <inheritdoc/>
    public override int GetHashCode() => text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => text;

    sealed class TextConverter : JsonConverter<Decoding>
    {
        public override Decoding Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => Parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, Decoding value, JsonSerializerOptions options) => writer.WriteStringValue(value.text);
    }
}

/// <summary>One rule of a <see cref="Decoding"/>.</summary>
/// <param name="Name">Its name, without parentheses and <c>+</c>.</param>
/// <param name="Setting">Its setting; null for a rule without one.</param>
public sealed record DecodingStep(string Name, double? Setting = null)
{
    internal static DecodingStep Parse(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        return open > 0 && text.EndsWith(')') && double.TryParse(text.AsSpan(open + 1, text.Length - open - 2), CultureInfo.InvariantCulture, out var setting)
            ? new(text[..open], setting)
            : new(text);
    }

    /// <inheritdoc/>
    public override string ToString() => Setting is { } setting ? string.Create(CultureInfo.InvariantCulture, $"{Name}({setting})") : Name;
}
