"""OPT and Llama by their definitions, in plain torch.

Weights are a dict under Hugging Face's names; everything is computed in their type. A configuration is the dict of config.json.
"""

import torch
from torch.nn import functional


def forward(weights, config, ids, mask=None, fused=False):
    """Logits [batch, time, vocabulary] and the hidden states: input of the first layer, output of each, the last ready for the head."""
    states = (opt if config["model_type"] == "opt" else llama)(weights, config, ids, mask, fused)
    return functional.linear(states[-1], head(weights)), states


def head(weights):
    for name in ("lm_head.weight", "model.decoder.embed_tokens.weight", "model.embed_tokens.weight"):
        if name in weights:
            return weights[name]


def loss_of(logits, labels):
    """Mean negative log-likelihood of label t + 1 given logits t, where the label is not -100."""
    return functional.cross_entropy(logits[:, :-1].reshape(-1, logits.shape[-1]), labels[:, 1:].reshape(-1), ignore_index=-100)


def positions_of(mask):
    """Places among the attended tokens, -1 at padding."""
    return mask.cumsum(1) * mask - 1


def visible(ids, mask):
    """What each position may look at: [batch, 1, time, time]."""
    time = ids.shape[1]
    causal = torch.ones(time, time, dtype=torch.bool).tril()
    return causal[None, None] if mask is None else causal[None, None] & mask.bool()[:, None, None, :]


def attend(query, key, value, seen, fused):
    """Softmax attention over [batch, heads, time, head_dim]; fused: nothing between the factors and the result is rounded."""
    kind = query.dtype
    if fused:
        query, key, value = query.float(), key.float(), value.float()
    scores = (query @ key.transpose(-1, -2)).masked_fill(~seen, torch.finfo(query.dtype).min)
    wide = scores.dtype if scores.dtype == torch.float64 else torch.float32
    return (torch.softmax(scores, -1, dtype=wide).to(query.dtype) @ value).to(kind)


def split(x, heads):
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


def join(x):
    return x.transpose(1, 2).flatten(2)


