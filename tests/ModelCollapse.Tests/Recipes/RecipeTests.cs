using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Metrics;
using ModelCollapse.Recipes;

namespace ModelCollapse.Tests.Recipes;

public class RecipeTests
{
    const string Minimal = """
        {
          // The least that a recipe must say.
          "name": "quick",
          "data": { "corpus": "wikitext-2-raw", "train": { "split": "valid", "to": 0.9 }, "validation": { "split": "valid", "from": 0.9 }, "test": { "split": "test" } },
          "model": { "preset": "mini" },
          "training": { "epochs": 3, "base": { "epochs": 1 }, "learningRate": 5e-5 },
          "sampling": { "decoding": { "beams": 5, "maxNewTokens": 32, "minNewTokens": 32, "repetitionPenalty": 1.2 } },
          "metrics": ["perplexity"],
          "seeds": [0, 1],
          "arms": {
            "A": {},
            "B": { "control": "A", "set": { "policy": { "fraction": 0.1, "kind": "PreserveFraction", "size": "on-top" }, "training": { "epochs": 10 } } },
            "S": { "control": "A", "set": { "sampling": { "decoding": { "beams": 1, "sample": true, "topP": 0.9 } } } }
          }
        }
        """;

    static Recipe Quick => Recipe.Parse(Minimal);

    static string Refusal(Action action) => Assert.Throws<InputException>(action).Message;

    [Fact]
    public void Arms_are_the_recipe_with_their_own_fields()
    {
        var (a, b) = (Quick.Resolve("A"), Quick.Resolve("B"));

        Assert.Equal(["A", "B", "S"], Quick.ArmNames);
        Assert.Equal(new Replace(), a.Policy);
        Assert.Equal(new PreserveFraction(0.1, PreservedSize.OnTop), b.Policy);
        Assert.Equal((3, 10), (a.Training.Epochs, b.Training.Epochs));
        Assert.Equal((1, 3), (a.Training.ForGeneration(0).Epochs, a.Training.ForGeneration(1).Epochs));
        Assert.Equal(5e-5, b.Training.LearningRate);
        Assert.Empty(a.Arms);
        Assert.Equal([0, 1], a.Seeds);
    }

    [Fact]
    public void Every_default_is_spelt_out_and_a_recipe_survives_its_own_json()
    {
        var json = Quick.ToJson();

        Assert.Equal(64, (int)json["data"]!["blockLength"]!);
        Assert.Equal("previous", (string)json["training"]!["initialWeights"]!);
        Assert.Equal(json.ToJsonString(), Recipe.Parse(json.ToJsonString()).ToJson().ToJsonString());
        Assert.Equal(new PreserveFraction(0.1, PreservedSize.OnTop), Recipe.Parse(json.ToJsonString()).Resolve("B").Policy);
    }

