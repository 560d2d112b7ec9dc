"""Makes adamw/: steps of torch's AdamW three ways, and perplexities of the result."""

import torch

from architectures import cast, forward, loss_of
from files import read_json, read_safetensors, source, write_json, write_safetensors

CHECKPOINTS = ["opt/pre-norm", "llama/tied", "opt/post-norm-projected"]


def optimiser(parameters, settings):
    return torch.optim.AdamW(parameters, settings["lr"], tuple(settings["betas"]), settings["eps"], settings["weight_decay"], foreach=False)


def loss_on(weights, config, ids, fused=False):
    logits = forward(weights, config, ids, fused=fused)[0]
    return loss_of(logits if logits.dtype == torch.float64 else logits.float(), ids)


def follow(weights, config, batches, settings, rates=None, clip=None, fused=False):
    """Losses before each update, gradient norms, weights after the first step and at the end, and the loss on the last batch then."""
    own = {name: tensor.detach().clone().requires_grad_() for name, tensor in weights.items()}
    steps = optimiser(own.values(), settings)
    found = {"losses": [], "norms": []}
    for i, ids in enumerate(batches):
        steps.zero_grad()
        loss = loss_on(own, config, ids, fused)
        loss.backward()
        found["losses"].append(float(loss))
        norm = torch.nn.utils.clip_grad_norm_(own.values(), clip or float("inf"))
        found["norms"].append(float(norm))
        if rates:
            steps.param_groups[0]["lr"] = rates[i]
        steps.step()
        if i == 0:
            found["first"] = {name: tensor.detach().clone() for name, tensor in own.items()}
    found["weights"] = {name: tensor.detach() for name, tensor in own.items()}
    found["last"] = float(loss_on(found["weights"], config, batches[-1], fused))
    return found


def follow_in_bfloat16(weights, config, batches, settings, fused):
    """Everything bfloat16 but the masters, which the optimiser moves."""
    masters = {name: tensor.detach().clone().requires_grad_() for name, tensor in weights.items()}
    steps, losses = optimiser(masters.values(), settings), []
    for ids in batches:
        rounded = {name: tensor.detach().bfloat16().requires_grad_() for name, tensor in masters.items()}
        loss = loss_on(rounded, config, ids, fused)
        loss.backward()
        losses.append(float(loss))
        for name, tensor in masters.items():
            tensor.grad = rounded[name].grad.float()
        steps.step()
    rounded = {name: tensor.detach().bfloat16() for name, tensor in masters.items()}
    with torch.no_grad():
        return losses, float(loss_on(rounded, config, batches[-1], fused))


def linear(rate, warm, count):
    return [rate * (i / warm if i < warm else (count - i) / (count - warm)) for i in range(count)]


def largest(one, other):
    return max(abs(a - b) for a, b in zip(one, other))


def strays(one, other):
    names = [name for name in one if not name.endswith("k_proj.bias")]
    return sum(int(((one[name] - other[name]).abs() > 1e-5).sum()) for name in names)


def steady(found, weights, config, batches, settings, draw, **special):
    """How far runs that differ by roundings alone come from this one: (losses, norms, elements of the weights)."""
    shaken = {name: tensor * torch.tensor(1 + 6e-8 * draw.choice([-1.0, 1.0], tuple(tensor.shape)), dtype=torch.float32) for name, tensor in weights.items()}
    others = [follow(cast(weights, torch.float64), config, batches, settings, **special), follow(shaken, config, batches, settings, fused=True, **special)]
    return (
        max(max(largest(found["losses"], other["losses"]), abs(found["last"] - other["last"])) for other in others),
        max(largest(found["norms"], other["norms"]) for other in others),
        max(max(strays(found["weights"], other["weights"]), strays(found["first"], other["first"])) for other in others),
    )


