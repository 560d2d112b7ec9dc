using System.Text.Json;
using MathNet.Numerics.LinearAlgebra;
using ModelCollapse.ClosedForm;
using ModelCollapse.Data;
using ModelCollapse.Models.Checkpoints;
using ModelCollapse.Statistics;
using ModelCollapse.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Tests.ClosedForm;

/// <summary>Mixtures, clusters, kernel densities, regressions, components and word weights against scikit-learn and SciPy.</summary>
[Trait("kind", "golden")]
public class ClosedFormGoldenTests
{
    const string Golden = "metrics/closed_form.json", Arrays = "metrics/closed_form.safetensors";

    static readonly JsonElement Root = GoldenFolder.Json(Golden);

    /// <summary>The entries of the file.</summary>
    public static TheoryData<string> Entries => [.. Root.EnumerateObject().Where(p => p.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array).Select(p => p.Name)];

    /// <summary>Names of arrays that some comparison used.</summary>
    readonly HashSet<string> used = [];

    [Theory, MemberData(nameof(Entries))]
    public void Agrees(string entry)
    {
        var comparison = new GoldenComparison(entry is "gaussian_kl" or "mixture_l2" or "gaussian" ? Golden : Arrays);
        Action<JsonElement, GoldenComparison> compare = entry switch
        {
            "gaussian_mixture" => Mixture,
            "kmeans" => Clusters,
            "kernel_density" => Density,
            "gaussian" => OneGaussian,
            "gaussian_kl" => Divergence,
            "mixture_l2" => MixtureL2,
            "regression" => Regression,
            "pca" => Components,
            "tfidf" => WordWeights,
            _ => throw Unknown(entry, "itself"),
        };
        var golden = Root.GetProperty(entry);
        foreach (var part in golden.ValueKind == JsonValueKind.Array ? [.. golden.EnumerateArray()] : (JsonElement[])[golden]) compare(part, comparison);
        comparison.Report();

        // Every array of the entry was compared or served as input.
        var prefix = entry switch { "gaussian_mixture" => "gmm.", "kernel_density" => "kde.", "gaussian_kl" or "mixture_l2" => null, _ => $"{entry}." };
        if (prefix is null) return;
        using var file = new Safetensors(GoldenFolder.File(Arrays));
        string[] unread = [.. file.Tensors.Select(t => t.Name).Where(n => n.StartsWith(prefix) && !used.Contains(n))];
        Assert.True(unread.Length == 0, $"Nothing is compared with {string.Join(", ", unread)} of {Arrays}.");
    }

    void Mixture(JsonElement golden, GoldenComparison comparison)
    {
        var (name, expected) = (golden.Text("tensors"), golden.GetProperty("expected"));
        var samples = Rows($"{name}.x");
        var (means, covariances) = (Rows($"{name}.means_init"), Matrices($"{name}.covariances_init"));
        var start = new GaussianMixture(Numbers($"{name}.weights_init"), [.. means.Zip(covariances, (m, c) => new MultivariateGaussian(m, c))]);
        var fit = GaussianMixture.Fit(samples, start, new() { Tolerance = golden.Number("tol"), Regularisation = golden.Number("reg_covar"), MaxIterations = golden.GetProperty("max_iter").GetInt32() });
        var mixture = fit.Mixture;
        foreach (var field in expected.EnumerateObject())
            switch (field.Name)
            {
                case "n_iter": comparison.Add("mixture, iterations", fit.Iterations, field.Value.Number(), 0); break;
                case "converged": comparison.Add("mixture, converged", fit.Converged ? 1 : 0, field.Value.Number(), 0); break;
                case "lower_bound": comparison.Add("mixture, lower bounds", fit.LowerBounds[^1], field.Value.Number(), 1e-10); break;
                default:
                    comparison.Add("mixture, criteria", field.Name switch { "mean_log_likelihood" => mixture.MeanLogLikelihood(samples), "aic" => mixture.Aic(samples), "bic" => mixture.Bic(samples), _ => throw Unknown(name, field.Name) }, field.Value.Number(), 1e-7);
                    break;
            }

        foreach (var array in Named(name).Where(n => !used.Contains(n)))
            switch (array[(name.Length + 1)..])
            {
                case "weights": comparison.Add("mixture, parameters", mixture.Weights, Numbers(array), 1e-7); break;
                case "means": comparison.Add("mixture, parameters", mixture.Components.SelectMany(c => c.Mean), Numbers(array), 1e-7); break;
                case "covariances": comparison.Add("mixture, parameters", mixture.Components.SelectMany(c => c.Covariance.ToRowMajorArray()), Numbers(array), 1e-7); break;
                case "lower_bounds": comparison.Add("mixture, lower bounds", fit.LowerBounds, Numbers(array), 1e-10); break;
                case "responsibilities": comparison.Add("mixture, responsibilities", samples.SelectMany(mixture.Responsibilities), Numbers(array), 1e-7); break;
                case "log_density": comparison.Add("mixture, log-density", samples.Select(mixture.LogDensity), Numbers(array), 1e-7); break;
                case var other: throw Unknown(name, other);
            }
    }

