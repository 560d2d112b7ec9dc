"""Makes reference values of the layout of golden/ (all but metrics/) with other seeds, shapes, texts and settings: see README.md here."""

import argparse
import platform
import time
from pathlib import Path

import numpy
import torch

import checkpoints
import generation
import smollm
import texts
import training
from files import write_json

PARTS = {
    "opt": checkpoints.make_opt,
    "llama": checkpoints.make_llama,
    "gguf": checkpoints.make_gguf,
    "adamw": training.make_adamw,
    "generate": generation.make_generate,
    "filters": generation.make_filters,
    "smollm2": smollm.make_smollm2,
    "tokenizer": texts.make_tokenizer,
}


def versions():
    definition = "not used: by definition, tests/reference"
    return {"python": platform.python_version(), "torch": torch.__version__, "numpy": numpy.__version__} | dict.fromkeys(
        ["transformers", "tokenizers", "safetensors", "gguf"], definition
    )


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("out", type=Path, help="folder to make")
    arguments.add_argument("--seed", type=int, default=2)
    arguments.add_argument("--golden", type=Path, required=True, help="the given reference values; the data folder is its parent")
    arguments.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="parts to make")
    given = arguments.parse_args()
    torch.set_num_threads(1)
    write_json(given.out / "versions.json", versions())
    for name in given.only:
        start = time.monotonic()
        if name in ("smollm2", "tokenizer"):
            PARTS[name](given.out, given.seed, given.golden.resolve())
        else:
            PARTS[name](given.out, given.seed)
        write_json(given.out / name / "versions.json", versions())
        print(f"{name}: {time.monotonic() - start:.0f} s", flush=True)
    if not (given.out / "metrics").exists():
        (given.out / "metrics").symlink_to(given.golden.resolve() / "metrics")


if __name__ == "__main__":
    main()