def opt(weights, config, ids, mask, fused):
    at = lambda name: weights.get("model.decoder." + name)
    dense = lambda name, x: functional.linear(x, at(name + ".weight"), at(name + ".bias"))
    norm = lambda name, x: functional.layer_norm(x, x.shape[-1:], at(name + ".weight"), at(name + ".bias"), 1e-5)
    heads, before = config["num_attention_heads"], config["do_layer_norm_before"]
    seen = visible(ids, mask)
    places = positions_of(torch.ones_like(ids) if mask is None else mask)

    # The lookup of the padding id gives its row no gradient.
    x = functional.embedding(ids, at("embed_tokens.weight"), padding_idx=config["pad_token_id"])
    if at("project_in.weight") is not None:
        x = dense("project_in", x)
    x = x + functional.embedding(places + 2, at("embed_positions.weight"))
    states = [x]
    for layer in range(config["num_hidden_layers"]):
        part = f"layers.{layer}."
        y = norm(part + "self_attn_layer_norm", x) if before else x
        query = dense(part + "self_attn.q_proj", y) * (y.shape[-1] // heads) ** -0.5
        key, value = dense(part + "self_attn.k_proj", y), dense(part + "self_attn.v_proj", y)
        mixed = join(attend(split(query, heads), split(key, heads), split(value, heads), seen, fused))
        x = x + dense(part + "self_attn.out_proj", mixed)
        if not before:
            x = norm(part + "self_attn_layer_norm", x)
        y = norm(part + "final_layer_norm", x) if before else x
        x = x + dense(part + "fc2", torch.relu(dense(part + "fc1", y)))
        if not before:
            x = norm(part + "final_layer_norm", x)
        states.append(x)
    if before and not config.get("_remove_final_layer_norm"):
        x = norm("final_layer_norm", x)
    if at("project_out.weight") is not None:
        x = dense("project_out", x)
    states[-1] = x
    return states


def llama(weights, config, ids, mask, fused):
    at = lambda name: weights["model." + name + ".weight"]
    dense = lambda name, x: functional.linear(x, at(name))
    heads, groups, size = config["num_attention_heads"], config["num_key_value_heads"], config["head_dim"]
    seen = visible(ids, mask)

    def norm(name, x):
        wide = x if x.dtype == torch.float64 else x.float()
        return at(name) * (wide * torch.rsqrt((wide * wide).mean(-1, keepdim=True) + config["rms_norm_eps"])).to(x.dtype)

    def turned(x):
        """Rotates each pair of a first and a second half of a head by the angle of its position."""
        first, second = x.chunk(2, -1)
        return torch.cat([first * cos - second * sin, second * cos + first * sin], -1)

    x = functional.embedding(ids, at("embed_tokens"))
    # Frequencies are float32 as everywhere else; only a double computation has them in double.
    wide = torch.float64 if x.dtype == torch.float64 else torch.float32
    frequencies = config["rope_parameters"]["rope_theta"] ** -(torch.arange(0, size, 2, dtype=wide) / size)
    angles = torch.arange(ids.shape[1], dtype=wide)[:, None] * frequencies
    cos, sin = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    states = [x]
    for layer in range(config["num_hidden_layers"]):
        part = f"layers.{layer}."
        y = norm(part + "input_layernorm", x)
        query = turned(split(dense(part + "self_attn.q_proj", y), heads)) * size**-0.5
        key = turned(split(dense(part + "self_attn.k_proj", y), groups)).repeat_interleave(heads // groups, 1)
        value = split(dense(part + "self_attn.v_proj", y), groups).repeat_interleave(heads // groups, 1)
        x = x + dense(part + "self_attn.o_proj", join(attend(query, key, value, seen, fused)))
        y = norm(part + "post_attention_layernorm", x)
        x = x + dense(part + "mlp.down_proj", functional.silu(dense(part + "mlp.gate_proj", y)) * dense(part + "mlp.up_proj", y))
        states.append(x)
    states[-1] = norm("norm", x)
    return states


def shapes_of_opt(config):
    """Every parameter and its shape; the tied head is not one of its own."""
    width, inner, outer = config["hidden_size"], config["ffn_dim"], config["word_embed_proj_dim"]
    shapes = {"embed_tokens.weight": (config["vocab_size"], outer), "embed_positions.weight": (config["max_position_embeddings"] + 2, width)}
    if outer != width:
        shapes |= {"project_in.weight": (width, outer), "project_out.weight": (outer, width)}
    norms, denses = [], []
    for layer in range(config["num_hidden_layers"]):
        part = f"layers.{layer}."
        denses += [(part + f"self_attn.{name}_proj", width, width) for name in ("q", "k", "v", "out")]
        denses += [(part + "fc1", inner, width), (part + "fc2", width, inner)]
        norms += [part + "self_attn_layer_norm", part + "final_layer_norm"]
    if config["do_layer_norm_before"]:
        norms.append("final_layer_norm")
    for name, rows, columns in denses:
        shapes[name + ".weight"] = (rows, columns)
        if config["enable_bias"]:
            shapes[name + ".bias"] = (rows,)
    if config["layer_norm_elementwise_affine"]:
        for name in norms:
            shapes |= {name + ".weight": (width,), name + ".bias": (width,)}
    return {"model.decoder." + name: shape for name, shape in shapes.items()}


def shapes_of_llama(config):
    width, inner, size = config["hidden_size"], config["intermediate_size"], config["head_dim"]
    own, shared = config["num_attention_heads"] * size, config["num_key_value_heads"] * size
    shapes = {"embed_tokens": (config["vocab_size"], width), "norm": (width,)}
    for layer in range(config["num_hidden_layers"]):
        part = f"layers.{layer}."
        shapes |= {part + "self_attn.q_proj": (own, width), part + "self_attn.k_proj": (shared, width), part + "self_attn.v_proj": (shared, width)}
        shapes |= {part + "self_attn.o_proj": (width, own), part + "mlp.down_proj": (width, inner)}
        shapes |= {part + "mlp.gate_proj": (inner, width), part + "mlp.up_proj": (inner, width)}
        shapes |= {part + "input_layernorm": (width,), part + "post_attention_layernorm": (width,)}
    named = {f"model.{name}.weight": shape for name, shape in shapes.items()}
    return named if config["tie_word_embeddings"] else named | {"lm_head.weight": (config["vocab_size"], width)}


def random_weights(config, draw):
    """Far from the usual initialisation, so that nothing is near 0 or 1 by chance."""
    shapes = (shapes_of_opt if config["model_type"] == "opt" else shapes_of_llama)(config)
    weights = {}
    for name, shape in shapes.items():
        centre, spread = (1, 0.3) if "norm" in name and name.endswith("weight") else (0, 0.2) if name.endswith("bias") else (0, 0.3) if "embed" in name else (0, 0.25)
        weights[name] = torch.tensor(draw.normal(centre, spread, shape), dtype=torch.float32)
    return weights


def cast(weights, kind):
    return {name: tensor.to(kind) for name, tensor in weights.items()}
