using System.Text.Json;
using ModelCollapse.Monitoring;
using ModelCollapse.Results.Claims;

namespace ModelCollapse.Tests.Monitoring;

/// <summary>Change detectors against river and their formulas: alarms at the same values.</summary>
[Trait("kind", "golden")]
public class MonitoringGoldenTests
{
    const string Golden = "metrics/monitoring.json";
    const double Tolerance = 1e-9;

    static readonly JsonElement Root = GoldenFolder.Json(Golden), Settings = Root.GetProperty("settings");

    /// <summary>Names of the streams.</summary>
    public static TheoryData<string> Cases => [.. Root.GetProperty("cases").EnumerateArray().Select(c => c.Text("name"))];

    [Theory, MemberData(nameof(Cases))]
    public void Alarms_at_the_same_values(string name)
    {
        var golden = Root.GetProperty("cases").EnumerateArray().Single(c => c.Text("name") == name);
        var (values, comparison) = (golden.Numbers("values"), new GoldenComparison(Golden));
        foreach (var field in golden.GetProperty("expected").EnumerateObject())
            switch (field.Name)
            {
                case var key when key.StartsWith("page_hinkley_"):
                    comparison.Add("Page-Hinkley, alarms", Alarms(PageHinkley(key["page_hinkley_".Length..]), values), field.Value.Numbers(), 0);
                    break;
                case "adwin": foreach (var run in field.Value.EnumerateArray()) AdaptiveWindow(run, values, comparison); break;
                case "kswin": Kolmogorov(field.Value, values, comparison); break;
                case "ewma": MovingAverage(field.Value, values, comparison); break;
                case "cusum_reset" or "cusum_no_reset": CumulativeSums(field.Value, values, field.Name == "cusum_reset", comparison); break;
                case "bocpd": Bayesian(field.Value, values, comparison); break;
                default: throw Unknown(field.Name);
            }

        comparison.Report();
    }

    static IEnumerable<double> Alarms(IChangeDetector detector, double[] values) => detector.Alarms(values).Select(i => (double)i);

    static PageHinkley PageHinkley(string direction)
    {
        var s = Settings.GetProperty("page_hinkley");
        return new(new() { MinValues = s.GetProperty("min_instances").GetInt32(), Delta = s.Number("delta"), Threshold = s.Number("threshold"), Forgetting = s.Number("alpha"), Direction = Enum.Parse<ChangeDirection>(direction, ignoreCase: true) });
    }

    static void AdaptiveWindow(JsonElement run, double[] values, GoldenComparison comparison)
    {
        JsonElement common = Settings.GetProperty("adwin_common"), own = run.GetProperty("settings");
        var options = new AdwinOptions { Delta = own.Number("delta"), Clock = own.GetProperty("clock").GetInt32(), MaxBuckets = common.GetProperty("max_buckets").GetInt32(), MinPart = common.GetProperty("min_window_length").GetInt32(), GracePeriod = common.GetProperty("grace_period").GetInt32() };
        foreach (var (prefix, restart) in new[] { ("", true), ("published_keeps_window_", false) })
        {
            var detector = new Adwin(options with { RestartAfterAlarm = restart });
            var (alarms, widths) = (new List<double>(), new List<double>());
            foreach (var (i, value) in values.Index())
            {
                if (detector.Update(value)) alarms.Add(i);
                widths.Add(detector.Width);
            }

            comparison.Add("ADWIN, alarms", alarms, run.Numbers($"{prefix}alarms"), 0);
            comparison.Add("ADWIN, widths", widths, run.Numbers($"{prefix}width"), 0);
        }
    }

