"""Makes opt/, llama/ and gguf/: random models in every container, and what they compute."""

from collections import OrderedDict

import torch

import gguf_files
from architectures import cast, forward, loss_of, positions_of, random_weights
from files import made, source, write_json, write_safetensors

TIED = "model.decoder.embed_tokens.weight"


def opt_config(draw, heads=None, size=None, **special):
    heads, size = heads or int(draw.integers(2, 7)), size or int(draw.choice([4, 6, 8, 10]))
    config = {
        "_remove_final_layer_norm": False, "activation_function": "relu", "architectures": ["OPTForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 2,
        "do_layer_norm_before": True, "dropout": 0.0, "dtype": "float32", "enable_bias": True, "eos_token_id": 2, "ffn_dim": int(draw.integers(30, 120)),
        "hidden_size": heads * size, "init_std": 0.02, "layer_norm_elementwise_affine": True, "layerdrop": 0.0,
        "max_position_embeddings": int(draw.integers(48, 100)), "model_type": "opt", "num_attention_heads": heads, "num_hidden_layers": int(draw.integers(1, 4)),
        "pad_token_id": 1, "tie_word_embeddings": True, "use_cache": True, "vocab_size": int(draw.integers(90, 200)), "word_embed_proj_dim": heads * size,
    }  # fmt: skip
    return config | special


def llama_config(draw, tied, **special):
    groups, repeats, size = int(draw.integers(1, 4)), int(draw.integers(1, 4)), int(draw.choice([4, 6, 8, 10, 16]))
    heads = groups * repeats
    config = {
        "architectures": ["LlamaForCausalLM"], "attention_bias": False, "attention_dropout": 0.0, "bos_token_id": 1, "dtype": "float32",
        "eos_token_id": 2, "head_dim": size, "hidden_act": "silu", "hidden_size": heads * size if tied else int(draw.integers(20, 60)),
        "initializer_range": 0.02, "intermediate_size": int(draw.integers(40, 100)), "max_position_embeddings": int(draw.integers(70, 140)), "mlp_bias": False,
        "model_type": "llama", "num_attention_heads": heads, "num_hidden_layers": int(draw.integers(1, 4)), "num_key_value_heads": groups, "pad_token_id": None,
        "pretraining_tp": 1, "rms_norm_eps": float(draw.choice([1e-5, 1e-6, 2e-6])),
        "rope_parameters": {"rope_theta": float(draw.choice([5000.0, 10000.0, 100000.0, 500000.0])), "rope_type": "default"},
        "tie_word_embeddings": tied, "use_cache": True, "vocab_size": int(draw.integers(90, 200)),
    }  # fmt: skip
    return config | special


def old_style(config, **special):
    """The same as older versions of transformers wrote it."""
    old = {key: value for key, value in config.items() if key not in ("dtype", "rope_parameters", "enable_bias", "layer_norm_elementwise_affine", "tie_word_embeddings")}
    old |= {"torch_dtype": config["dtype"], "transformers_version": "4.21.0.dev0"}
    if config["model_type"] == "llama":
        old |= {"rope_theta": config["rope_parameters"]["rope_theta"], "rope_scaling": None, "tie_word_embeddings": config["tie_word_embeddings"]}
        if config["num_attention_heads"] * config["head_dim"] == config["hidden_size"]:
            del old["head_dim"]  # older files leave it out
    return dict(sorted((old | special).items()))


def batches(config, draw, names):
    """Ids, masks and labels of every case: a fifth of the labels is left out, and those that only padding could predict."""
    padding = config["pad_token_id"] or 0
    for name in names:
        rows, time = int(draw.integers(1, 5)), int(draw.integers(6, 20))
        ids, mask = torch.tensor(draw.integers(3, config["vocab_size"], (rows, time))), None
        if name.startswith("pad_id_inside"):
            ids[torch.tensor(draw.random((rows, time)) < 0.3)] = padding
            ids[0, 1] = padding
        labels = ids.clone()
        labels[torch.tensor(draw.random((rows, time)) < 0.2)] = -100
        if name.startswith(("left", "right")):
            lengths = torch.tensor(draw.integers(3, time + 1, rows))[:, None]
            place = torch.arange(time)[None]
            mask = (place < lengths if name.startswith("right") else place >= time - lengths).long()
            ids[mask == 0], labels[mask == 0] = padding, -100
            if name.startswith("left"):
                labels[place == time - lengths] = -100
        labels[0, -1 if mask is None or mask[0, -1] else int(mask[0].sum()) - 1] = 5  # at least one counts
        yield name, ids, mask, labels


def expected(weights, config, draw, names, brief=False):
    """Everything compared with a model, and how far float32 is from float64."""
    tensors, errors = {}, {}
    for name, ids, mask, labels in batches(config, draw, names):
        found = {"input_ids": ids, "labels": labels}
        if mask is not None:
            found["attention_mask"] = mask
            if config["model_type"] == "opt":
                found["position_ids"] = positions_of(mask)
        attended = (torch.ones_like(ids) if mask is None else mask).bool()[..., None]
        single = {key: tensor.detach().clone().requires_grad_() for key, tensor in cast(weights, torch.float32).items()}
        double = cast(weights, torch.float64)
        logits, states = forward(single, config, ids, mask)
        exact = forward(double, config, ids, mask)[0] * attended
        loss = loss_of(logits, labels)
        loss.backward()
        found |= {"logits": logits.detach(), "logits_float64": exact, "loss": loss.detach()}
        if not brief:
            found |= {f"hidden_states.{i}": state.detach() for i, state in enumerate(states)}
            if name.startswith("pad_id_inside"):
                found["grad." + TIED] = single[TIED].grad
            elif not name.startswith("right"):
                found |= {"grad." + key: tensor.grad for key, tensor in single.items()}
        tensors |= {f"{name}.{key}": value for key, value in found.items()}
        errors[name] = {
            "logits": float(((logits - exact) * attended).abs().max()),
            "loss": abs(float(loss) - float(loss_of(exact, labels))),
            "largest_abs_logit": float((logits * attended).abs().max()),
            "loss_value": float(loss),
        }
    return tensors, errors


def save_bin(path, tensors):
    torch.save(OrderedDict(tensors), made(path))


def save_both(folder, config, weights):
    write_json(folder / "config.json", config)
    write_safetensors(folder / "model.safetensors", weights)
    save_bin(folder / "pytorch_model.bin", weights | {"lm_head.weight": weights[TIED]})


def save_shards(folder, config, weights, count):
    write_json(folder / "config.json", config)
    names = sorted(weights)
    parts = [names[i * len(names) // count : (i + 1) * len(names) // count] for i in range(count)]
    size = sum(tensor.numel() * tensor.element_size() for tensor in weights.values())
    for start, end, save in (("model", "safetensors", write_safetensors), ("pytorch_model", "bin", save_bin)):
        files = [f"{start}-{i + 1:05}-of-{count:05}.{end}" for i in range(count)]
        for file, part in zip(files, parts):
            save(folder / file, {name: weights[name].clone() for name in part})
        index = {"metadata": {"total_size": size}, "weight_map": {name: file for file, part in zip(files, parts) for name in part}}
        write_json(folder / f"{start}.{end}.index.json", index)


def rearranged(weights, config, draw):
    """The same values as views of larger storages, and where each lies."""
    views, layout = {}, {}
    width = config["hidden_size"]
    row = torch.tensor(draw.normal(0, 1, sum(t.numel() + 5 for n, t in weights.items() if n.endswith(("fc1.bias", "fc2.bias"))) + 7), dtype=torch.float32).to(weights[TIED].dtype)
    at = 4
    for name, tensor in weights.items():
        if "_proj.weight" in name and ".k_proj" in name:
            # Values first, queries last, between rows that belong to none.
            fused = torch.cat([weights[name.replace("k_proj", part)] for part in ("v_proj", "k_proj", "q_proj")] + [tensor[:2] * 0 + 9])
            for i, part in enumerate(("v_proj", "k_proj", "q_proj")):
                views[name.replace("k_proj", part)] = fused[i * width : (i + 1) * width]
            continue
        if ".q_proj.weight" in name or ".v_proj.weight" in name:
            continue
        if name.endswith("fc1.weight"):
            views[name] = torch.cat([tensor[:1], tensor]).t().contiguous().t()[1:]  # transposed, and not from the start
        elif name.endswith("fc2.weight"):
            step = int(draw.integers(2, 5))
            spread = torch.full((tensor.shape[0], tensor.shape[1] * step), 7.0, dtype=tensor.dtype)
            spread[:, 1::step] = tensor
            views[name] = spread[:, 1::step]
        elif name.endswith(("fc1.bias", "fc2.bias")):
            row[at : at + tensor.numel()] = tensor
            views[name] = row[at : at + tensor.numel()]
            at += tensor.numel() + 5
        elif name.endswith("embed_positions.weight"):
            views[name] = torch.cat([tensor, tensor]).view(2, *tensor.shape).transpose(0, 1).contiguous()[:, 1]
        elif name.endswith("layer_norm.bias"):
            views[name] = tensor[:1].clone().expand(tensor.shape)
        else:
            views[name] = tensor.clone()
    views["lm_head.weight"] = views[TIED]
    for name, view in views.items():
        layout[name] = {"shape": list(view.shape), "stride": list(view.stride()), "storage_offset": view.storage_offset(), "storage_elements": len(view.storage())}
    return views, layout


def make_opt(out, seed):
    draw, errors = source(seed, "opt"), {}
    cases = ["none", "right", "left", "pad_id_inside"] + (["left_again", "right_again"] if seed % 2 else ["none_again"])

    def model(name, kind=torch.float32, brief=False, names=cases, **special):
        config = opt_config(draw, **special) | {"dtype": str(kind).removeprefix("torch.")}
        weights = cast(random_weights(config, draw), kind)
        save_both(out / "opt" / name, config, weights)
        tensors, errors[name] = expected(weights, config, draw, names, brief)
        write_safetensors(out / "opt" / name / "expected.safetensors", tensors)
        return config, weights

    plain, weights = model("pre-norm", heads=int(draw.integers(3, 6)), num_hidden_layers=2, max_position_embeddings=int(draw.integers(60, 100)))
    outer = int(draw.integers(10, 60))
    model("post-norm-projected", do_layer_norm_before=False, word_embed_proj_dim=outer)
    model("pre-norm-projected", word_embed_proj_dim=outer + 3)
    model("post-norm", do_layer_norm_before=False)
    model("no-bias", enable_bias=False, layer_norm_elementwise_affine=False)
    model("no-bias-but-norms", enable_bias=False)
    model("plain-norms", layer_norm_elementwise_affine=False, do_layer_norm_before=bool(seed % 2))
    for kind in (torch.float16, torch.bfloat16):
        model({torch.float16: "fp16", torch.bfloat16: "bf16"}[kind], kind, brief=True, names=["none", "left"])

    kind = [torch.float32, torch.float16, torch.bfloat16][seed % 3]
    config = opt_config(draw) | {"dtype": str(kind).removeprefix("torch.")}
    own = random_weights(config, draw)
    for name in own:
        if name.endswith("layer_norm.bias"):
            own[name] = own[name][:1].expand_as(own[name]).clone()
    own = cast(own, kind)
    save_both(out / "opt/shared-storage", config, own)
    views, layout = rearranged(own, config, draw)
    save_bin(out / "opt/shared-storage/pytorch_model.bin", views)
    write_json(out / "opt/shared-storage/layout.json", layout)
    tensors, errors["shared-storage"] = expected(own, config, draw, ["none"], brief=True)
    write_safetensors(out / "opt/shared-storage/expected.safetensors", tensors)

    same = ["sharded", "one-shard", "legacy-names/decoder-prefix", "legacy-names/model-decoder-lm-head"]
    save_shards(out / "opt/sharded", plain, weights, int(draw.integers(2, 7)))
    save_shards(out / "opt/one-shard", plain, weights, 1)
    for name in same[2:]:
        write_json(out / "opt" / name / "config.json", old_style(plain, dropout=0.1, prefix="</s>"))
    save_bin(out / "opt" / same[2] / "pytorch_model.bin", {name.removeprefix("model."): tensor for name, tensor in weights.items()})
    head = torch.nn.Parameter(weights[TIED].clone())
    save_bin(out / "opt" / same[3] / "pytorch_model.bin", weights | {"lm_head.weight": head})
    write_json(out / "opt/summary.json", {"seed": seed, "error_of_float32_against_float64": errors, "same_weights_as_pre_norm": same})


def make_llama(out, seed):
    draw, errors = source(seed, "llama"), {}
    for name, config in {
        "tied": llama_config(draw, True, num_hidden_layers=2, max_position_embeddings=100),
        "untied": llama_config(draw, False, pad_token_id=0),
        "untied-too": llama_config(draw, False, eos_token_id=[2, 7]),
        "half": llama_config(draw, True, dtype="float16"),
        "brain": llama_config(draw, False, dtype="bfloat16"),
    }.items():
        weights = cast(random_weights(config, draw), getattr(torch, config["dtype"]))
        folder = out / "llama" / name
        write_json(folder / "config.json", config)
        write_json(folder / "config.old-style.json", old_style(config))
        write_safetensors(folder / "model.safetensors", weights)
        tensors, errors[name] = expected(weights, config, draw, ["none", "right", "left"] + ["left_again"] * (seed % 2))
        write_safetensors(folder / "expected.safetensors", tensors)
    write_json(out / "llama/summary.json", {"seed": seed, "error_of_float32_against_float64": errors})


def make_gguf(out, seed):
    draw = source(seed, "gguf")
    tied = seed % 2 == 0
    sizes = [(2, 1, 16), (4, 2, 16), (8, 2, 8), (4, 4, 8), (6, 3, 16)][int(draw.integers(0, 5))]
    config = llama_config(draw, tied, dtype="float32") | {
        "num_attention_heads": sizes[0], "num_key_value_heads": sizes[1], "head_dim": sizes[2], "hidden_size": sizes[0] * sizes[2],
        "intermediate_size": 32 * int(draw.integers(1, 5)), "num_hidden_layers": int(draw.integers(1, 4)), "vocab_size": int(draw.integers(40, 90)),
    }  # fmt: skip
    weights = random_weights(config, draw)
    write_json(out / "gguf/original/config.json", config)
    write_safetensors(out / "gguf/original/model.safetensors", weights)
    ids = torch.tensor(draw.integers(0, config["vocab_size"], (int(draw.integers(1, 4)), int(draw.integers(8, 30)))))
    metadata = gguf_files.metadata_of(config) | ({"general.alignment": 64, "general.tags": ["tiny", "näh"], "general.odd": [1.5, 2.5]} if seed % 2 else {})
    before = forward(weights, config, ids)[0]
    types = {}
    for kind in ("F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1"):
        tensors = {}
        for there, here in gguf_files.names_of(config).items():
            heads, values = gguf_files.heads_of(there, config), weights[there]
            values = values if heads is None else gguf_files.interleaved(values, heads)
            own = "F32" if values.dim() == 1 else "Q8_0" if seed % 3 == 0 and kind == "Q4_1" and "token_embd" in here else kind
            tensors[here] = (own, list(values.shape), gguf_files.quantised(own, values))
        path = out / f"gguf/tiny-{kind}.gguf"
        gguf_files.write_gguf(path, metadata, tensors)
        data, stored = gguf_files.read_gguf(path)
        read = gguf_files.config_of(data, stored)
        dequantised = gguf_files.weights_of(stored, read)
        logits = forward(dequantised, read, ids)[0]
        found = {"input_ids": ids, "logits": logits, "logits_original": before}
        found |= {"gguf_order." + here: values for here, (_, values) in stored.items() if "attn_q." in here or "attn_k." in here}
        if kind != "F32":
            found |= {"hf." + name: values for name, values in dequantised.items()}
        write_safetensors(out / f"gguf/tiny-{kind}.expected.safetensors", found)
        del read["model_type"]
        types[kind] = {"max_abs_logit_difference_from_the_original": float((logits - before).abs().max()), "config_as_transformers_reads_it": read}
    write_json(out / "gguf/summary.json", {"seed": seed, "types": types, "blocks": make_blocks(out, draw)})


def make_blocks(out, draw):
    tensors, described = {}, {}
    for kind, (_, elements, _) in gguf_files.TYPES.items():
        if elements > 1:
            shape = [int(draw.integers(1, 8)), elements * int(draw.integers(1, 5))]
            name = f"random_{kind.lower()}"
            tensors[name] = (kind, shape, gguf_files.random_blocks(kind, *shape, draw))
            described[name] = {"type": kind, "shape_rows_columns": shape}
    gguf_files.write_gguf(out / "gguf/blocks.gguf", {"general.architecture": "llama"}, tensors)
    values = {name: values for name, (_, values) in gguf_files.read_gguf(out / "gguf/blocks.gguf")[1].items()}
    write_safetensors(out / "gguf/blocks.expected.safetensors", values)
    return described
