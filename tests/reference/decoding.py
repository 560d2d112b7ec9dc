"""Greedy and beam search and the filters of sampling, by the rules of golden/README.md (sections generate/ and filters/)."""

import torch

from architectures import forward

NEVER = -1e9


def next_scores(weights, config, ids, mask):
    return forward(weights, config, ids, mask)[0][:, -1]


def generate(weights, config, settings, prompts, mask=None):
    """The result of a case: sequences, for beams their scores, and the margins by which they were decided."""
    ids = torch.tensor(prompts)
    mask = None if mask is None else torch.tensor(mask)
    with torch.no_grad():
        return (beams if settings.get("num_beams", 1) > 1 else greedy)(weights, config, settings, ids, mask)


def ends_of(settings):
    ends = settings.get("eos_token_id")
    return [] if ends is None else ends if isinstance(ends, list) else [ends]


def process(scores, settings, rows, mask, prompt_length):
    """Repetition penalty, n-gram ban, minimum length and suppressed ids, on logits or log-probabilities, in place."""
    penalty, size = settings.get("repetition_penalty") or 1.0, settings.get("no_repeat_ngram_size") or 0
    for row, ids in enumerate(rows):
        first = 0 if mask is None else int(mask[row].argmax())
        seen = sorted(set(ids[first:]))
        scores[row, seen] = torch.where(scores[row, seen] < 0, scores[row, seen] * penalty, scores[row, seen] / penalty)
        if size > 0 and len(ids) >= size - 1:
            last = ids[len(ids) - size + 1 :]
            banned = [ids[i + size - 1] for i in range(len(ids) - size + 1) if ids[i : i + size - 1] == last]
            scores[row, banned] = -torch.inf
        if len(ids) - prompt_length < (settings.get("min_new_tokens") or 0):
            scores[row, ends_of(settings)] = -torch.inf
    if settings.get("suppress_tokens"):
        scores[:, settings["suppress_tokens"]] = -torch.inf
    return scores


def grown(mask, count):
    """The mask of prompts after more tokens, all attended."""
    return None if mask is None else torch.cat([mask, torch.ones(mask.shape[0], count, dtype=mask.dtype)], 1)


def greedy(weights, config, settings, ids, mask):
    rows, margin = ids.tolist(), float("inf")
    length, ends = ids.shape[1], ends_of(settings)
    ended = [False] * len(rows)
    fill = settings.get("pad_token_id")
    fill = fill if fill is not None else ends[0] if ends else None
    for step in range(settings["max_new_tokens"]):
        scores = process(next_scores(weights, config, torch.tensor(rows), grown(mask, step)), settings, rows, mask, length)
        best = scores.topk(2, -1)
        for row, ids_of_row in enumerate(rows):
            if not ended[row]:
                margin = min(margin, float(best.values[row, 0] - best.values[row, 1]))
            ids_of_row.append(fill if ended[row] else int(best.indices[row, 0]))
            ended[row] = ended[row] or ids_of_row[-1] in ends
        if all(ended):
            break
    return {"sequences": rows, "smallest_margin": margin}