    void Clusters(JsonElement golden, GoldenComparison comparison)
    {
        var found = KMeans.Lloyd(Rows("kmeans.x"), Rows("kmeans.init"), golden.GetProperty("max_iter").GetInt32());
        comparison.Add("k-means, labels", found.Labels.Select(l => (double)l), Numbers("kmeans.labels"), 0);
        comparison.Add("k-means, centres", found.Centres.SelectMany(c => c), Numbers("kmeans.centres"), 1e-9);
        comparison.Add("k-means, inertia", found.Inertia, golden.GetProperty("expected").Number("inertia"), 1e-9);
    }

    void Density(JsonElement golden, GoldenComparison comparison)
    {
        const double tolerance = 1e-9;
        var name = golden.Text("tensors");
        var (samples, queries) = (Rows($"{name}.x"), Rows($"{name}.points"));
        foreach (var field in golden.GetProperty("expected").EnumerateObject())
        {
            if (field.Name.StartsWith("silverman_rule_of_thumb"))
            {
                comparison.Add("kernel density", KernelDensity.RuleOfThumb([.. samples.Select(s => s[0])]), field.Value.Number(), tolerance);
                continue;
            }

            var factor = field.Name switch { "scott" => KernelDensity.ScottFactor(samples.Length, samples[0].Length), "silverman" => KernelDensity.SilvermanFactor(samples.Length, samples[0].Length), _ => throw Unknown(name, field.Name) };
            var density = KernelDensity.Fit(samples, factor);
            foreach (var number in field.Value.EnumerateObject())
                if (number.Name == "kernel_covariance") comparison.Add("kernel density", density.KernelCovariance.ToRowMajorArray(), number.Value.Rows().SelectMany(r => r), tolerance);
                else comparison.Add("kernel density", number.Name switch { "factor" => factor, "bandwidth" => Math.Sqrt(density.KernelCovariance[0, 0]), _ => throw Unknown(name, number.Name) }, number.Value.Number(), tolerance);

            foreach (var array in Named(name).Where(n => n.StartsWith($"{name}.{field.Name}.")))
                comparison.Add("kernel density", queries.Select(q => Math.Exp(density.LogDensity(q))), Numbers(array), tolerance);
        }
    }

    void OneGaussian(JsonElement golden, GoldenComparison comparison)
    {
        var samples = Rows("gaussian.x");
        MultivariateGaussian mle = MultivariateGaussian.Fit(samples), unbiased = MultivariateGaussian.Fit(samples, VarianceEstimator.Unbiased);
        foreach (var field in golden.GetProperty("expected").EnumerateObject())
            comparison.Add("gaussian", field.Name switch
            {
                "mean" => mle.Mean,
                "covariance_mle" => mle.Covariance.ToRowMajorArray(),
                "covariance_unbiased" => unbiased.Covariance.ToRowMajorArray(),
                "log_likelihood_sum_mle" => [samples.Sum(mle.LogDensity)],
                "log_likelihood_sum_unbiased" => [samples.Sum(unbiased.LogDensity)],
                "entropy_nats_mle" => [mle.Entropy],
                var name when Counted(name, "log_density_first_", "_mle") is { } rows => samples.Take(rows).Select(mle.LogDensity),
                _ => throw Unknown("gaussian", field.Name),
            }, Flat(field.Value), 1e-10);
    }

    void Divergence(JsonElement golden, GoldenComparison comparison)
    {
        MultivariateGaussian p = Gaussian("p"), q = Gaussian("q");
        comparison.Fields("gaussian_kl", golden.GetProperty("expected"), 1e-10, name => name == "kl_p_q" ? p.KullbackLeibler(q) : null);

        MultivariateGaussian Gaussian(string side) => new(golden.Numbers($"mean_{side}"), Matrix<double>.Build.DenseOfRowArrays(golden.Rows($"cov_{side}")));
    }

    void MixtureL2(JsonElement golden, GoldenComparison comparison)
    {
        GaussianMixture f = Side("f"), g = Side("g");
        comparison.Fields("mixture_l2", golden.GetProperty("expected"), 1e-10, name => name switch
        {
            "integral_f_f" => f.Overlap(f),
            "integral_g_g" => g.Overlap(g),
            "integral_f_g" => f.Overlap(g),
            "l2_squared" => f.SquaredL2(g),
            "l2" => Math.Sqrt(f.SquaredL2(g)),
            _ => null,
        });

        GaussianMixture Side(string side)
        {
            var mixture = golden.GetProperty(side);
            return new(mixture.Numbers("weights"), [.. mixture.Rows("means").Zip(mixture.GetProperty("covariances").EnumerateArray(), (m, c) => new MultivariateGaussian(m, Matrix<double>.Build.DenseOfRowArrays(c.Rows())))]);
        }
    }