    [Theory]
    [InlineData("\"epochs\": 3", "\"epoch\": 3", "'training.epoch'", "'training.epochs'")]
    [InlineData("\"preset\"", "\"prest\"", "'model.prest'", "'model.preset'")]
    [InlineData("\"fraction\"", "\"fractoin\"", "'policy.fractoin'", "'policy.fraction'")]
    [InlineData("\"metrics\"", "\"metric\"", "'metric'", "'metrics'")]
    [InlineData("\"wikitext-2-raw\"", "\"wikitext\"", "'data.corpus.kind'", "wikitext-2-tokens")]
    [InlineData("\"epochs\": 10", "\"epochs\": 2.5", "'training.epochs'", "arm B")]
    [InlineData("\"epochs\": 10", "\"epochs\": \"ten\"", "'training.epochs'", "a whole number")]
    [InlineData("[\"perplexity\"]", "\"perplexity\"", "'metrics'", "a list")]
    [InlineData("[\"perplexity\"]", "[3]", "'metrics[0]'", "an object")]
    [InlineData("[\"perplexity\"]", "null", "'metrics'", "null")]
    [InlineData("\"PreserveFraction\"", "\"PreserveFractions\"", "'policy.kind'", "GrowingReplace")]
    [InlineData("\"fraction\": 0.1, ", "", "'policy.fraction'", "a number")]
    [InlineData("{ \"preset\": \"mini\" }", "{}", "'model'", "a 'preset'")]
    [InlineData("\"name\": \"quick\"", "\"name\": \"a/b\"", "a/b", "letters")]
    [InlineData("\"seeds\": [0, 1]", "\"seeds\": [1, 1]", "seeds", "twice")]
    [InlineData("\"A\": {}", "\"generation-0\": {}", "generation-0", "arm")]
    [InlineData("\"A\": {}", "\"A\": { \"set\": { \"seeds\": [3] } }", "'A'", "seeds")]
    [InlineData("\"beams\": 1,", "\"beams\": 4,", "'sampling.decoding'", "arm S")]
    [InlineData("\"maxNewTokens\": 32", "\"maxNewTokens\": 32, \"temperature\": 0.7", "'sampling.decoding'", "temperature")]
    [InlineData("\"control\": \"A\", \"set\": { \"sampling\"", "\"control\": \"AA\", \"set\": { \"sampling\"", "'S'", "did you mean 'A'")]
    [InlineData("\"control\": \"A\", \"set\": { \"sampling\"", "\"set\": { \"sampling\"", "'S'", "names no control")]
    [InlineData("\"repetitionPenalty\": 1.2", "\"repetitionPenalty\": 0", "'sampling.decoding.repetitionPenalty' is 0", "must be above 0")]
    [InlineData("{ \"epochs\": 1 }", "{ \"epoch\": 1 }", "'training.base.epoch'", "'training.base.epochs'")]
    [InlineData("\"epochs\": 1 ", "\"select\": \"best-by-valdation\"", "training.base.select", "best-by-validation")]
    [InlineData("\"split\": \"test\"", "\"split\": \"tests\"", "data.test.split", "valid")]
    [InlineData("\"to\": 0.9", "\"to\": 1.9", "data.train", "to")]
    [InlineData("\"name\"", "name", "JSON", "valid")]
    public void A_wrong_recipe_is_refused_by_the_name_of_the_field(string right, string wrong, string named, string also)
    {
        Assert.Contains(right, Minimal);
        var message = Refusal(() => Recipe.Parse(Minimal.Replace(right, wrong)));
        Assert.Contains(named, message);
        Assert.Contains(also, message);
    }

    [Fact]
    public void What_nothing_would_consume_is_refused()
    {
        Assert.Contains("data.corpus.path", Refusal(() => Quick.With("data.corpus.path=/texts")));
        Assert.Contains("data.fresh", Refusal(() => Quick.With("arms.A.set.policy.kind=FreshReal", "arms.A.set.policy.count=5")));
        Assert.Contains("data.train.split", Refusal(() => Quick.With("data.corpus.kind=folder", "data.corpus.path=/texts")));
        Assert.Contains("data.validation", Refusal(() => Quick.With("data.validation=null", "training.select=best-by-validation")));
    }