class Hypotheses:
    """The search of one prompt: beams that go on, sequences that are finished, the smallest gaps of its decisions."""

    def __init__(self, prompt, settings):
        self.width, self.length, self.settings = settings["num_beams"], len(prompt), settings
        self.penalty, self.rule = settings.get("length_penalty", 1.0), settings.get("early_stopping") or False
        self.running = [(0.0 if beam == 0 else NEVER, list(prompt)) for beam in range(self.width)]
        self.finished, self.done = [], False
        self.margins = dict.fromkeys(["running_beams", "finished_beams", "stopping", "final_order"], float("inf"))

    def gap(self, kind, kept, dropped):
        if min(kept, dropped) > NEVER / 2:
            self.margins[kind] = min(self.margins[kind], kept - dropped)

    def advance(self, scores):
        """One step, given the processed log-probabilities of its beams plus what they have so far: [beams, vocabulary]."""
        ends, vocabulary = ends_of(self.settings), scores.shape[1]
        count = max(2, 1 + len(ends)) * self.width
        best = scores.flatten().topk(min(count + 1, scores.numel()))
        candidates = [(value, self.running[at // vocabulary][1] + [at % vocabulary]) for value, at in zip(best.values.tolist(), best.indices.tolist())]
        new = len(candidates[0][1]) - self.length
        last = new >= self.settings["max_new_tokens"]
        stops = [last or ids[-1] in ends for _, ids in candidates]
        if not self.done:
            self.gap("running_beams", candidates[self.width - 1][0], candidates[self.width][0])
            self.finish([c for c, stop in zip(candidates[: self.width], stops) if stop], new)
        if last:
            return
        going = [c for c, stop in zip(candidates[:count], stops) if not stop]
        open_ones = [c for c, stop in zip(candidates, stops) if not stop]
        if not self.done and len(open_ones) > self.width:
            self.gap("running_beams", open_ones[self.width - 1][0], open_ones[self.width][0])
        self.running = going[: self.width]
        self.done = self.done or self.hopeless(new)

    def finish(self, ended, new):
        everything = sorted(self.finished + [(value / new**self.penalty, ids) for value, ids in ended], key=lambda f: -f[0])
        if len(everything) > self.width:
            self.gap("finished_beams", everything[self.width - 1][0], everything[self.width][0])
        self.finished = everything[: self.width]

    def hopeless(self, new):
        """Whether nothing better can come, by the rule of the case."""
        if len(self.finished) < self.width:
            return False
        if self.rule is True:
            return True
        tokens = self.settings["max_new_tokens"] if self.rule == "never" and self.penalty > 0 else new
        hope, worst = self.running[0][0] / tokens**self.penalty, self.finished[-1][0]
        self.margins["stopping"] = min(self.margins["stopping"], abs(hope - worst))
        return hope <= worst

    def returned(self):
        count = self.settings.get("num_return_sequences") or 1
        for (one, _), (other, _) in list(zip(self.finished, self.finished[1:]))[:count]:
            self.gap("final_order", one, other)
        return self.finished[:count]


def beams(weights, config, settings, ids, mask):
    searches = [Hypotheses(prompt, settings) for prompt in ids.tolist()]
    width, length = settings["num_beams"], ids.shape[1]
    masks = None if mask is None else mask.repeat_interleave(width, 0)
    for step in range(settings["max_new_tokens"]):
        rows = [beam[1] for search in searches for beam in search.running]
        scores = next_scores(weights, config, torch.tensor(rows), grown(masks, step)).log_softmax(-1)
        scores = process(scores, settings, rows, masks, length)
        sums = torch.tensor([beam[0] for search in searches for beam in search.running], dtype=scores.dtype)
        for search, own in zip(searches, (scores + sums[:, None]).split(width)):
            search.advance(own)
        if all(search.done for search in searches):
            break
    found = [one for search in searches for one in search.returned()]
    longest, ends = max(len(ids) for _, ids in found), ends_of(settings)
    fill = settings.get("pad_token_id") or (ends[0] if ends else None)
    margins = {kind: [search.margins[kind] for search in searches] for kind in searches[0].margins}
    return {
        "sequences": [ids + [fill] * (longest - len(ids)) for _, ids in found],
        "sequences_scores": [score for score, _ in found],
        "margins_per_row": margins,
        "smallest_margin": min(min(values) for values in margins.values()),
    }


def filtered(logits, previous, settings):
    """Probabilities that the filters leave of each row, and the smallest distance of a cut from the next candidate."""
    margin = float("inf")
    scores = process(logits.clone(), {"repetition_penalty": settings.get("repetition_penalty")}, previous.tolist(), None, 0)
    scores = scores / settings.get("temperature", 1.0)
    for name in ("top_k", "top_p", "min_p", "typical_p"):
        if name in settings:
            for row in range(len(scores)):
                kept, distance = KEPT[name](scores[row].softmax(-1), settings[name])
                scores[row, ~kept] = -torch.inf
                margin = min(margin, distance)
    return scores.softmax(-1), margin


def top_k(chances, k):
    values = chances.sort(descending=True).values
    if k >= len(values):
        return chances >= 0, float("inf")
    return chances >= values[k - 1], float(values[k - 1] / values[k] - 1) if values[k] > 0 else float("inf")


def top_p(chances, p):
    """From below, tokens go while what went is at most 1 - p; the largest always stays."""
    if p >= 1:
        return chances >= 0, float("inf")
    order = chances.argsort()
    gone = chances[order].cumsum(0)
    drop = gone <= 1 - p
    drop[-1] = False
    kept = torch.ones_like(drop)
    kept[order[drop]] = False
    return kept, float((gone[:-1] - (1 - p)).abs().min())


def min_p(chances, p):
    threshold = p * chances.max()
    return chances >= threshold, float((chances[chances > 0] - threshold).abs().min())


def typical_p(chances, p):
    """The tokens whose surprise is nearest to the entropy, until they hold the mass p; the one that crosses it is kept."""
    if p >= 1:
        return chances >= 0, float("inf")
    possible = chances > 0
    surprise = -chances[possible].log()
    distance = torch.full_like(chances, torch.inf)
    distance[possible] = (surprise - (chances[possible] * surprise).sum()).abs()
    order = distance.argsort()
    mass = chances[order].cumsum(0)
    last = min(int((mass < p).sum()), int(possible.sum()) - 1)
    cut = distance[order[last]]
    beyond = distance[distance > cut]
    step = float((mass[: int(possible.sum()) - 1] - p).abs().min()) if possible.sum() > 1 else float("inf")
    return distance <= cut, min(step, float(beyond.min() - cut) if len(beyond) else float("inf"))


KEPT = {"top_k": top_k, "top_p": top_p, "min_p": min_p, "typical_p": typical_p}
