"""Makes generate/ and filters/: cases of random prompts and settings, none of them decided by rounding."""

import torch

import decoding
from architectures import cast, forward, random_weights
from checkpoints import llama_config
from files import read_json, read_safetensors, source, write_json, write_safetensors

SMALLEST_MARGIN, SMALLEST_CUT = 1e-3, 1e-4


def make_generate(out, seed):
    make_searches(out, seed, "opt", "opt/pre-norm", 1)
    make_searches(out, seed, "llama", "llama/tied", 0)
    make_searches(out, seed, "another", ["opt/post-norm-projected", "llama/untied"][seed % 2], None)
    make_ties(out, seed)


def make_searches(out, seed, name, model, padding):
    draw = source(seed, "generate/" + name)
    config, weights = read_json(out / model / "config.json"), cast(read_safetensors(out / model / "model.safetensors"), torch.float64)
    cases = {}
    for label, settings, prompt in settings_of(config, weights, padding, draw):
        for _ in range(400):
            case = {"note": "", "settings": settings} | prompts(config, draw, prompt, padding)
            found = decoding.generate(weights, config, settings, case["input_ids"], case.get("attention_mask"))
            if settings.get("length_penalty", 1.0) <= 0:
                del found["sequences_scores"]  # sums over many tokens, beyond what float32 gives to 1e-5
            if found["smallest_margin"] >= SMALLEST_MARGIN:
                cases[label] = case | found
                break
        else:
            print(f"generate/{name}: {label} was left out, no prompt has the margin")
    write_json(out / f"generate/{name}.json", {"seed": seed, "model": model, "cases": cases})


def settings_of(config, weights, padding, draw):
    """Name, settings and what the prompts are like, of every case."""
    frequent = frequent_ids(config, weights, draw)
    pick = lambda *choices: choices[int(draw.integers(len(choices)))]
    plain, beam = {"do_sample": False, "num_beams": 1}, {"do_sample": False, "num_beams": pick(2, 3, 4, 6)}
    filling = {} if padding is None else {"pad_token_id": padding}
    ending = {"eos_token_id": int(frequent[0])} | filling
    length, few, some = int(draw.integers(8, 20)), int(draw.integers(2, 5)), int(draw.integers(12, 20))
    yield "greedy", plain | {"max_new_tokens": length}, "plain"
    yield "greedy_penalty", plain | {"max_new_tokens": length, "repetition_penalty": pick(0.7, 1.2, 1.7, 2.5)}, "plain"
    yield "greedy_ends", plain | {"max_new_tokens": some} | ending, "plain"
    yield "greedy_two_ends_minimum", plain | {"max_new_tokens": some, "min_new_tokens": few} | ending | {"eos_token_id": frequent[:2]}, "plain"
    yield "greedy_left", plain | {"max_new_tokens": length} | filling, "left"
    yield "greedy_left_penalty_ends", plain | {"max_new_tokens": some, "repetition_penalty": pick(1.3, 1.8)} | ending, "left"
    yield "greedy_ngrams", plain | {"max_new_tokens": some, "no_repeat_ngram_size": pick(1, 2, 3)}, "repeating"
    yield "greedy_suppressed", plain | {"max_new_tokens": length, "suppress_tokens": frequent[1:4]}, "plain"
    for penalty in (0.8, 1.0, 1.5, 2.2):
        yield f"beams_fixed_{penalty}", beam | {"max_new_tokens": length, "min_new_tokens": length, "repetition_penalty": penalty} | ending, "plain"
    for penalty in (-0.5, 0.0, 0.7, 1.0, 1.5):
        for stopping in (False, True, "never"):
            yield f"beams_ends_{penalty}_{stopping}", beam | {"max_new_tokens": some, "min_new_tokens": few, "length_penalty": penalty, "early_stopping": stopping} | ending, "plain"
    yield "beams_no_end", beam | {"max_new_tokens": length}, "plain"
    yield "beams_returned", beam | {"max_new_tokens": some, "num_return_sequences": beam["num_beams"]} | ending, "plain"
    yield "beams_penalty_returned", beam | {"max_new_tokens": some, "repetition_penalty": 1.7, "num_return_sequences": 2} | ending, "plain"
    yield "beams_three_ends", beam | {"max_new_tokens": some, "min_new_tokens": few} | ending | {"eos_token_id": frequent[:3]}, "plain"
    yield "beams_left", beam | {"max_new_tokens": length} | ending, "left"
    yield "beams_left_penalty", beam | {"max_new_tokens": length, "repetition_penalty": pick(1.3, 2.0)} | ending, "left"
    yield "beams_ngrams", beam | {"max_new_tokens": length, "no_repeat_ngram_size": pick(2, 3)} | ending, "repeating"
    yield "beams_suppressed", beam | {"max_new_tokens": length, "suppress_tokens": frequent[1:4]} | ending, "plain"
    yield "to_the_last_position", plain | {"max_new_tokens": config["max_position_embeddings"] - 40}, "long"


def frequent_ids(config, weights, draw):
    found = decoding.generate(weights, config, {"max_new_tokens": 20}, draw.integers(3, config["vocab_size"], (8, 6)).tolist())
    counts = torch.tensor([row[6:] for row in found["sequences"]]).flatten().bincount(minlength=config["vocab_size"])
    counts[:3] = 0
    return counts.argsort(descending=True, stable=True)[:6].tolist()


