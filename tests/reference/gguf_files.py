"""The GGUF container and its block formats, by their definitions (golden/README.md, section gguf/, for the order of rows)."""

import struct

import numpy
import torch

from files import made

# Number, elements and bytes of a block of every type.
TYPES = {
    "F32": (0, 1, 4), "F16": (1, 1, 2), "BF16": (30, 1, 2),
    "Q4_0": (2, 32, 18), "Q4_1": (3, 32, 20), "Q5_0": (6, 32, 22), "Q5_1": (7, 32, 24), "Q8_0": (8, 32, 34),
    "Q2_K": (10, 256, 84), "Q3_K": (11, 256, 110), "Q4_K": (12, 256, 144), "Q5_K": (13, 256, 176), "Q6_K": (14, 256, 210),
}  # fmt: skip
NAMES = {number: name for name, (number, _, _) in TYPES.items()}


def half(data):
    """float16 values of pairs of bytes, as a column of float32."""
    return numpy.ascontiguousarray(data).view(numpy.float16).astype(numpy.float32)


def nibbles(data):
    """Low halves, then high halves."""
    return numpy.concatenate([data & 15, data >> 4], -1)


def bits(data, count):
    """Bit j of a little-endian number is that of element j."""
    return numpy.unpackbits(data, axis=-1, bitorder="little")[..., :count]


def dequantised(kind, data, shape):
    """Values of a tensor from its bytes."""
    if kind == "F32":
        return torch.from_numpy(data.view(numpy.float32).copy()).reshape(shape)
    if kind == "F16":
        return torch.from_numpy(data.view(numpy.float16).astype(numpy.float32)).reshape(shape)
    if kind == "BF16":
        return torch.from_numpy((data.view(numpy.uint16).astype(numpy.uint32) << 16).view(numpy.float32)).reshape(shape)
    blocks = data.reshape(-1, TYPES[kind][2])
    return torch.from_numpy(BLOCKS[kind](blocks).astype(numpy.float32)).reshape(shape)


def q4_0(b):
    return half(b[:, :2]) * (nibbles(b[:, 2:]).astype(numpy.float32) - 8)


def q4_1(b):
    return half(b[:, :2]) * nibbles(b[:, 4:]) + half(b[:, 2:4])


def q5_0(b):
    return half(b[:, :2]) * ((nibbles(b[:, 6:]) | bits(b[:, 2:6], 32) << 4).astype(numpy.float32) - 16)


def q5_1(b):
    return half(b[:, :2]) * (nibbles(b[:, 8:]) | bits(b[:, 4:8], 32) << 4) + half(b[:, 2:4])


def q8_0(b):
    return half(b[:, :2]) * b[:, 2:].view(numpy.int8)


def crumbs(qs):
    """Two-bit numbers: 32 bytes hold four runs of 32 elements, the lowest bits first. [blocks, 64] gives [blocks, 2, 4, 32]."""
    return qs.reshape(-1, 2, 1, 32) >> numpy.array([0, 2, 4, 6], numpy.uint8)[:, None] & 3


def q2_k(b):
    scales, q = b[:, :16], crumbs(b[:, 16:80]).reshape(-1, 16, 16)
    scale, low = half(b[:, 80:82]) * (scales & 15), half(b[:, 82:84]) * (scales >> 4)
    return scale[..., None] * q - low[..., None]


def q3_k(b):
    high = b[:, None, None, :32] >> numpy.arange(8, dtype=numpy.uint8).reshape(2, 4, 1) & 1
    q = crumbs(b[:, 32:96]).astype(numpy.float32) - 4 * (1 - high.astype(numpy.float32))
    packed = b[:, 96:108]
    top = (packed[:, None, 8:] >> numpy.array([0, 2, 4, 6], numpy.uint8)[:, None] & 3).reshape(-1, 16)
    scales = (nibbles(packed[:, :8]) | top << 4).astype(numpy.float32) - 32
    return (half(b[:, 108:110]) * scales)[..., None] * q.reshape(-1, 16, 16)


def scales_and_lows(s):
    """Eight pairs of six-bit numbers in twelve bytes: the first four whole, of the others the upper two bits on top of the first."""
    scale = numpy.concatenate([s[:, :4] & 63, s[:, 8:] & 15 | s[:, :4] >> 6 << 4], 1)
    low = numpy.concatenate([s[:, 4:8] & 63, s[:, 8:] >> 4 | s[:, 4:8] >> 6 << 4], 1)
    return scale, low


def with_scales_and_lows(b, q):
    scale, low = scales_and_lows(b[:, 4:16])
    return (half(b[:, :2]) * scale)[..., None] * q - (half(b[:, 2:4]) * low)[..., None]