def make_adamw(out, seed):
    """Batches are drawn anew until rounding decides nothing: Adam turns a gradient near eps into a step of any size."""
    draw = source(seed, "adamw")
    checkpoint = CHECKPOINTS[seed % 3]
    config, weights = read_json(out / checkpoint / "config.json"), read_safetensors(out / checkpoint / "model.safetensors")
    settings = {
        "steps": int(draw.integers(20, 45)), "lr": float(draw.choice([5e-4, 1e-3, 2e-3])), "betas": [float(draw.choice([0.85, 0.9])), float(draw.choice([0.99, 0.999]))],
        "eps": float(draw.choice([1e-8, 1e-7, 1e-6])), "weight_decay": float(draw.choice([0.0, 0.01, 0.1])),
        "batch_shape": [int(draw.integers(2, 7)), int(draw.integers(8, 24))],
    }  # fmt: skip
    count, warm, clip = settings["steps"], int(draw.integers(3, 12)), float(draw.choice([0.5, 1.0, 3.0]))
    rates = linear(settings["lr"], warm, count)
    for attempt in range(40):
        batches = torch.tensor(draw.integers(3, config["vocab_size"], (count, *settings["batch_shape"])))
        one = follow(weights, config, batches, settings)
        two = follow(weights, config, batches, settings, rates, clip)
        errors = [steady(one, weights, config, batches, settings, draw), steady(two, weights, config, batches, settings, draw, rates=rates, clip=clip)]
        if all(losses < 3e-6 and norms < 4e-6 and elements <= 3 for losses, norms, elements in errors):
            three = [follow_in_bfloat16(weights, config, batches, settings, fused) for fused in (False, True)]
            if largest(three[0][0], three[1][0]) < 0.02:
                break
    else:
        raise SystemExit(f"adamw: no batches of seed {seed} leave the runs undisturbed by rounding.")

    tensors = {"batches": batches} | evaluation_blocks(config, settings, draw)
    for prefix, some in (("i.after_step_1.", one["first"]), ("i.final.", one["weights"]), ("ii.final.", two["weights"])):
        tensors |= {prefix + name: tensor for name, tensor in some.items()}
    write_safetensors(out / "adamw/trajectory.safetensors", tensors)
    write_json(out / "adamw/expected.json", {
        "seed": seed, "attempts": attempt + 1, "checkpoint": checkpoint, "settings": settings,
        "i": {"schedule": "constant", "losses": one["losses"], "final_loss_on_last_batch": one["last"]},
        "ii": {
            "schedule": f"linear warm-up over {warm} steps from 0, then linear decay to 0 at step {count}", "lr_used": rates, "clip_max_norm": clip,
            "grad_norm_before_clipping": two["norms"], "losses": two["losses"], "final_loss_on_last_batch": two["last"],
        },
        "iii": {
            "losses": three[0][0], "final_loss_on_last_batch": three[0][1],
            "losses_with_sdpa_attention": three[1][0], "final_loss_with_sdpa_attention": three[1][1],
        },
        "evaluation_of_the_final_weights_of_i": evaluated(one["weights"], config, tensors, draw),
        "errors_of_runs_that_differ_by_rounding": {"i": errors[0], "ii": errors[1]},
    })  # fmt: skip


def evaluation_blocks(config, settings, draw):
    count, time = int(draw.integers(5, 14)), settings["batch_shape"][1]
    return {"eval_blocks": torch.tensor(draw.integers(3, config["vocab_size"], (count, time))), "eval_lengths": torch.tensor(draw.integers(3, time + 1, count))}


def evaluated(weights, config, tensors, draw):
    count = len(tensors["eval_blocks"])
    sizes = []
    while sum(sizes) < count:
        sizes.append(min(int(draw.integers(1, 6)), count - sum(sizes)))
    return {
        "equal_lengths": perplexities(weights, config, list(tensors["eval_blocks"]), sizes),
        "unequal_lengths": perplexities(weights, config, [b[:n] for b, n in zip(tensors["eval_blocks"], tensors["eval_lengths"].tolist())], sizes),
    }


def perplexities(weights, config, blocks, sizes):
    with torch.no_grad():
        sums = torch.stack([loss_of(forward(weights, config, b[None])[0].double(), b[None]) * (len(b) - 1) for b in blocks])
    tokens = torch.tensor([len(b) - 1 for b in blocks])
    each = (sums / tokens).exp()
    losses = [float(s.sum() / n.sum()) for s, n in zip(sums.split(sizes), tokens.split(sizes))]
    mean = float(sums.sum() / tokens.sum())
    return {
        "predicted_tokens_per_block": tokens.tolist(), "block_perplexity": each.tolist(), "block_perplexity_mean": float(each.mean()),
        "block_perplexity_std_ddof0": float(each.std(unbiased=False)), "block_perplexity_std_ddof1": float(each.std()),
        "token_weighted_mean_nll": mean, "token_weighted_perplexity": float(torch.tensor(mean).double().exp()),
        f"batch_losses_of_{'_'.join(map(str, sizes))}_blocks": losses,
        "mean_of_batch_losses_perplexity": float(torch.tensor(losses, dtype=torch.float64).mean().exp()),
    }  # fmt: skip