    void Regression(JsonElement golden, GoldenComparison comparison)
    {
        var (x, y, alpha) = (Rows("regression.x"), Numbers("regression.y"), golden.Number("ridge_alpha"));
        foreach (var field in golden.GetProperty("expected").EnumerateObject())
        {
            var intercept = !field.Name.EndsWith("no_intercept");
            if (Counted(field.Name, "minimum_norm_first_", intercept ? "_rows" : "_rows_no_intercept") is { } rows)
            {
                comparison.Add("regression, minimum norm", LeastSquares.Fit(x[..rows], y[..rows], intercept: intercept).Coefficients, field.Value.Numbers(), 1e-7);
                continue;
            }

            var found = LeastSquares.Fit(x, y, field.Name.StartsWith("ridge") ? alpha : field.Name.StartsWith("ols") ? 0 : throw Unknown("regression", field.Name), intercept);
            if (field.Value.ValueKind == JsonValueKind.Array)
            {
                comparison.Add("regression", found.Coefficients, field.Value.Numbers(), 1e-9);
                continue;
            }

            foreach (var part in field.Value.EnumerateObject())
                comparison.Add("regression", part.Name switch { "coef" => found.Coefficients, "intercept" => [found.Intercept], "r2" => [found.RSquared(x, y)], _ => throw Unknown("regression", part.Name) }, Flat(part.Value), 1e-9);
        }
    }

    void Components(JsonElement golden, GoldenComparison comparison)
    {
        var x = Rows("pca.x");
        var found = PrincipalComponents.Of(x);
        foreach (var field in golden.GetProperty("expected").EnumerateObject())
            comparison.Add("components", field.Name switch
            {
                "explained_variance" => found.Variances,
                "explained_variance_ratio" => found.VarianceRatios,
                "singular_values" => found.SingularValues,
                "mean" => found.Mean,
                "effective_rank_exp_entropy" => [found.EffectiveRank],
                "participation_ratio" => [found.ParticipationRatio],
                _ => throw Unknown("pca", field.Name),
            }, Flat(field.Value), 1e-9);

        // Up to the sign of each component.
        var vectors = Rows("pca.components_up_to_sign");
        double[] signs = [.. found.Components.Zip(vectors, (a, b) => (double)Math.Sign(a.Zip(b, (p, q) => p * q).Sum()))];
        comparison.Add("components, vectors", found.Components.SelectMany((c, i) => c.Select(v => v * signs[i])), vectors.SelectMany(v => v), 1e-7);
        foreach (var array in Named("pca").Where(n => !used.Contains(n)))
        {
            var rows = Rows(array);
            comparison.Add("components, projections", x.Take(rows.Length).SelectMany(row => found.Project(row, rows[0].Length).Select((v, i) => v * signs[i])), rows.SelectMany(r => r), 1e-7);
        }
    }

    void WordWeights(JsonElement golden, GoldenComparison comparison)
    {
        string[] documents = [.. golden.GetProperty("documents").EnumerateArray().Select(d => d.GetString()!)];
        var (found, expected) = (TfIdf.Fit(documents), golden.GetProperty("expected"));
        Assert.Equal(golden.GetProperty("vocabulary").EnumerateArray().Select(w => w.GetString()), found.Vocabulary);
        comparison.Add("tf-idf", found.InverseDocumentFrequencies, expected.Numbers("idf"), 1e-10);
        double[][] vectors = [.. documents.Select(found.Vector)];
        comparison.Add("tf-idf", vectors.SelectMany(v => v), Numbers(expected.Text("matrix_tensor")), 1e-10);
        comparison.Add("tf-idf", vectors.SelectMany(a => vectors.Select(b => a.Zip(b, (p, q) => p * q).Sum())), expected.Rows("cosine_similarity").SelectMany(r => r), 1e-10);
    }

    static double[] Flat(JsonElement value) =>
        value.ValueKind != JsonValueKind.Array ? [value.Number()] : value[0].ValueKind == JsonValueKind.Array ? [.. value.Rows().SelectMany(r => r)] : value.Numbers();

    /// <summary>The number in a name between two texts; null for another name.</summary>
    static int? Counted(string name, string before, string after) =>
        name.StartsWith(before) && name.EndsWith(after) && int.TryParse(name[before.Length..^after.Length], out var count) ? count : null;

    static string[] Named(string prefix)
    {
        using var file = new Safetensors(GoldenFolder.File(Arrays));
        return [.. file.Tensors.Select(t => t.Name).Where(n => n.StartsWith($"{prefix}."))];
    }

    static long[] Shape(string name)
    {
        using var file = new Safetensors(GoldenFolder.File(Arrays));
        return file.Tensors.Single(t => t.Name == name).Shape;
    }

    double[] Numbers(string name)
    {
        used.Add(name);
        using var file = new Safetensors(GoldenFolder.File(Arrays));
        using var array = file.Read(name).to(float64);
        return array.data<double>().ToArray();
    }

    double[][] Rows(string name) => Shape(name) is { Length: > 1 } shape ? [.. Numbers(name).Chunk((int)shape[^1])] : [.. Numbers(name).Select(v => new[] { v })];

    IEnumerable<Matrix<double>> Matrices(string name) => Rows(name).Chunk((int)Shape(name)[^1]).Select(rows => Matrix<double>.Build.DenseOfRowArrays(rows));

    static InvalidDataException Unknown(string entry, string field) => new($"{Golden} has a field {entry}.{field} that nothing is compared with.");
}