def q4_k(b):
    return with_scales_and_lows(b, nibbles(b[:, 16:].reshape(-1, 4, 32)).reshape(-1, 8, 32))


def q5_k(b):
    high = b[:, None, 16:48] >> numpy.arange(8, dtype=numpy.uint8)[:, None] & 1
    return with_scales_and_lows(b, nibbles(b[:, 48:].reshape(-1, 4, 32)).reshape(-1, 8, 32) | high << 4)


def q6_k(b):
    low = b[:, :128].reshape(-1, 2, 1, 64) >> numpy.array([0, 4], numpy.uint8)[:, None] & 15
    q = low.reshape(-1, 2, 4, 32) | crumbs(b[:, 128:192]) << 4
    scale = half(b[:, 208:210]) * b[:, 192:208].view(numpy.int8)
    return scale[..., None] * (q.astype(numpy.float32) - 32).reshape(-1, 16, 16)


BLOCKS = {"Q4_0": q4_0, "Q4_1": q4_1, "Q5_0": q5_0, "Q5_1": q5_1, "Q8_0": q8_0, "Q2_K": q2_k, "Q3_K": q3_k, "Q4_K": q4_k, "Q5_K": q5_k, "Q6_K": q6_k}


def halved(values):
    return values.astype(numpy.float16).view(numpy.uint8).reshape(len(values), 2)


def quantised(kind, tensor):
    """Bytes of a tensor: each block spans its smallest and largest value, or its largest magnitude."""
    values = tensor.detach().numpy()
    if kind == "F32":
        return values.astype(numpy.float32).tobytes()
    if kind == "F16":
        return values.astype(numpy.float16).tobytes()
    if kind == "BF16":
        return tensor.detach().to(torch.bfloat16).contiguous().view(torch.int16).numpy().tobytes()
    x = values.reshape(-1, 32)
    if kind == "Q8_0":
        step = steps(numpy.abs(x).max(1) / 127)
        return numpy.hstack([halved(step), numpy.clip(numpy.rint(x / wide(step)), -127, 127).astype(numpy.int8).view(numpy.uint8)]).tobytes()
    width = int(kind[1])
    if kind.endswith("1"):
        low = x.min(1).astype(numpy.float16)
        step = steps((x.max(1) - wide(low)[:, 0]) / (2**width - 1))
        head, q = [halved(step), halved(low)], numpy.rint((x - wide(low)) / wide(step))
    else:
        step = steps(numpy.abs(x).max(1) / (2 ** (width - 1) - 1))
        head, q = [halved(step)], numpy.rint(x / wide(step)) + 2 ** (width - 1)
    q = numpy.clip(q, 0, 2**width - 1).astype(numpy.uint8)
    if width == 5:
        head.append(numpy.packbits(q >> 4, axis=1, bitorder="little"))
    return numpy.hstack(head + [q[:, :16] & 15 | (q[:, 16:] & 15) << 4]).tobytes()


def steps(values):
    return numpy.maximum(values, 1e-6).astype(numpy.float16)


def wide(values):
    return values.astype(numpy.float32)[:, None]