    static void Kolmogorov(JsonElement expected, double[] values, GoldenComparison comparison)
    {
        var s = Settings.GetProperty("kswin");
        int[][] rows = [.. Root.GetProperty("kswin_draws").Rows("rows").Select(r => r.Select(i => (int)i).ToArray())];
        var detector = new Kswin(new() { Alpha = s.Number("alpha"), Window = s.GetProperty("window_size").GetInt32(), Newest = s.GetProperty("stat_size").GetInt32() }, () => test => rows[test]);
        var (alarms, tests) = (new List<double>(), new Dictionary<int, (double Statistic, double P)>());
        foreach (var (i, value) in values.Index())
        {
            if (detector.Update(value)) alarms.Add(i);
            if (detector.LastTest is { } test) tests[i] = test;
        }

        comparison.Add("KSWIN, alarms", alarms, expected.Numbers("alarms"), 0);
        foreach (var test in expected.Rows("some_tests_index_statistic_p")) comparison.Add("KSWIN, tests", [tests[(int)test[0]].Statistic, tests[(int)test[0]].P], test[1..], Tolerance);
    }

    static void MovingAverage(JsonElement expected, double[] values, GoldenComparison comparison)
    {
        var s = Settings.GetProperty("ewma");
        var detector = new Ewma(new() { Weight = s.Number("lam"), Width = s.Number("L"), Target = s.Number("target"), StandardDeviation = s.Number("sigma") });
        double[] alarms = [.. Alarms(detector, values)];
        comparison.Add("EWMA, alarms", alarms, expected.Numbers("alarms_no_reset"), 0);
        comparison.Add("EWMA, alarms", alarms.Length > 0 ? alarms[0] : double.NaN, expected.Number("first"), 0);
        comparison.Add("EWMA, statistic", s.Number("target") + s.Number("sigma") * detector.Statistic, expected.Number("statistic_last"), Tolerance);
    }

    static void CumulativeSums(JsonElement expected, double[] values, bool reset, GoldenComparison comparison)
    {
        var s = Settings.GetProperty("cusum");
        var detector = new Cusum(new() { Allowance = s.Number("k"), Threshold = s.Number("h"), Target = s.Number("target"), StandardDeviation = s.Number("sigma"), Reset = reset });
        comparison.Add("CUSUM, alarms", Alarms(detector, values), expected.Numbers("alarms"), 0);
        comparison.Add("CUSUM, sums", [detector.Upper, detector.Lower], [expected.Number("upper_last"), expected.Number("lower_last")], Tolerance);
    }

    static void Bayesian(JsonElement expected, double[] values, GoldenComparison comparison)
    {
        var s = Settings.GetProperty("bocpd");
        var detector = new BayesianChangePoint(new() { ExpectedRunLength = s.Number("hazard"), PriorMean = s.Number("mu0"), PriorMeanStrength = s.Number("kappa0"), PriorShape = s.Number("alpha0"), PriorScale = s.Number("beta0") });
        var (evidence, modes, means, after) = (new List<double>(), new List<double>(), new List<double>(), new Dictionary<int, double[]>());
        foreach (var value in values)
        {
            evidence.Add(detector.Update(value));
            modes.Add(detector.MostProbableRunLength);
            means.Add(detector.MeanRunLength);
            after[means.Count] = [.. detector.RunLengths];
        }

        foreach (var field in expected.EnumerateObject())
            switch (field.Name)
            {
                case "log_evidence_per_step": comparison.Add("BOCPD", evidence, field.Value.Numbers(), Tolerance); break;
                case "log_evidence_total": comparison.Add("BOCPD", evidence.Sum(), field.Value.Number(), Tolerance); break;
                case "run_length_argmax": comparison.Add("BOCPD, most probable run", modes, field.Value.Numbers(), 0); break;
                case "run_length_mean": comparison.Add("BOCPD", means, field.Value.Numbers(), Tolerance); break;
                case "probability_run_length_0_is_always": comparison.Add("BOCPD", after.Values.Select(p => p[0]), values.Select(_ => field.Value.Number()), Tolerance); break;
                case var key when key.StartsWith("posterior_after_"): comparison.Add("BOCPD", after[int.Parse(key.Split('_')[2])], field.Value.Numbers(), Tolerance); break;
                default: throw Unknown($"bocpd.{field.Name}");
            }
    }

    static InvalidDataException Unknown(string field) => new($"{Golden} has a field {field} that nothing is compared with.");
}