    /// <summary>Every kind of place that --set can name, with the value that must be there afterwards.</summary>
    [Theory]
    [InlineData("training.learningRate=1e-4", "training.learningRate", "0.0001")]
    [InlineData("training.base.learningRate=1e-4", "training.base.learningRate", "0.0001")]
    [InlineData("training.initialWeights=generation-0", "training.initialWeights", "generation-0")]
    [InlineData("description=plain text with = and 3", "description", "plain text with = and 3")]
    [InlineData("model.preset=12", "model.preset", "12")]
    [InlineData("model.weights=pretrained", "model.weights", "pretrained")]
    [InlineData("data.validation.from=0.5", "data.validation.from", "0.5")]
    [InlineData("data.trainBlocks=512", "data.trainBlocks", "512")]
    [InlineData("data.perLineSpecials=false", "data.perLineSpecials", "false")]
    [InlineData("data.mapProcesses=4", "data.mapProcesses", "4")]
    [InlineData("data.fresh=null", "data.fresh", null)]
    [InlineData("seeds=[3,4,5]", "seeds.2", "5")]
    [InlineData("seeds.1=9", "seeds.1", "9")]
    [InlineData("seeds[2]=9", "seeds.2", "9")]
    [InlineData("metrics.1={\"kind\":\"samples\",\"prompts\":[\"some started before 1360\"]}", "metrics.1.prompts.0", "some started before 1360")]
    [InlineData("arms.A.set.sampling.decoding.earlyStopping=true", "arms.A.set.sampling.decoding.earlyStopping", "true")]
    [InlineData("arms.A.set.sampling.decoding.earlyStopping=\"never\"", "arms.A.set.sampling.decoding.earlyStopping", "never")]
    [InlineData("metrics.0=diversity", "metrics.0.kind", "diversity")]
    [InlineData("data.corpus=almanac", "data.corpus.world.entities", "2000")]
    [InlineData("sampling.decoding={\"sample\":true,\"minNewTokens\":64}", "sampling.decoding.beams", "1")]
    [InlineData("sampling.decoding.beams=3", "sampling.decoding.beams", "3")]
    [InlineData("sampling.decoding.suppressTokens=[5]", "sampling.decoding.suppressTokens.0", "5")]
    [InlineData("policy.kind=Accumulate", "policy.kind", "Accumulate")]
    [InlineData("policy={\"kind\":\"AccumulateSubsample\",\"size\":7}", "policy.size", "7")]
    [InlineData("arms.B.set.policy.fraction=0.3", "arms.B.set.policy.fraction", "0.3")]
    [InlineData("arms.A.set.training.batchSize=8", "arms.A.set.training.batchSize", "8")]
    [InlineData("arms.C={\"control\":\"A\",\"set\":{\"policy\":{\"kind\":\"Accumulate\"}}}", "arms.C.set.policy.kind", "Accumulate")]
    public void Set_reaches_every_field(string assignment, string path, string? expected)
    {
        var node = path.Split('.').Aggregate((System.Text.Json.Nodes.JsonNode?)Quick.With(assignment).ToJson(), (n, name) => StrictJson.Child(n, name));
        Assert.Equal(expected, node?.ToString());
    }

    [Fact]
    public void Set_reaches_a_text_in_a_list_of_a_kind()
    {
        var recipe = Quick.With("metrics.1=samples", "metrics.1.prompts=[]", "metrics.1.prompts.0=some started before 1360");
        Assert.Equal(["some started before 1360"], Assert.IsType<SampleTexts>(recipe.Metrics[1]).Prompts);
    }

    [Fact]
    public void A_folder_of_texts_is_one_assignment_away()
    {
        var data = Quick.With("""data={"corpus":{"kind":"folder","path":"/texts"},"train":{"to":0.8},"validation":{"from":0.8,"to":0.9},"test":{"from":0.9}}""").Data;
        Assert.Equal((new FolderSource("/texts"), 0.8, null), (data.Corpus, data.Train.To, data.Train.Split));
    }

    [Fact]
    public void Set_reaches_each_single_leaf_of_a_recipe()
    {
        var recipe = Quick;
        foreach (var (path, value) in Leaves(recipe.ToJson(), ""))
            if (!path.EndsWith("kind", StringComparison.Ordinal))
                Assert.Equal(recipe.ToJson().ToJsonString(), recipe.With($"{path}={value}").ToJson().ToJsonString());

        static IEnumerable<(string, string)> Leaves(System.Text.Json.Nodes.JsonNode? node, string path) => node switch
        {
            System.Text.Json.Nodes.JsonObject o => o.SelectMany(p => Leaves(p.Value, path.Length == 0 ? p.Key : $"{path}.{p.Key}")),
            System.Text.Json.Nodes.JsonArray a => a.SelectMany((n, i) => Leaves(n, $"{path}.{i}")),
            _ => [(path, node?.ToString() ?? "null")],
        };
    }

    [Theory]
    [InlineData("training.learnRate=1", "training.learningRate")]
    [InlineData("training.base.epoch=1", "training.base.epochs")]
    [InlineData("trainings.epochs=1", "trainings")]
    [InlineData("seeds.7=1", "seeds.7")]
    [InlineData("nonsense", "path=value")]
    [InlineData("arms.B.policy.fraction=0.3", "arms.B.policy.fraction")]
    [InlineData("training.epochs=many", "a whole number")]
    [InlineData("generations=-1", "'generations' is -1 but must be at least 0")]
    [InlineData("arms.B.set.policy.fraction=x", "a number")]
    public void Set_refuses_what_is_not_there(string assignment, string named) => Assert.Contains(named, Refusal(() => Quick.With(assignment)));