def prompts(config, draw, kind, padding):
    rows, time = int(draw.integers(1, 4)), 40 if kind == "long" else int(draw.integers(4, 12))
    ids = draw.integers(3, config["vocab_size"], (rows, time))
    if kind == "repeating":
        ids = ids[:, [*range(3), *range(time)]] if time < 4 else ids[:, [*range(4), *range(4)] + list(range(4, time))]
    if kind != "left":
        return {"input_ids": ids.tolist()}
    lengths = draw.integers(1, time + 1, rows)
    lengths[0] = max(1, time // 2)
    mask = (torch.arange(time) >= time - torch.tensor(lengths)[:, None]).long()
    ids[mask.numpy() == 0] = padding or 0
    return {"input_ids": ids.tolist(), "attention_mask": mask.tolist()}


def make_ties(out, seed):
    """Heads in which ids share their rows: greedy search takes the smallest, beams are compared by score alone."""
    draw = source(seed, "ties")
    config = llama_config(draw, False, vocab_size=int(draw.integers(12, 30)) * 4)
    weights = random_weights(config, draw)
    count = config["vocab_size"]
    # As many ids share a row as there are beams, so that the choice among them decides no score.
    heads = {"doubled": weights.pop("lm_head.weight")[: count // 2].repeat_interleave(2, 0), "zero": torch.zeros(count, config["hidden_size"])}
    write_json(out / "generate/ties/config.json", config)
    write_safetensors(out / "generate/ties/model.safetensors", weights | {f"{name}.lm_head.weight": head for name, head in heads.items()})
    prompts = draw.integers(3, count, (int(draw.integers(1, 4)), int(draw.integers(4, 8)))).tolist()
    cases, new = {}, int(draw.integers(4, 9))
    for name, head in heads.items():
        double = cast(weights | {"lm_head.weight": head}, torch.float64)
        rows = [list(p) for p in prompts]
        for _ in range(new):
            logits = forward(double, config, torch.tensor(rows))[0][:, -1]
            for row, best in zip(rows, logits.max(-1, keepdim=True).values.sub(logits).lt(1e-9).long().argmax(-1).tolist()):
                row.append(best)
        beams = decoding.generate(double, config, {"num_beams": 2, "max_new_tokens": 4, "num_return_sequences": 2}, prompts)
        cases[name] = {"greedy_sequences": rows, "beam2_sequences": beams["sequences"], "beam2_scores": beams["sequences_scores"]}
    write_json(out / "generate/ties.json", {"seed": seed, "input_ids": prompts, "cases": cases})


def make_filters(out, seed):
    draw = source(seed, "filters")
    rows, vocabulary, seen = int(draw.integers(4, 10)), int(draw.integers(60, 150)), int(draw.integers(5, 15))
    previous = torch.tensor(draw.integers(0, vocabulary, (rows, seen)))
    numbers = lambda low, high: float(round(draw.uniform(low, high), 2))
    chosen = [
        {"temperature": numbers(0.3, 0.9)}, {"temperature": numbers(1.1, 3)}, {"top_k": 1}, {"top_k": int(draw.integers(2, 40))}, {"top_k": vocabulary + 5},
        {"top_p": numbers(0.05, 0.3)}, {"top_p": numbers(0.5, 0.98)}, {"top_p": 1.0}, {"min_p": numbers(0.02, 0.3)}, {"typical_p": numbers(0.1, 0.4)},
        {"typical_p": numbers(0.6, 0.98)}, {"repetition_penalty": numbers(1.1, 3)}, {"repetition_penalty": numbers(0.4, 0.9)},
        {"temperature": numbers(0.5, 2), "top_k": int(draw.integers(5, 50)), "top_p": numbers(0.5, 0.95)},
        {"repetition_penalty": numbers(1.1, 2), "temperature": numbers(0.5, 2), "typical_p": numbers(0.3, 0.9)},
        {"repetition_penalty": numbers(1.1, 2), "top_k": 30, "top_p": 0.9, "min_p": numbers(0.02, 0.1), "typical_p": numbers(0.7, 0.95)},
    ]  # fmt: skip
    spreads = torch.tensor(draw.uniform(0.3, 6, rows))
    settings = {"_".join(f"{key}_{value}" for key, value in some.items()): some for some in chosen}
    logits = torch.empty(rows, vocabulary)
    for row in range(rows):
        # Each row anew until no cut is near a candidate.
        while True:
            logits[row] = torch.tensor(draw.normal(0, 1, vocabulary)) * spreads[row]
            one = slice(row, row + 1)
            if min(decoding.filtered(logits[one].double(), previous[one], some)[1] for some in settings.values()) >= SMALLEST_CUT:
                break
    tensors, cases = {"logits": logits, "previous_ids": previous}, {}
    for name, some in settings.items():
        chances = decoding.filtered(logits.double(), previous, some)[0]
        tensors["probabilities." + name] = chances.float()
        cases[name] = {"settings": some, "kept_ids_per_row": (chances > 0).sum(1).tolist()}
    write_safetensors(out / "filters/filters.safetensors", tensors)
    write_json(out / "filters/filters.json", {"seed": seed, "cases": cases})