def random_blocks(kind, rows, columns, draw):
    """Random bytes with scales that are numbers of a sane size."""
    blocks = draw.integers(0, 256, (rows * columns // TYPES[kind][1], TYPES[kind][2]), dtype=numpy.uint8)
    places = {"Q4_1": [0, 2], "Q5_1": [0, 2], "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208]}.get(kind, [0])
    for at in places:
        blocks[:, at : at + 2] = halved(draw.normal(0, 0.02, len(blocks)))
    return blocks.tobytes()


def interleaved(rows, heads):
    """Row order of the file: within each head, rows of the first and of the second half alternate."""
    return rows.unflatten(0, (heads, 2, -1)).transpose(1, 2).flatten(0, 2)


def in_halves(rows, heads):
    """Back from the row order of the file."""
    return rows.unflatten(0, (heads, -1, 2)).transpose(1, 2).flatten(0, 2)


def text(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def value_of(value):
    """Type and bytes of a metadata value: whole numbers as uint32, others as float32."""
    if isinstance(value, bool):
        return 7, struct.pack("<?", value)
    if isinstance(value, int):
        return 4, struct.pack("<I", value)
    if isinstance(value, float):
        return 6, struct.pack("<f", value)
    if isinstance(value, str):
        return 8, text(value)
    kinds, items = zip(*map(value_of, value))
    return 9, struct.pack("<IQ", kinds[0], len(value)) + b"".join(items)


def write_gguf(path, metadata, tensors):
    """Tensors are (type, shape, bytes) by name. Dimensions are listed innermost first; each tensor starts at a multiple of the alignment."""
    alignment = metadata.get("general.alignment", 32)
    parts = [b"GGUF", struct.pack("<IQQ", 3, len(tensors), len(metadata))]
    for key, value in metadata.items():
        kind, data = value_of(value)
        parts += [text(key), struct.pack("<I", kind), data]
    at = 0
    for name, (kind, shape, data) in tensors.items():
        parts += [text(name), struct.pack("<I", len(shape)), *(struct.pack("<Q", size) for size in reversed(shape))]
        parts.append(struct.pack("<IQ", TYPES[kind][0], at))
        at += len(data) + -len(data) % alignment
    header = b"".join(parts)
    body = b"".join(data + bytes(-len(data) % alignment) for _, _, data in tensors.values())
    made(path).write_bytes(header + bytes(-len(header) % alignment) + body)


def read_gguf(path):
    """Metadata, and (type, values) of every tensor in the row order of the file."""
    data = numpy.fromfile(path, numpy.uint8)
    raw, at = memoryview(data), 8

    def take(form):
        nonlocal at
        values = struct.unpack_from("<" + form, raw, at)
        at += struct.calcsize("<" + form)
        return values[0]

    def string():
        nonlocal at
        length = take("Q")
        at += length
        return bytes(raw[at - length : at]).decode()

    def value(kind):
        if kind == 9:
            inner, count = take("I"), take("Q")
            return [value(inner) for _ in range(count)]
        return string() if kind == 8 else take("BbHhIif?  QqD"[kind].replace("D", "d"))

    count, keys = take("Q"), take("Q")
    metadata = {}
    for _ in range(keys):
        key = string()
        metadata[key] = value(take("I"))
    infos = []
    for _ in range(count):
        name, dimensions = string(), take("I")
        shape = [take("Q") for _ in range(dimensions)][::-1]
        infos.append((name, shape, NAMES[take("I")], take("Q")))
    alignment = metadata.get("general.alignment", 32)
    start = at + -at % alignment
    tensors = {}
    for name, shape, kind, offset in infos:
        _, elements, size = TYPES[kind]
        length = int(numpy.prod(shape)) // elements * size
        tensors[name] = (kind, dequantised(kind, data[start + offset : start + offset + length], shape))
    return metadata, tensors


PARTS = {
    "attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj", "ffn_norm": "post_attention_layernorm", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
}  # fmt: skip


def names_of(config):
    """GGUF name of every Hugging Face name, in the usual order of the file."""
    names = {"model.embed_tokens.weight": "token_embd.weight"}
    for layer in range(config["num_hidden_layers"]):
        names |= {f"model.layers.{layer}.{there}.weight": f"blk.{layer}.{here}.weight" for here, there in PARTS.items()}
    names["model.norm.weight"] = "output_norm.weight"
    return names if config["tie_word_embeddings"] else names | {"lm_head.weight": "output.weight"}


def heads_of(name, config):
    return config["num_attention_heads"] if "q_proj" in name or "attn_q." in name else config["num_key_value_heads"] if "k_proj" in name or "attn_k." in name else None


def metadata_of(config):
    settings = {
        "block_count": config["num_hidden_layers"], "context_length": config["max_position_embeddings"], "embedding_length": config["hidden_size"],
        "feed_forward_length": config["intermediate_size"], "attention.head_count": config["num_attention_heads"],
        "attention.head_count_kv": config["num_key_value_heads"], "attention.layer_norm_rms_epsilon": config["rms_norm_eps"],
        "rope.freq_base": config["rope_parameters"]["rope_theta"], "rope.dimension_count": config["head_dim"], "vocab_size": config["vocab_size"],
    }  # fmt: skip
    return {"general.architecture": "llama", "general.name": "tiny"} | {"llama." + key: value for key, value in settings.items()}


def config_of(metadata, tensors):
    """The configuration that a file describes, under the names of config.json."""
    at = lambda key: metadata["llama." + key]
    return {
        "model_type": "llama",
        "hidden_size": at("embedding_length"), "intermediate_size": at("feed_forward_length"), "num_hidden_layers": at("block_count"),
        "num_attention_heads": at("attention.head_count"), "num_key_value_heads": at("attention.head_count_kv"), "head_dim": at("rope.dimension_count"),
        "rms_norm_eps": at("attention.layer_norm_rms_epsilon"), "rope_parameters": {"rope_theta": at("rope.freq_base"), "rope_type": "default"},
        "tie_word_embeddings": "output.weight" not in tensors, "vocab_size": tensors["token_embd.weight"][1].shape[0], "max_position_embeddings": at("context_length"),
    }  # fmt: skip


def weights_of(tensors, config):
    """Weights under Hugging Face's names and in its row order."""
    weights = {}
    for there, here in names_of(config).items():
        heads, values = heads_of(there, config), tensors[here][1]
        weights[there] = values if heads is None else in_halves(values, heads)
    return weights
