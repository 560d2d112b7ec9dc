using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace ModelCollapse.Data.Almanac;

/// <summary>What decides an Almanac world and its text; equal options give equal bytes.</summary>
public sealed record AlmanacOptions
{
    /// <summary>Fewest entities of a world: with fewer there would not be two of every kind.</summary>
    public const int FewestEntities = 48;

    /// <summary>Most articles of a split: they are held in memory.</summary>
    public const int MostArticles = 1_000_000;

    /// <summary>Decides the country: names, facts, and which entities are frequent; also the text of its splits.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Entities of the world. Range: 48 to 20,000.</summary>
    [Range(FewestEntities, 20_000)]
    public int Entities { get; init; } = 2_000;

    /// <summary>Exponent of Zipf's law: the entity of rank r has the share r^−exponent of the articles, normalised. Range: 0 to 3; 0 makes all equally frequent.</summary>
    [Range(0.0, 3.0)]
    public double Exponent { get; init; } = 1;

    /// <summary>Articles of the split <c>train</c>. Range: 1 to 1,000,000.</summary>
    [Range(1, MostArticles)]
    public int TrainArticles { get; init; } = 6_000;

    /// <summary>Articles of the split <c>valid</c>. Range: 1 to 1,000,000.</summary>
    [Range(1, MostArticles)]
    public int ValidArticles { get; init; } = 400;

    /// <summary>Articles of the split <c>test</c>. Range: 1 to 1,000,000.</summary>
    [Range(1, MostArticles)]
    public int TestArticles { get; init; } = 400;

    /// <summary>Refuses options out of range.</summary>
    /// <exception cref="InputException">One is out of range.</exception>
    public void Check()
    {
        foreach (var option in typeof(AlmanacOptions).GetProperties())
            if (option.GetCustomAttribute<RangeAttribute>() is { } range && !StrictJson.Allowed(range).Contains(Convert.ToDouble(option.GetValue(this), CultureInfo.InvariantCulture)))
                throw new InputException(string.Create(CultureInfo.InvariantCulture, $"The Almanac cannot be made: {option.Name} is {option.GetValue(this)} but must be {StrictJson.Allowed(range)}."));
    }
}
