"""Reading and writing of safetensors and JSON, where the given values are, and named sources of chance."""

import json
import os
import struct
import zlib
from pathlib import Path

import numpy
import torch

# The values of the repository, and the data folder, which has those of the real SmolLM2.
GOLDEN = Path(__file__).resolve().parents[1] / "golden"
DATA = Path(os.environ.get("MODEL_COLLAPSE_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))

TYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64}
NAMES = {kind: name for name, kind in TYPES.items()}


def source(seed, name):
    """Its own stream of chance for everything that is made, so that one part can change without the others."""
    return numpy.random.default_rng([seed, zlib.crc32(name.encode())])


def write_safetensors(path, tensors):
    """Eight bytes with the length of the header, the header, the values one after another; wide types first, so that all are aligned."""
    header, chunks, at = {"__metadata__": {"format": "pt"}}, [], 0
    for name, tensor in sorted(tensors.items(), key=lambda item: (-item[1].element_size(), item[0])):
        plain = tensor.detach().contiguous()
        data = (plain.view(torch.int16) if plain.dtype == torch.bfloat16 else plain).numpy().tobytes()
        header[name] = {"dtype": NAMES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [at, at + len(data)]}
        chunks.append(data)
        at += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    made(path).write_bytes(struct.pack("<Q", len(text)) + text + b"".join(chunks))


def read_safetensors(path):
    data = Path(path).read_bytes()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        if name != "__metadata__":
            first, last = entry["data_offsets"]
            tensors[name] = torch.frombuffer(bytearray(data[start + first : start + last]), dtype=TYPES[entry["dtype"]]).reshape(entry["shape"])
    return tensors


def read_json(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def write_json(path, value):
    made(path).write_text(json.dumps(finite(value), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def finite(value):
    """JSON knows no infinity."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    return str(value) if isinstance(value, float) and value in (float("inf"), float("-inf")) else value


def made(path):
    """The path, with its folder there."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
