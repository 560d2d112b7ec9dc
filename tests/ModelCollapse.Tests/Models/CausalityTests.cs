using CsCheck;
using ModelCollapse.Results.Claims;
using ModelCollapse.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Tests.Models;

/// <summary>No token sees a later one, or padding.</summary>
public class CausalityTests
{
    const double Rounding = 1e-5;

    static readonly Gen<(int[] Ids, int Changed, int Token)> Change =
        from ids in Gen.Int[0, RandomModels.Vocabulary - 1].Array[2, 20]
        from changed in Gen.Int[1, ids.Length - 1]
        from token in Gen.Int[0, RandomModels.Vocabulary - 1]
        select (ids, changed, token);

    [Theory, MemberData(nameof(RandomModels.Names), MemberType = typeof(RandomModels))]
    public void A_later_token_never_changes_earlier_logits(string name)
    {
        using var model = RandomModels.Create(name);
        Change.Sample((ids, changed, token) =>
        {
            using var inference = no_grad();
            using var scope = NewDisposeScope();
            int[] other = [.. ids[..changed], token, .. ids[(changed + 1)..]];
            var (before, after) = (model.Logits(Batch(ids)), model.Logits(Batch(other)));
            Assert.True(Deviation.Of(after.narrow(1, 0, changed), before.narrow(1, 0, changed)) == 0, "An earlier position saw the change.");
            if (token != ids[changed]) Assert.True(Deviation.Of(after.select(1, changed), before.select(1, changed)) > 0, "The position itself did not see the change.");
        }, iter: 40);
    }

    [Theory, MemberData(nameof(RandomModels.Names), MemberType = typeof(RandomModels))]
    public void The_cached_path_gives_the_logits_of_every_prefix(string name)
    {
        using var model = RandomModels.Create(name);
        using var weights = DecoderWeights.Of(model)!;
        Change.Sample((ids, prompt, _) =>
        {
            using var inference = no_grad();
            using var scope = NewDisposeScope();
            using var cached = new CachedNextToken(model, weights, ids.Length);
            var whole = model.Logits(Batch(ids)).squeeze(0);
            var next = cached.Read(new([ids[..prompt]], prompt, 0));
            for (var at = prompt; ; at++)
            {
                Assert.InRange(Deviation.Of(next.squeeze(0), whole[at - 1]), 0, Rounding * 10);
                if (at == ids.Length) break;
                next = cached.Append([ids[at]], [0]);
            }
        }, iter: 20);
    }

    [Theory, MemberData(nameof(RandomModels.Names), MemberType = typeof(RandomModels))]
    public void What_padding_holds_and_how_long_it_is_changes_nothing(string name)
    {
        using var model = RandomModels.Create(name);
        Gen.Select(Gen.Int[0, RandomModels.Vocabulary - 1].Array[1, 12], Gen.Int[0, RandomModels.Vocabulary - 1].Array[1, 6]).Sample((ids, padding) =>
        {
            using var inference = no_grad();
            using var scope = NewDisposeScope();
            var alone = model.Logits(Batch(ids)).squeeze(0);
            var mask = cat([zeros([1, padding.Length], int64), ones([1, ids.Length], int64)], 1);
            var padded = model.Logits(Batch([.. padding, .. ids]), mask).squeeze(0);
            Assert.InRange(Deviation.Of(padded.narrow(0, padding.Length, ids.Length), alone), 0, Rounding * 10);
            var behind = model.Logits(Batch([.. ids, .. padding]), mask.flip([1])).squeeze(0);
            Assert.InRange(Deviation.Of(behind.narrow(0, 0, ids.Length), alone), 0, Rounding * 10);
        }, iter: 20);
    }

    static Tensor Batch(int[] ids) => tensor(Array.ConvertAll(ids, i => (long)i)).unsqueeze(0);
}
