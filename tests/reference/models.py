"""Makes reference values of the layout of tests/golden (all but metrics/) with other seeds, shapes, texts and settings: see README.md here."""

import argparse
import platform
import shutil
import time
from pathlib import Path

import numpy
import torch

import checkpoints
import generation
import training
from files import DATA, GOLDEN, write_json

PARTS = {
    "opt": checkpoints.make_opt,
    "llama": checkpoints.make_llama,
    "gguf": checkpoints.make_gguf,
    "adamw": training.make_adamw,
    "generate": generation.make_generate,
    "filters": generation.make_filters,
}


def versions():
    definition = "not used: by definition, tests/reference"
    return {"python": platform.python_version(), "torch": torch.__version__, "numpy": numpy.__version__} | dict.fromkeys(
        ["transformers", "tokenizers", "safetensors", "gguf"], definition
    )


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("out", type=Path, help="folder to make, which must not be there yet")
    arguments.add_argument("--seed", type=int, default=2)
    arguments.add_argument("--golden", type=Path, default=GOLDEN, help="the given reference values, for the parts that are not made here")
    given = arguments.parse_args()
    golden = given.golden.resolve(strict=True)
    smollm2 = next((folder / "smollm2" for folder in (golden, DATA / "golden") if (folder / "smollm2").exists()), None)
    torch.set_num_threads(1)
    # A folder of somebody else may hold links into the given values, through which they would be overwritten.
    if given.out.exists() or given.out.is_symlink() or given.out.resolve().is_relative_to(golden):
        raise SystemExit(f"models: {given.out} is there already or lies in {golden}: name a new folder.")
    given.out.mkdir(parents=True)
    write_json(given.out / "versions.json", versions())
    for name, make in PARTS.items():
        start = time.monotonic()
        make(given.out, given.seed)
        write_json(given.out / name / "versions.json", versions())
        print(f"{name}: {time.monotonic() - start:.0f} s", flush=True)
    for folder in [golden / "metrics", golden / "tokenizer", *([smollm2] if smollm2 else [])]:
        shutil.copytree(folder, given.out / folder.name)
    if not smollm2:
        print(f"smollm2: left out, it is neither in {golden} nor in {DATA / 'golden'}")


if __name__ == "__main__":
    main()
