using System.Text.Json.Nodes;
using ModelCollapse.Provenance;
using ModelCollapse.Store;

namespace ModelCollapse.Generations;

/// <summary>The files of a generation's folder beside metrics, artifacts and checkpoint: one layout, whatever is measured.</summary>
sealed class GenerationFiles<TSample>(RecursiveExperiment<TSample> experiment, RunFolder folder)
{
    /// <summary>What the curators of the real data left of them; in generation 0, where there are such curators.</summary>
    const string RealFile = "real.parquet";

    /// <summary>S_t as it entered the policy, where curators changed it.</summary>
    const string SyntheticFile = "synthetic.parquet";

    /// <summary>Writes the files of generation t into its folder that is not finished yet.</summary>
    public void Write(string partial, int t, MadeGeneration<TSample> made, CurationLine<TSample> line, CostClock cost, int perGeneration)
    {
        if (made.Written.Count > 0) Samples(made.Written, RunFolder.SamplesFile);
        if (made.OwnText.Count > 0) Samples(made.OwnText, RunFolder.OwnTextFile);
        if (made.RealIsCurated) Samples(made.Training, RealFile);
        if (made.SyntheticIsCurated) Samples(made.Synthetic, SyntheticFile);
        var training = TrainingFileOf(t, made);
        if (training == RunFolder.TrainingFile) Samples(made.Training, training);
        line.WriteDecisions(Path.Combine(partial, RunFolder.CurationFile));
        File.WriteAllText(Path.Combine(partial, "generation.json"), Record(t, made, training, perGeneration).ToJsonString(StrictJson.Options) + "\n");
        cost.Add("kept", "samples", made.Training.Count);
        File.WriteAllText(Path.Combine(partial, AtomicFolder.CostFile), cost.ToJson(made.SharedCost).ToJsonString(StrictJson.Options) + "\n");

        void Samples(Dataset<TSample> set, string name) => experiment.Codec.Write(set, Path.Combine(partial, name));
    }

    /// <summary>What the curators of the real data left of them; null where there are none.</summary>
    public Dataset<TSample>? CuratedReal() => Read(0, RealFile);

    /// <summary>All that the model of a generation wrote for the next.</summary>
    public Dataset<TSample> WrittenBy(int model) => Read(model, RunFolder.SamplesFile) ?? Dataset<TSample>.Empty;

    /// <summary>S_t as it entered the policy.</summary>
    public Dataset<TSample> SyntheticOf(int t, int needed) => Read(t, SyntheticFile) ?? WrittenBy(t - 1).Take(needed);

    /// <summary>The training set is written where no other file holds it already.</summary>
    string TrainingFileOf(int t, MadeGeneration<TSample> made)
    {
        if (made.RealIsCurated) return RealFile;
        if (t > 0 && ReferenceEquals(made.Training, made.Synthetic))
            return made.SyntheticIsCurated ? SyntheticFile : $"../{Path.GetFileName(folder.GenerationPath(t - 1))}/{RunFolder.SamplesFile}";
        return RunFolder.TrainingFile;
    }

    Dataset<TSample>? Read(int generation, string name)
    {
        var file = Path.Combine(folder.GenerationPath(generation), name);
        return File.Exists(file) ? experiment.Codec.Read(file) : null;
    }

    /// <summary>What went into the generation, in numbers and seeds; the same for equal runs.</summary>
    JsonObject Record(int t, MadeGeneration<TSample> made, string trainingFile, int perGeneration)
    {
        var origins = new JsonObject();
        foreach (var kind in made.Training.Origins.GroupBy(o => o.GetType().Name).OrderBy(g => g.Key, StringComparer.Ordinal)) origins[kind.Key] = kind.Count();
        var seeds = new JsonObject();
        foreach (var purpose in (string[])["fit", "sample", "own text", "policy", "prompts"]) seeds[purpose] = Seeds.Derive(experiment.Seed, t, purpose);
        return new JsonObject
        {
            ["generation"] = t,
            ["perGeneration"] = perGeneration,
            ["synthetic"] = made.Synthetic.Count,
            ["training"] = made.Training.Count,
            ["written"] = made.Written.Count,
            ["origins"] = origins,
            ["trainingFile"] = trainingFile,
            ["seeds"] = seeds,
        };
    }
}
