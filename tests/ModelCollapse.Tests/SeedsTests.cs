using CsCheck;

namespace ModelCollapse.Tests;

public class SeedsTests
{
    /// <summary>First eight bytes of SHA-256, computed with Python's hashlib.</summary>
    [Theory]
    [InlineData(0, 0, "fit", 6580923996761783916)]
    [InlineData(7, 3, "sample", 2078805702529124289)]
    public void A_seed_is_the_documented_hash(long seed, int generation, string purpose, long expected) =>
        Assert.Equal(expected, Seeds.Derive(seed, generation, purpose));

    [Fact]
    public void Seeds_of_different_purposes_differ() =>
        Gen.Select(Gen.Long, Gen.Int[0, 1000], Gen.Long, Gen.Int[0, 1000]).Sample((s1, g1, s2, g2) =>
            (s1 == s2 && g1 == g2) == (Seeds.Derive(s1, g1, "fit") == Seeds.Derive(s2, g2, "fit"))
            && Seeds.Derive(s1, g1, "fit") != Seeds.Derive(s1, g1, "sample")
            && Seeds.Derive(s1, g1, "fit") >= 0);
}