    [Fact]
    public void Set_of_a_field_that_every_arm_overrides_is_refused_and_of_one_that_some_do_is_not()
    {
        var both = Quick.With("arms.A.set.training.epochs=4").With("arms.S.set.training.epochs=4");
        Assert.Contains("arms.A.set.training.epochs=7", Refusal(() => both.With("training.epochs=7")));
        Assert.Equal((7, 10), (Quick.With("training.epochs=7").Resolve("A").Training.Epochs, Quick.With("training.epochs=7").Resolve("B").Training.Epochs));
    }

    [Fact]
    public void An_arm_that_samples_keeps_the_settings_of_decoding_that_it_does_not_set()
    {
        var sampled = Quick.With("sampling.decoding.beams=3").Resolve("S").Sampling.Decoding;

        Assert.Equal((true, 0.9, 1, 32, 1.2), (sampled.Sample, sampled.TopP, sampled.Beams, sampled.MaxNewTokens, sampled.RepetitionPenalty));
        Assert.Equal("nucleus(0.9)+repetition-penalty(1.2)", sampled.Decoding);
        Assert.Equal("greedy+repetition-penalty(1.2)", Quick.With("sampling.decoding.beams=3").With("sampling.decoding.beams=1").Resolve("A").Sampling.Decoding.Decoding);
    }

    [Fact]
    public void Another_kind_discards_the_settings_of_the_old_one()
    {
        Assert.Equal(new Accumulate(), Quick.With("arms.B.set.policy.kind=Accumulate").Resolve("B").Policy);
        Assert.Equal(new Accumulate(), Quick.With("policy={\"kind\":\"PreserveFraction\",\"fraction\":0.2}").With("policy.kind=Accumulate").Resolve("A").Policy);
        Assert.Equal(new PreserveFraction(0.1, PreservedSize.OnTop), Quick.With("policy.kind=Accumulate").Resolve("B").Policy);
    }

    [Fact]
    public void A_missing_arm_or_recipe_is_refused_with_the_nearest_name()
    {
        Assert.Contains("'B'", Refusal(() => Quick.Resolve("b")));
        Assert.Contains("no-such-recipe", Refusal(() => Recipe.Load("no-such-recipe")));
    }

    [Fact]
    public void The_key_of_generation_0_ignores_what_comes_later_and_sees_what_decides_it()
    {
        // A world so small that its text is made in a moment.
        const string Data = """data={"corpus":{"kind":"almanac","world":{"entities":60,"trainArticles":40,"testArticles":20}},"train":{"split":"train"},"validation":{"split":"valid"},"test":{"split":"test"}}""";
        var recipe = Quick.With(Data, "model.preset=almanac", "sampling.promptTokens=32");
        string Key(string arm, params string[] set) => TextStudy.Open(recipe.With(set), arm, new("nowhere")).Generation0Key();

        var key = Key("A");
        Assert.Equal(key, Key("S"));
        Assert.Equal(key, Key("A", "training.initialWeights=pretrained"));
        Assert.Equal(key, Key("B", "training.base.epochs=1"));
        Assert.Equal(key, Key("A", "training.epochs=9"));
        Assert.Equal(key, Key("A", "metrics.1=diversity"));
        Assert.Equal(key, Key("A", "data.promptBlocks=3"));
        Assert.Equal(key, Key("A", """curators=[{"kind":"exact-deduplication"}]"""));
        Assert.NotEqual(key, Key("A", """curators=[{"kind":"exact-deduplication","at":"real"}]"""));
        Assert.NotEqual(key, Key("A", "training.base.epochs=2"));
        Assert.NotEqual(key, Key("A", "training.learningRate=1e-3"));
        Assert.NotEqual(key, Key("A", "data.trainBlocks=9"));
        Assert.NotEqual(key, Key("A", "data.corpus.world.seed=2"));
        Assert.NotEqual(key, Key("A", "model.weights=pretrained"));
    }

    [Theory]
    [InlineData("training.epcohs", "training.epochs")]
    [InlineData("Replce", "Replace")]
    public void Nearest_name_is_the_one_meant(string typed, string meant) =>
        Assert.Equal(meant, NearestName.Of(typed, ["Replace", "Accumulate", "training.epochs", "training.base"]));
}
