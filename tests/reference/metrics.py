#!/usr/bin/env python3
"""Writes a second set of reference values for metrics, of the layout that tests/golden/metrics/README.md describes.

    python3 tests/reference/metrics.py OUT --seed N [--text FILE] [--golden FOLDER] [--only FILE ...]

Sizes, settings, names and numbers of cases depend on the seed. Values come from Debian's NumPy, SciPy, scikit-learn, statsmodels, NLTK,
POT and mpmath, or from their formulas; tests/reference/README.md says which. Nothing here knows the C# library.
"""

import argparse
import gzip
import json
import math
import os
import platform
import re
import struct
import warnings
import zlib
from collections import Counter
from fractions import Fraction
from importlib.metadata import version
from itertools import combinations, product
from pathlib import Path

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

import mpmath
import numpy as np
import ot
import pandas
import scipy.linalg
import scipy.stats as st
from nltk.translate.bleu_score import SmoothingFunction, corpus_bleu, sentence_bleu
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.spatial.distance import cdist, jensenshannon, pdist
from scipy.special import gammaln, logsumexp, loggamma, ndtr, ndtri, psi, rel_entr
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.mixture import GaussianMixture
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
DATA = Path(os.environ.get("MODEL_COLLAPSE_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))


# ---------------------------------------------------------------- shared

def plain(value):
    """What JSON can hold: lists for arrays, strings for what is not finite."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(v) for v in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating, mpmath.mpf)):
        value = float(value)
        if math.isnan(value):
            return "NaN"
        return value if math.isfinite(value) else ("Infinity" if value > 0 else "-Infinity")
    return value


def rounded(values, digits):
    return np.round(np.asarray(values, float), digits) + 0.0


def between(rng, low, high):
    """An integer of [low, high]."""
    return int(rng.integers(low, high + 1))


def one_of(rng, *choices):
    return choices[rng.integers(len(choices))]


def covariance(rng, d, digits=6):
    root = rng.normal(size=(d, d + 2))
    return rounded(root @ root.T / (d + 2), digits)


def distribution(rng, k, zeros=0, sharpness=0.6, digits=6):
    """A rounded distribution of which `zeros` states have none; the largest takes what rounding left."""
    p = rng.dirichlet(np.full(k, sharpness))
    p[rng.choice(k, zeros, replace=False)] = 0
    p = rounded(p / p.sum(), digits)
    p[p.argmax()] = round(p.max() + 1 - p.sum(), digits)
    return p


# ---------------------------------------------------------------- text_diversity.json

def articles(path):
    """Paragraphs of a WikiText file as lists of tokens."""
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        tokens = line.split()
        if len(tokens) > 60 and tokens[0] != "=":
            yield tokens


def grams(text, n):
    return [tuple(text[i:i + n]) for i in range(len(text) - n + 1)]


def entropy_of(items):
    return float(st.entropy(list(Counter(items).values())))


def distinct(texts, n):
    pooled = [g for t in texts for g in grams(t, n)]
    shares = [len(set(g)) / len(g) for g in (grams(t, n) for t in texts) if g]
    if not pooled:
        return {f"distinct_{n}_pooled": None, f"distinct_{n}_mean_per_text": None, f"seq_rep_{n}": None}
    return {
        f"distinct_{n}_pooled": len(set(pooled)) / len(pooled),
        f"distinct_{n}_mean_per_text": float(np.mean(shares)),
        f"seq_rep_{n}": float(np.mean([1 - s for s in shares])),
    }


def self_bleu(texts, n):
    smooth, weights = SmoothingFunction().method1, (1 / n,) * n
    others = [texts[:i] + texts[i + 1:] for i in range(len(texts))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        each = [float(sentence_bleu(o, t, weights=weights, smoothing_function=smooth)) for o, t in zip(others, texts)]
        return each, float(corpus_bleu(others, texts, weights=weights, smoothing_function=smooth))


def factors(tokens, threshold):
    """Number of MTLD factors in one direction."""
    closed, seen, count = 0.0, set(), 0
    for token in tokens:
        seen.add(token)
        count += 1
        if len(seen) / count <= threshold:
            closed, seen, count = closed + 1, set(), 0
    if count:
        closed += (1 - len(seen) / count) / (1 - threshold)
    return closed or 1.0


def mtld(tokens, threshold):
    return sum(len(tokens) / factors(t, threshold) for t in (tokens, tokens[::-1])) / 2


def hdd(tokens, draws):
    """None for a text shorter than the draws."""
    n = len(tokens)
    if n < draws:
        return None
    absent = [Fraction(math.comb(n - c, draws), math.comb(n, draws)) for c in Counter(tokens).values()]
    return float(sum(1 - a for a in absent) / draws)


def zipf(tokens, top):
    counts = sorted(Counter(tokens).values(), reverse=True)[:top]
    fit = st.linregress(np.log(np.arange(1, len(counts) + 1)), np.log(counts))
    return {"top": top, "ranks_used": len(counts), "slope": fit.slope, "coefficient": -fit.slope, "intercept": fit.intercept, "r": fit.rvalue}


def heaps(tokens):
    seen, sizes = set(), []
    for token in tokens:
        seen.add(token)
        sizes.append(len(seen))
    fit = st.linregress(np.log(np.arange(1, len(sizes) + 1)), np.log(sizes))
    return {"beta": fit.slope, "K": math.exp(fit.intercept), "r": fit.rvalue}


def compression(texts):
    raw = "\n".join(" ".join(t) for t in texts).encode()
    z, g = len(zlib.compress(raw, 9)), len(gzip.compress(raw, 9, mtime=0))
    return {"raw_bytes": len(raw), "zlib_bytes": z, "gzip_bytes": g, "ratio_zlib": len(raw) / z, "ratio_gzip": len(raw) / g}


def diversity(texts, settings, tops=None, lexical=True):
    tokens = [w for t in texts for w in t]
    expected = {
        "token_count": len(tokens), "vocabulary_size": len(set(tokens)), "type_token_ratio": len(set(tokens)) / len(tokens),
        "unigram_entropy_nats": entropy_of(tokens), "bigram_entropy_nats": entropy_of(g for t in texts for g in grams(t, 2)),
    }
    for n in range(1, 5):
        expected |= distinct(texts, n)
    for n in range(2, 6):
        each, corpus = self_bleu(texts, n)
        expected |= {f"self_bleu_{n}": float(np.mean(each)), f"self_bleu_{n}_corpus_level": corpus}
        if n == 4:
            expected["self_bleu_4_per_text"] = each
    if lexical:
        threshold = settings["mtld_threshold"]
        expected |= {"mtld": mtld(tokens, threshold), "hdd": hdd(tokens, settings["hdd_draws"]), "mtld_per_text": [mtld(t, threshold) for t in texts]}
    if tops:
        expected |= {"zipf": [zipf(tokens, top) for top in tops], "heaps": heaps(tokens)}
    return expected | {"compression": compression(texts)}


def looping(rng, texts):
    """Each text: one of a few prefixes, then a loop of the prefix's last tokens."""
    prefixes, result = [t[:between(rng, 4, 9)] for t in texts[:5]], []
    for t in texts:
        prefix = prefixes[rng.integers(len(prefixes))]
        loop = prefix[-between(rng, 1, 4):]
        result.append((prefix + loop * len(t))[:len(t)])
    return result


def shuffled(rng, texts):
    tokens = [w for t in texts for w in t]
    order, at, result = rng.permutation(len(tokens)), 0, []
    for t in texts:
        result.append([tokens[i] for i in order[at:at + len(t)]])
        at += len(t)
    return result


def text_diversity(rng, options):
    settings = {"mtld_threshold": one_of(rng, 0.6, 0.66, 0.75, 0.8), "hdd_draws": between(rng, 20, 60), "bleu_smoothing": "method1, epsilon 0.1", "zlib_runtime": zlib.ZLIB_RUNTIME_VERSION}
    paragraphs = list(articles(options.text))
    chosen = [paragraphs[i] for i in rng.choice(len(paragraphs), between(rng, 24, 44), replace=False)]
    written = [p[s:s + between(rng, 9, 55)] for p in chosen for s in [between(rng, 0, 5)]]
    few, words = [p[:between(rng, 30, 50)] for p in chosen[:2]], chosen[0]
    short = [[words[0]], words[:2], [words[1]] * between(rng, 5, 9), words[:4], [words[0], words[2]] * 3, ["nowhere", "else"], words[:4]]
    tiny = [[words[i], words[i + 1]][:between(rng, 1, 2)] for i in range(4)] + [words[:2]]
    tops = [between(rng, 400, 2000), between(rng, 20, 60)]
    cases = {
        "written": (written, diversity(written, settings, tops)),
        "loops": ((loops := looping(rng, written)), diversity(loops, settings, tops)),
        "words_in_any_order": ((mixed := shuffled(rng, written)), diversity(mixed, settings, tops)),
        "two_texts": (few, diversity(few, settings, [50])),
        "the_same_text_twice": ((same := [few[0], few[0]]), diversity(same, settings, [50])),
        "short": (short, diversity(short, settings)),
        "too_short_for_hdd": (short[1:4], diversity(short[1:4], settings, [9])),
        "one_is_empty": ((empty := [*short[:4], []]), diversity(empty, settings, lexical=False)),
        "at_most_two_tokens": (tiny, diversity(tiny, settings, lexical=False)),
    }
    return {"settings": settings, "cases": [{"name": n, "texts": t, "expected": e} for n, (t, e) in cases.items()]}


# ---------------------------------------------------------------- readability.json

def words_of(text):
    kept = re.sub(r"'(?!(?:[tsd]|ve|ll|re)\b)", "", text)
    return re.sub(r"[^\w\s']", "", kept).lower().split()


def pieces_of(text):
    return re.findall(r"\b[^.!?]+[.!?]*", text)


def readability_scores(c):
    w, s, y = c["words"], c["sentences"], c["syllables"]
    letters, sentences = 100 * c["letters"] / w, 100 * s / w
    return {
        "flesch_reading_ease": 206.835 - 1.015 * w / s - 84.6 * y / w,
        "flesch_kincaid_grade": 0.39 * w / s + 11.8 * y / w - 15.59,
        "gunning_fog": 0.4 * (w / s + 100 * c["difficult_words_fog"] / w),
        "smog_index": 1.043 * math.sqrt(30 * c["polysyllable_words_3plus"] / s) + 3.1291,
        "coleman_liau_index": 0.058 * letters - 0.296 * sentences - 15.8,
        "automated_readability_index": 4.71 * c["characters_no_space"] / c["whitespace_tokens"] + 0.5 * w / s - 21.43,
        "lix": w / s + 100 * c["long_words_over_6"] / w,
        "coleman_liau_index_original_0.0588": 0.0588 * letters - 0.296 * sentences - 15.8,
    }


def readability_case(text, syllables_by_word, easy=()):
    words, pieces = words_of(text), pieces_of(text)
    syllables = [syllables_by_word[w][0] for w in words]
    counts = {
        "words": len(words), "sentences": max(1, sum(len(words_of(p)) > 2 for p in pieces)), "syllables": sum(syllables),
        "polysyllable_words_3plus": sum(s >= 3 for s in syllables), "monosyllable_words": sum(s == 1 for s in syllables),
        "difficult_words_fog": sum(s >= 3 and w not in easy for w, s in zip(words, syllables)), "long_words_over_6": sum(len(w.replace("'", "")) > 6 for w in words),
        "letters": sum(c.isalnum() for c in text), "characters_no_space": sum(not c.isspace() for c in text), "whitespace_tokens": len(text.split()),
    }
    return {"text": text, "counts": counts, "sentence_pieces": len(pieces), "words": words, "syllables_per_word": syllables, "expected": readability_scores(counts)}


def surface(rng, word):
    """A way to write a word that counts as the same word."""
    if word.isdigit() and len(word) > 2 and rng.random() < 0.4:
        cut = between(rng, 1, len(word) - 1)
        return word[:cut] + one_of(rng, ".", ",", "-", "/") + word[cut:]
    if len(word) > 8 and word.isalpha() and rng.random() < 0.15:
        return word[:4] + one_of(rng, "-", "–", "/") + word[4:]
    return word.upper() if word.isalpha() and rng.random() < 0.05 else word


def sentence(rng, vocabulary):
    words = [surface(rng, w) for w in rng.choice(vocabulary, between(rng, 1, 24))]
    for i in range(len(words)):
        words[i] = one_of(rng, *["{}"] * 14, "{},", "({})", '"{}"', "{};", "{} —", "{}:", "“{}”", "[{}]", "{}'").format(words[i])
    text = " ".join(words)
    return text[:1].upper() + text[1:] + one_of(rng, ".", ".", ".", ".", "!", "?", "...", "?!", "")


def readability(rng, options):
    golden = json.loads((options.golden / "readability.json").read_text(encoding="utf-8"))
    vocabulary = sorted(golden["syllables_by_word"])
    texts = [one_of(rng, " ", " ", "\n", "  ").join(sentence(rng, vocabulary) for _ in range(between(rng, 1, 9))) for _ in range(between(rng, 9, 16))]
    easy = {w for w in vocabulary if rng.random() < 0.2}
    cases = [readability_case(t, golden["syllables_by_word"], easy) for t in [*texts, "Yes.", "Yes! No? Yes.", "the cat"]]
    used = sorted({w for c in cases for w in c["words"]})
    return {"settings": golden["settings"], "cases": cases, "syllables_by_word": {w: golden["syllables_by_word"][w] for w in used}}


# ---------------------------------------------------------------- mauve.json

def divergence_curve(p, q, scaling):
    points = [(1.0, 0.0)]
    for w in np.linspace(1e-6, 1 - 1e-6, 25):
        r = w * p + (1 - w) * q
        points.append((math.exp(-scaling * rel_entr(q, r).sum()), math.exp(-scaling * rel_entr(p, r).sum())))
    return np.array([*points, (0.0, 1.0)])


def mean_area(curve):
    """Mean of the areas below y over x and x over y, along the curve."""
    (x, y), means = curve.T, (curve[1:] + curve[:-1]) / 2
    return float(((x[:-1] - x[1:]) @ means[:, 1] + (y[1:] - y[:-1]) @ means[:, 0]) / 2)


def frontier_integral(p, q):
    """2 ∫ w KL(P|R) + (1 - w) KL(Q|R) dw, with the integral of R ln R in 40 digits."""
    with mpmath.workdps(40):
        def x_log_x(x):
            return x * mpmath.log(x) if x > 0 else mpmath.mpf(0)

        def primitive(x):
            return (x * x_log_x(x) / 2 - x * x / 4) if x > 0 else mpmath.mpf(0)

        total = mpmath.mpf(0)
        for a, b in ((mpmath.mpf(float(a)), mpmath.mpf(float(b))) for a, b in zip(p, q) if a != b):
            total += x_log_x(a) + x_log_x(b) - 2 * (primitive(a) - primitive(b)) / (a - b)
        return float(total)


def mauve_scores(p_counts, q_counts, scaling):
    p, q = np.array(p_counts, float), np.array(q_counts, float)
    k = len(p)
    p_star, q_star = (p + 0.5) / (p.sum() + k / 2), (q + 0.5) / (q.sum() + k / 2)
    p, q = p / p.sum(), q / q.sum()
    curve = divergence_curve(p, q, scaling)
    return p, q, curve, {"mauve": mean_area(curve), "frontier_integral": frontier_integral(p, q), "mauve_star": mean_area(divergence_curve(p_star, q_star, scaling)), "frontier_integral_star": frontier_integral(p_star, q_star)}


def histogram_case(name, p_counts, q_counts, scaling):
    p, q, curve, scores = mauve_scores(p_counts, q_counts, scaling)
    expected = {"divergence_curve": curve}
    if np.allclose(p, q, rtol=1e-14, atol=0):
        expected |= {"frontier_integral": 0.0, "frontier_integral_star": scores["frontier_integral_star"], "mauve_by_definition": 1.0}
    else:
        expected |= {**scores, "mauve_by_parameter_order": scores["mauve"], "mauve_star_by_parameter_order": scores["mauve_star"]}
    return {"name": name, "p_counts": p_counts, "q_counts": q_counts, "scaling_factor": scaling, "expected": expected}


def reduced(p, q, share):
    stacked = np.vstack([q, p])
    stacked = stacked / np.linalg.norm(stacked, axis=1, keepdims=True)
    pca = PCA().fit(stacked)
    kept = int(np.searchsorted(np.cumsum(pca.explained_variance_ratio_), share) + 1)
    return pca.transform(stacked)[:, :kept].astype(np.float32), pca.explained_variance_ratio_, kept


def summary(rows):
    columns = {k: np.array([r[k] for r in rows]) for k in rows[0]}
    return {k: {"mean": v.mean(), "sd": v.std(ddof=1), "min": v.min(), "max": v.max()} for k, v in columns.items()}


def clustered(points, clusters, seed, settings, start="k-means++"):
    return KMeans(clusters, init=start, n_init=settings["kmeans_num_redo"], max_iter=settings["kmeans_max_iter"], random_state=seed, algorithm="lloyd").fit(points)


def mauve_case(rng, p, q, settings):
    n, m, scaling = len(p), len(q), settings["mauve_scaling_factor"]
    points, ratios, kept = reduced(p, q, settings["kmeans_explained_var"])
    clusters = max(2, round(min(n, m) / 10)) if settings["num_buckets"] == "auto" else settings["num_buckets"]

    def counts(labels):
        return np.bincount(labels[m:], minlength=clusters), np.bincount(labels[:m], minlength=clusters)

    reference = clustered(points, clusters, settings["seed"], settings)
    p_counts, q_counts = counts(reference.labels_)
    p_hist, q_hist, curve, scores = mauve_scores(p_counts, q_counts, scaling)
    runs = [clustered(points, clusters, 100 + s, settings) for s in range(20)]
    others = [clustered(points, clusters, 200 + s, settings, "random" if s < 20 else "k-means++") for s in range(40)]
    spreads = [[mauve_scores(*counts(r.labels_), scaling)[3] for r in group] for group in (runs, others)]
    every, objectives = summary(spreads[0] + spreads[1]), [r.inertia_ / reference.inertia_ for r in others]
    return {
        "settings": settings, "num_buckets_used": clusters,
        "intermediate": {
            "pca_dimensions_kept": kept, "explained_variance_ratio": ratios, "kmeans_objective": reference.inertia_,
            "p_labels": reference.labels_[m:], "q_labels": reference.labels_[:m], "p_counts": p_counts, "q_counts": q_counts,
        },
        "expected_from_counts": {"p_hist": p_hist, "q_hist": q_hist, "divergence_curve": curve, **scores},
        "spread_over_20_kmeans_seeds": summary(spreads[0]),
        "spread_over_40_seeds_of_another_kmeans": summary(spreads[1]) | {"objective_over_given_objective": {"min": min(objectives), "max": max(objectives)}},
        "accept_from_features": {k: [max(0.0, v["min"] - 3 * v["sd"]), min(1.0, v["max"] + 3 * v["sd"])] for k, v in every.items()},
    }


def mauve(rng, options):
    d, modes, n, m = between(rng, 5, 11), between(rng, 4, 7), between(rng, 120, 260), between(rng, 90, 240)
    centres = rng.normal(size=(modes, d)) * 2.5
    scales = rng.uniform(0.4, 1.6, size=d)

    def sample(size, chosen=modes, shift=0.0, width=1.0):
        return rounded(centres[rng.integers(chosen, size=size)] + width * scales * rng.normal(size=(size, d)) + shift, 4)

    features = {"alike": sample(m), "moved": sample(m, shift=1.5), "fewer_modes": sample(m - 7, chosen=modes - 2)}
    common = {"seed": between(rng, 1, 99), "kmeans_explained_var": one_of(rng, 0.8, 0.85, 0.95), "kmeans_num_redo": between(rng, 3, 6), "kmeans_max_iter": between(rng, 100, 400), "mauve_scaling_factor": one_of(rng, 2.0, 3.5, 6.0)}
    p, cases = sample(n), []
    for name, q in features.items():
        side = {"q_features": q} | ({"p_features_from": "alike_auto"} if cases else {"p_features": p})
        cases.append({"name": f"{name}_auto", **side, **mauve_case(rng, p, q, common | {"num_buckets": "auto"})})
    fixed = common | {"num_buckets": between(rng, 3, 15)}
    cases.append({"name": "moved_fixed", "p_features_from": "alike_auto", "q_features_from": "moved_auto", **mauve_case(rng, p, features["moved"], fixed)})
    k, c = between(rng, 5, 30), one_of(rng, 0.5, 2.0, 7.0)
    sparse = rng.poisson(0.7, size=(2, k)) + np.eye(2, k, dtype=int)
    same = rng.integers(1, 40, size=k)
    return {"cases": cases, "histogram_cases": [
        histogram_case("any", rng.integers(0, 50, size=k) + np.eye(1, k, dtype=int)[0], rng.integers(0, 90, size=k) + 1, c),
        histogram_case("sparse", sparse[0], sparse[1], c),
        histogram_case("nearly_the_same", same, same + (np.arange(k) == 1), 5.0),
        histogram_case("apart", np.r_[rng.integers(1, 9, size=k), np.zeros(3, int)], np.r_[np.zeros(k, int), rng.integers(1, 9, size=3)], c),
        histogram_case("two_bins_of_one", np.array([1, 0]), np.array([0, 1]), 5.0),
        histogram_case("some_shared", np.array([3, 5, 0, 0, 0, 1]), np.array([0, 1, 4, 0, 0, 6]), c),
        histogram_case("the_same", same, same, c),
        histogram_case("a_multiple", same, 3 * same, c),
        histogram_case("one_bin", np.array([4]), np.array([4]), c),
    ]}


# ---------------------------------------------------------------- vendi.json

def renyi(eigenvalues, q):
    w = eigenvalues[eigenvalues > 0]
    if q == 1:
        return math.exp(-(w * np.log(w)).sum())
    return 1 / w.max() if math.isinf(q) else float((w ** q).sum() ** (1 / (1 - q)))


def spectrum(similarity, p=None, normalise=False):
    k = np.array(similarity, float)
    if normalise:
        k = k / np.sqrt(np.outer(np.diag(k), np.diag(k)))
    p = np.full(len(k), 1 / len(k)) if p is None else np.array(p)
    w = np.linalg.eigvalsh(k * np.sqrt(np.outer(p, p)))[::-1]
    return np.where(w < 1e-13, 0.0, w)


def vendi_scores(eigenvalues, orders):
    return {f"q={'inf' if math.isinf(q) else q}": renyi(eigenvalues, q) for q in orders}


def vendi_case(name, similarity, orders, p=None, normalise=False):
    w = spectrum(similarity, p, normalise)
    return {"name": name, "similarity": similarity, "probabilities": p, "normalise": normalise, "eigenvalues_descending": w, "expected": vendi_scores(w, orders)}


def embedding_case(name, x, orders):
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    small = unit.T @ unit if x.shape[1] < x.shape[0] else unit @ unit.T
    w = np.linalg.eigvalsh(small / len(x))[::-1]
    scores = vendi_scores(np.where(w < 1e-13, 0.0, w), orders)
    return {"name": name, "embeddings": x, "kernel": "cosine: rows divided by their Euclidean norm, K = X X^T", "expected": scores, "score_X_of_the_package_ignores_q": {k: renyi(w[w > 1e-13], 1) for k in scores}}


def vendi(rng, options):
    n, d = between(rng, 7, 25), between(rng, 3, 8)
    x = rng.normal(size=(n, 2))
    rbf = rounded(np.exp(-cdist(x, x, "sqeuclidean") / 2), 6)
    groups = rng.integers(between(rng, 2, 5), size=n)
    scale = rounded(rng.uniform(0.3, 3, size=n), 3)
    orders, mild = [one_of(rng, 0.3, 0.7), 1, one_of(rng, 1.5, 3, 4), math.inf], [0.5, 1, one_of(rng, 2, 5), math.inf]
    weights = rounded(rng.dirichlet(np.ones(n)), 6)
    weights[weights.argmax()] += 1 - weights.sum()
    sparse = np.where(np.arange(n) % 3 == 0, 0.0, weights)
    sparse = sparse / sparse.sum()
    copies = np.repeat(rounded(rng.normal(size=(3, d)), 5), between(rng, 2, 6), axis=0)
    return {"cases": [
        vendi_case("smooth", rbf, [1, 2.5, math.inf]),
        vendi_case("smooth_and_ridge", rounded(0.9 * rbf + 0.1 * np.eye(n), 7), orders),
        vendi_case("groups", (groups[:, None] == groups).astype(float), mild),
        vendi_case("weighted", rounded(0.9 * rbf + 0.1 * np.eye(n), 7), orders, weights),
        vendi_case("some_weights_zero", rounded(0.9 * rbf + 0.1 * np.eye(n), 7), mild, sparse),
        vendi_case("groups_weighted", (groups[:, None] == groups).astype(float), mild, weights),
        vendi_case("scaled", rounded((0.9 * rbf + 0.1 * np.eye(n)) * np.outer(scale, scale), 9), mild, normalise=True),
        vendi_case("one_point", np.ones((1, 1)), mild),
        vendi_case("all_alike", np.ones((n, n)), mild),
    ], "embedding_cases": [
        embedding_case("more_points", rounded(rng.normal(size=(n + 10, d)), 5), orders),
        embedding_case("more_dimensions", rounded(rng.normal(size=(d, n + 10)), 5), mild),
        embedding_case("copies", copies, mild),
        embedding_case("one_row", rounded(rng.normal(size=(1, d)), 5), mild),
        embedding_case("opposite_rows", np.vstack([r := rounded(rng.normal(size=(1, d)), 5), -2 * r]), mild),
    ]}


# ---------------------------------------------------------------- distances.json

def discrete_case(name, p, q):
    k = np.arange(len(p))
    js = float(jensenshannon(p, q)) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        chi = np.where((p == 0) & (q == 0), 0.0, (p - q) ** 2 / q).sum()
        symmetric = np.where(p + q == 0, 0.0, (p - q) ** 2 / (p + q)).sum()
    expected = {
        "kl_p_q": rel_entr(p, q).sum(), "kl_q_p": rel_entr(q, p).sum(), "total_variation": abs(p - q).sum() / 2, "js_divergence": js, "js_distance": math.sqrt(js),
        "hellinger": math.sqrt(((np.sqrt(p) - np.sqrt(q)) ** 2).sum() / 2), "chi_square_p_q": chi, "chi_square_symmetric": symmetric,
        "entropy_p": st.entropy(p), "entropy_q": st.entropy(q), "wasserstein1_on_indices": st.wasserstein_distance(k, k, p, q),
    }
    return {"name": name, "p": p, "q": q, "expected": expected}


def entropy_case(counts):
    counts = np.array(counts)
    observed, total, plug_in = int((counts > 0).sum()), int(counts.sum()), float(st.entropy(counts))
    return {"counts": counts, "expected": {"plug_in": plug_in, "miller_madow": plug_in + (observed - 1) / (2 * total), "observed": observed, "total": total}}


def energy_squared(x, y):
    x, y = np.atleast_2d(np.asarray(x, float).T).T, np.atleast_2d(np.asarray(y, float).T).T
    return float(2 * cdist(x, y).mean() - cdist(x, x).mean() - cdist(y, y).mean())


def quantile_w2(x, y):
    """W2 on the line: both quantile functions are constant between the steps of either."""
    steps = np.array(sorted({Fraction(i, len(x)) for i in range(len(x) + 1)} | {Fraction(j, len(y)) for j in range(len(y) + 1)}))
    a, b = np.sort(x), np.sort(y)
    total = sum(float(u - l) * (a[int(l * len(x))] - b[int(l * len(y))]) ** 2 for l, u in zip(steps, steps[1:]))
    return math.sqrt(total)


def line_case(name, x, y):
    n, m = len(x), len(y)
    ks = st.ks_2samp(x, y, method="exact").statistic
    squared = energy_squared(x, y)
    expected = {
        "wasserstein1": st.wasserstein_distance(x, y), "wasserstein2": quantile_w2(x, y), "energy_distance": math.sqrt(max(squared, 0)), "energy_distance_squared": squared,
        "ks_statistic": ks, "ks_p_exact": st.ks_2samp(x, y, method="exact").pvalue, "ks_p_scipy_asymp": st.kstwo.sf(ks, round(n * m / (n + m))) if n * m / (n + m) > 0.5 else 1.0,
        "ks_p_kolmogorov_limit": st.kstwobign.sf(ks * math.sqrt(n * m / (n + m))),
    }
    return {"name": name, "x": x, "y": y, "expected": expected}


def exact_w2(mean1, cov1, mean2, cov2):
    """Bures-Wasserstein distance in 60 digits: the trace of the root is the sum of the roots of the eigenvalues of a b."""
    with mpmath.workdps(60):
        def root(matrix):
            values, vectors = mpmath.eigsy(matrix)
            return vectors * mpmath.diag([mpmath.sqrt(max(v, 0)) for v in values]) * vectors.T

        a, b = mpmath.matrix(cov1.tolist()), mpmath.matrix(cov2.tolist())
        r = root(a)
        inner = mpmath.eigsy(r * b * r, eigvals_only=True)
        means = mpmath.fsum((mpmath.mpf(float(s)) - mpmath.mpf(float(t))) ** 2 for s, t in zip(mean1, mean2))
        squared = means + mpmath.fsum(a[i, i] + b[i, i] for i in range(a.rows)) - 2 * mpmath.fsum(mpmath.sqrt(max(v, 0)) for v in inner)
        squared = max(squared, mpmath.mpf(0))
        return float(mpmath.sqrt(squared)), float(squared)


def float_w2(mean1, cov1, mean2, cov2):
    def root(matrix):
        values, vectors = np.linalg.eigh(matrix)
        return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T

    inner = np.trace(root(root(cov1) @ cov2 @ root(cov1)))
    return math.sqrt(max(0.0, ((mean1 - mean2) ** 2).sum() + np.trace(cov1) + np.trace(cov2) - 2 * inner))


def gaussian_w2_case(name, mean1, mean2, cov1, cov2):
    w2, squared = exact_w2(mean1, cov1, mean2, cov2)
    other = float_w2(mean1, cov1, mean2, cov2)
    return {"name": name, "mean1": mean1, "mean2": mean2, "cov1": cov1, "cov2": cov2, "expected": {"w2": w2, "w2_squared": squared, "w2_of_pot": other, "abs_difference_of_pot": abs(other - w2)}}


def frechet_case(name, x, y):
    squared = exact_w2(x.mean(0), np.atleast_2d(np.cov(x.T)), y.mean(0), np.atleast_2d(np.cov(y.T)))[1]
    return {"name": name, "x": x, "y": y, "expected": {"frechet_distance_squared": squared}}


def sinkhorn(a, b, cost, reg):
    """Plan by Sinkhorn's iterations in the log domain; points without mass are left out."""
    rows, columns = a > 0, b > 0
    la, lb, k = np.log(a[rows]), np.log(b[columns]), -cost[np.ix_(rows, columns)] / reg
    f, g = np.zeros(len(la)), np.zeros(len(lb))
    for _ in range(200_000):
        g = -logsumexp(k + f[:, None] + la[:, None], axis=0)
        f = -logsumexp(k + g + lb, axis=1)
        gap = abs(np.exp(k + f[:, None] + g + la[:, None] + lb).sum(0) - b[columns]).sum()
        if gap < 1e-15:
            break
    if gap > 1e-12:
        raise RuntimeError(f"Sinkhorn's iterations did not converge: {gap}")
    plan = np.exp(k + f[:, None] + g + la[:, None] + lb)
    transport = (plan * cost[np.ix_(rows, columns)]).sum()
    return {"cost": transport, "kl": transport + reg * rel_entr(plan, np.outer(a[rows], b[columns])).sum(), "entropy": transport + reg * (plan * np.log(np.maximum(plan, 1e-300))).sum()}


def entropic(x, y, a, b, reg):
    def squared(s, t):
        return cdist(s, t, "sqeuclidean")

    xy, xx, yy = sinkhorn(a, b, squared(x, y), reg), sinkhorn(a, a, squared(x, x), reg), sinkhorn(b, b, squared(y, y), reg)
    return {
        "transport_cost": xy["cost"], "transport_cost_xx": xx["cost"], "transport_cost_yy": yy["cost"],
        "divergence_of_transport_costs": max(0.0, xy["cost"] - (xx["cost"] + yy["cost"]) / 2),
        "regularised_objective_kl": xy["kl"], "regularised_objective_kl_xx": xx["kl"], "regularised_objective_kl_yy": yy["kl"],
        "sinkhorn_divergence": xy["kl"] - (xx["kl"] + yy["kl"]) / 2, "regularised_objective_pot_entropy": xy["entropy"],
    }


def transport_case(name, x, y, a, b, regs):
    exact = float(ot.emd2(a, b, cdist(x, y, "sqeuclidean"), numItermax=10 ** 6))
    expected = {"exact_cost": exact, "wasserstein2": math.sqrt(exact)}
    return {"name": name, "x": x, "y": y, "a": a, "b": b, "cost": "squared Euclidean, not halved", "expected": expected | {f"reg={r}": entropic(x, y, a, b, r) for r in regs}}


def mmd2(x, y, sigma):
    xx, yy, xy = (np.exp(-cdist(s, t, "sqeuclidean") / (2 * sigma ** 2)) for s, t in ((x, x), (y, y), (x, y)))
    n, m = len(x), len(y)
    unbiased = (xx.sum() - n) / (n * (n - 1)) + (yy.sum() - m) / (m * (m - 1)) - 2 * xy.mean()
    return {"sigma": sigma, "biased": xx.mean() + yy.mean() - 2 * xy.mean(), "unbiased": unbiased}


def kernel_case(name, x, y, sigmas):
    median = float(np.median(pdist(np.vstack([x, y]))))
    widths = {f"mmd2 sigma={s}": mmd2(x, y, s) for s in sigmas} | {"mmd2 sigma=median": mmd2(x, y, median)}
    return {"name": name, "x": x, "y": y, "expected": {"energy_distance_squared": energy_squared(x, y), "median_pairwise_distance": median, **widths}}


def prdc_scores(real, fake, k):
    between_sets = cdist(real, fake)
    radius_real = np.sort(cdist(real, real), axis=1)[:, k]
    radius_fake = np.sort(cdist(fake, fake), axis=1)[:, k]
    in_real, in_fake = between_sets < radius_real[:, None], between_sets < radius_fake
    margin = min(abs(between_sets - radius_real[:, None]).min(), abs(between_sets - radius_fake).min())
    return {
        "precision": in_real.any(0).mean(), "recall": in_fake.any(1).mean(), "density": in_real.sum() / (k * len(fake)),
        "coverage": (between_sets.min(1) < radius_real).mean(), "smallest_margin_of_a_comparison": margin,
    }


def distances(rng, options):
    d, n, m = between(rng, 2, 6), between(rng, 12, 40), between(rng, 8, 35)

    def cloud(size, dims, shift=0.0, digits=4):
        return rounded(rng.normal(size=(size, dims)) + shift, digits)

    def uniform(size):
        return np.full(size, 1 / size)

    k = between(rng, 3, 40)
    first, second = distribution(rng, k, 0), distribution(rng, k, 0)
    half = np.arange(6) < 3
    low, high = distribution(rng, 3), distribution(rng, 3)
    apart = np.r_[low, 0, 0, 0], np.r_[0, 0, 0, high]
    line = rounded(rng.normal(size=n), 3)
    whole = rng.integers(0, 5, size=n).astype(float)
    ill = rng.normal(size=(d, 1))
    ill = rounded(ill @ ill.T, 8) + 1e-9 * np.eye(d)
    basis = np.linalg.qr(rng.normal(size=(d, d)))[0]
    flat = (basis * np.r_[np.zeros(1), rng.uniform(0.5, 2, size=d - 1)]) @ basis.T
    mean = [rounded(rng.normal(size=d), 4) for _ in range(9)]
    regular, other = covariance(rng, d), covariance(rng, d)
    regs = [one_of(rng, 0.08, 0.12, 0.2), one_of(rng, 0.7, 1.0, 3.0)]
    masses = rng.dirichlet(np.ones(n)), rng.dirichlet(np.ones(m))
    holes = np.where(np.arange(m) % 4 == 1, 0.0, masses[1])
    real = rounded(rng.normal(size=(between(rng, 60, 120), d)), 4)
    fakes = {"alike": cloud(n + 50, d), "spread": rounded(2.5 * rng.normal(size=(n + 30, d)), 4), "far": cloud(m + 20, d, 9.0)}
    near = [between(rng, 1, 2), between(rng, 4, 7)]
    return {
        "discrete": [
            discrete_case("any", first, second), discrete_case("q_lacks_some", first, distribution(rng, k, k // 2)), discrete_case("p_lacks_some", distribution(rng, k, k // 3 + 1), second),
            discrete_case("the_same", first, first), discrete_case("apart", *apart), discrete_case("certain", np.where(half, [1, 0, 0] * 2, 0.0), np.array([0, 0, 0, 0, 0, 1.0])), discrete_case("one_state", np.ones(1), np.ones(1)),
            discrete_case("lacking_both_ways", distribution(rng, k + 9, 5), distribution(rng, k + 9, 7)),
        ],
        "entropy": [entropy_case(rng.integers(0, 30, size=k)), entropy_case([0, 7, 0]), entropy_case([1] * k), entropy_case(rng.geometric(0.02, size=3 * k))],
        "one_dimensional": [
            line_case("any", line, rounded(rng.normal(0.4, 1.3, size=n), 3)), line_case("sizes_differ", line, rounded(rng.exponential(size=m), 3)), line_case("whole_numbers", whole, rng.integers(1, 7, size=m).astype(float)),
            line_case("the_same", line, line), line_case("one_value_each", np.array([1.5]), np.array([-2.0])), line_case("one_against_many", np.array([0.25]), line), line_case("constant", np.full(n, 2.0), np.full(m, 2.0)), line_case("apart", line, line[:5] + 50),
        ],
        "gaussian_w2": [
            gaussian_w2_case("any", mean[0], mean[1], regular, other), gaussian_w2_case("on_a_line", mean[0][:1], mean[1][:1], np.array([[0.37]]), np.array([[1.9]])), gaussian_w2_case("diagonal", mean[2], mean[3], np.diag(rounded(rng.uniform(0.1, 3, size=d), 3)), np.diag(rounded(rng.uniform(0.1, 3, size=d), 3))),
            gaussian_w2_case("one_nearly_singular", mean[4], mean[5], ill, other), gaussian_w2_case("one_singular", mean[4], mean[5], flat, other), gaussian_w2_case("both_singular", mean[6], mean[7], flat, 2 * flat), gaussian_w2_case("two_points", mean[1], mean[2], np.zeros((d, d)), np.zeros((d, d))),
            gaussian_w2_case("a_point", mean[3], mean[4], regular, np.zeros((d, d))), gaussian_w2_case("same_shape", mean[5], mean[6], regular, regular), gaussian_w2_case("commuting", mean[7], mean[8], regular, 4 * regular),
        ],
        "frechet": [frechet_case("any", cloud(n + 40, d), rounded(1.4 * cloud(m + 30, d) + 0.5, 4)), frechet_case("two_rows", cloud(2, d), cloud(m, d)), frechet_case("both_short", cloud(d, d + 3), cloud(d + 1, d + 3, 1.0)), frechet_case("one_dimension", cloud(n, 1), cloud(m, 1, 2.0)), frechet_case("constant_column", np.c_[cloud(n, 2), np.ones(n)], np.c_[cloud(m, 2), np.full(m, 3.0)])],
        "transport": [
            transport_case("equal_masses", rounded(rng.uniform(size=(n, d)), 4), rounded(rng.uniform(0.2, 1.2, size=(m, d)), 4), uniform(n), uniform(m), regs),
            transport_case("any_masses", rounded(rng.uniform(size=(n, 1)), 4), rounded(rng.uniform(0.5, 1, size=(m, 1)), 4), *masses, regs[1:]),
            transport_case("points_without_mass", rounded(rng.uniform(size=(n, 2)), 4), rounded(rng.uniform(size=(m, 2)), 4), masses[0], holes / holes.sum(), regs[:1]),
            transport_case("one_point", np.array([[0.5, 0.25]]), rounded(rng.uniform(size=(m, 2)), 4), np.ones(1), uniform(m), regs),
            transport_case("same_points", (same := rounded(rng.uniform(size=(7, 2)), 4)), same[::-1].copy(), uniform(7), uniform(7), regs),
        ],
        "kernel": [kernel_case("any", cloud(n, d), cloud(m, d, 0.6), [0.7, 2.0]), kernel_case("with_copies", np.repeat(cloud(4, 2), 3, axis=0), cloud(m, 2), [0.3]), kernel_case("two_rows", cloud(2, d), cloud(2, d), [1.5]), kernel_case("one_dimension", cloud(n, 1), cloud(m, 1), [0.4])],
        "prdc_real": real,
        "prdc": [{"name": name, "real_from": "prdc_real", "fake": fake, "expected": {f"k={j}": prdc_scores(real, fake, j) for j in near}} for name, fake in fakes.items()],
    }


# ---------------------------------------------------------------- statistics.json

def t_quantile(confidence, df):
    """What |t| exceeds with probability 1 - confidence, in 30 digits: SciPy 1.10's t.ppf is up to 5e-9 off."""
    with mpmath.workdps(30):
        def excess(t):
            return mpmath.betainc(mpmath.mpf(df) / 2, 0.5, 0, df / (df + t * t), regularized=True) - (1 - mpmath.mpf(confidence))

        return float(mpmath.findroot(excess, st.t.ppf((1 + confidence) / 2, df)))


def t_interval(estimate, se, df, confidence):
    half = t_quantile(confidence, df) * se
    return estimate - half, estimate + half


def mean_interval(x, confidence):
    low, high = t_interval(x.mean(), x.std(ddof=1) / math.sqrt(len(x)), len(x) - 1, confidence)
    return {"mean": x.mean(), "sd": x.std(ddof=1), "low": low, "high": high}


def paired_t(x, y, confidence):
    test, d = st.ttest_rel(x, y), x - y
    low, high = t_interval(d.mean(), d.std(ddof=1) / math.sqrt(len(d)), len(d) - 1, confidence)
    return {"mean_difference": d.mean(), "t": test.statistic, "df": len(x) - 1, "p": test.pvalue, "low": low, "high": high, "cohens_dz": d.mean() / d.std(ddof=1)}


def welch_t(x, y, confidence):
    test, parts = st.ttest_ind(x, y, equal_var=False), np.array([x.var(ddof=1) / len(x), y.var(ddof=1) / len(y)])
    df = parts.sum() ** 2 / (parts ** 2 / [len(x) - 1, len(y) - 1]).sum()
    low, high = t_interval(x.mean() - y.mean(), math.sqrt(parts.sum()), df, confidence)
    return {"mean_difference": x.mean() - y.mean(), "t": test.statistic, "df": df, "p": test.pvalue, "low": low, "high": high}


def effect_size(x, y):
    df = len(x) + len(y) - 2
    d = (x.mean() - y.mean()) / math.sqrt(((len(x) - 1) * x.var(ddof=1) + (len(y) - 1) * y.var(ddof=1)) / df)
    exact = math.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / math.sqrt(df / 2)
    return {"cohens_d": d, "hedges_correction_exact": exact, "hedges_g_exact": d * exact, "hedges_g_approximate": d * (1 - 3 / (4 * df - 1))}


def bootstrap_spread(x, confidence, resamples, seeds):
    expected = {}
    for name, statistic in (("mean", np.mean), ("median", np.median)):
        for method in ("percentile", "BCa"):
            limits = np.array([st.bootstrap((x,), statistic, confidence_level=confidence, n_resamples=resamples, method=method, random_state=s).confidence_interval for s in range(seeds)])
            expected[f"{name} {method}"] = {f"{side}_{k}": f(limits[:, i]) for i, side in enumerate(("low", "high")) for k, f in (("mean", np.mean), ("sd", lambda v: v.std(ddof=1)), ("min", np.min), ("max", np.max))}
    return expected


def bootstrap_given(x, indices, confidence, statistic):
    estimate, values, b = statistic(x), np.array([statistic(x[i]) for i in indices]), len(indices)
    z0 = ndtri(((values < estimate).sum() + (values <= estimate).sum()) / (2 * b))
    left_out = np.array([statistic(np.delete(x, i)) for i in range(len(x))])
    u = left_out.mean() - left_out
    acceleration = (u ** 3).sum() / (6 * (u ** 2).sum() ** 1.5)
    tails = np.array([(1 - confidence) / 2, (1 + confidence) / 2])
    z = z0 + ndtri(tails)
    levels = ndtr(z0 + z / (1 - acceleration * z))
    (bl, bh), (pl, ph) = np.quantile(values, levels), np.quantile(values, tails)
    return {
        "estimate": estimate, "z0": z0, "acceleration": acceleration, "probabilities": levels, "bca_low": bl, "bca_high": bh, "percentile_low": pl, "percentile_high": ph,
        "basic_low": 2 * estimate - ph, "basic_high": 2 * estimate - pl, "standard_error": values.std(ddof=1),
    }


def wilcoxon(x, y, exact):
    def test(method, correction=False):
        return st.wilcoxon(x, y, zero_method="wilcox", correction=correction, method=method)

    normal = {"statistic_min_of_rank_sums": test("approx").statistic, "p_normal": test("approx").pvalue}
    return normal | ({"p_exact": test("exact").pvalue} if exact else {}) | {"p_normal_continuity": test("approx", True).pvalue}


def mann_whitney(x, y, exact):
    def p(method, correction=False):
        return st.mannwhitneyu(x, y, use_continuity=correction, method=method).pvalue

    u = st.mannwhitneyu(x, y).statistic
    return {"u_of_x": u, "u_of_y": len(x) * len(y) - u} | ({"p_exact": p("exact")} if exact else {}) | {"p_normal": p("asymptotic"), "p_normal_continuity": p("asymptotic", True)}


def permutation_two_sample(x, y):
    pooled, n = np.r_[x, y], len(x)
    total, observed = pooled.sum(), x.mean() - y.mean()
    sums = np.array([pooled[list(c)].sum() for c in combinations(range(len(pooled)), n)])
    t = sums / n - (total - sums) / len(y)
    greater, less = (t >= observed - 1e-12).mean(), (t <= observed + 1e-12).mean()
    return {"statistic": observed, "arrangements": len(t), "p_two_sided_absolute": (abs(t) >= abs(observed) - 1e-12).mean(), "p_two_sided_doubled": min(1.0, 2 * min(greater, less)), "p_greater": greater, "p_less": less}


def permutation_sign_flip(x, y):
    d = x - y
    t = np.array(list(product([1, -1], repeat=len(d)))) @ d / len(d)
    return {"statistic": d.mean(), "arrangements": len(t), "p_two_sided": (abs(t) >= abs(d.mean()) - 1e-12).mean()}


def multiple_testing(p, alpha):
    methods = {"holm": "holm", "benjamini_hochberg": "fdr_bh", "bonferroni": "bonferroni", "benjamini_yekutieli": "fdr_by"}
    found = {name: multipletests(p, alpha, method) for name, method in methods.items()}
    return {name: {"adjusted": np.minimum(f[1], 1), "rejected": f[0]} for name, f in found.items()}


def wilson(successes, trials, confidence):
    low, high = proportion_confint(successes, trials, 1 - confidence, "wilson")
    return {"successes": successes, "trials": trials, "confidence": confidence, "low": low, "high": high}


def ols_slope(x, y, confidence):
    fit = ols("y ~ x", {"x": x, "y": y}).fit()
    slope, intercept = (t_interval(fit.params[k], fit.bse[k], fit.df_resid, confidence) for k in ("x", "Intercept"))
    return {
        "slope": fit.params["x"], "intercept": fit.params["Intercept"], "slope_se": fit.bse["x"], "slope_low": slope[0], "slope_high": slope[1], "p": fit.pvalues["x"],
        "r": st.linregress(x, y).rvalue, "intercept_low": intercept[0], "intercept_high": intercept[1], "residual_variance": fit.mse_resid,
    }


def theil_sen(x, y, confidence):
    fit = st.theilslopes(y, x, confidence)
    return {"slope": fit.slope, "intercept": fit.intercept, "slope_low": fit.low_slope, "slope_high": fit.high_slope}


def mann_kendall(y):
    n, ties = len(y), np.array(list(Counter(y.tolist()).values()))
    s = float(sum(np.sign(y[i + 1:] - y[i]).sum() for i in range(n)))
    variance = (n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18
    z = (s - np.sign(s)) / math.sqrt(variance)
    return {"S": s, "variance": variance, "z": z, "p": 2 * st.norm.sf(abs(z)), "tau": s / (n * (n - 1) / 2)}


def correlation(x, y):
    ties = len(set(x)) < len(x) or len(set(y)) < len(y)
    spearman, pearson = st.spearmanr(x, y), st.pearsonr(x, y)
    kendall, normal = st.kendalltau(x, y, method="asymptotic" if ties else "exact"), st.kendalltau(x, y, method="asymptotic")
    return {"spearman": spearman.correlation, "spearman_p_t": spearman.pvalue, "kendall_tau_b": kendall.correlation, "kendall_p_auto": kendall.pvalue, "kendall_p_normal": normal.pvalue, "pearson": pearson.statistic, "pearson_p": pearson.pvalue}


def anova_table(fit, kind):
    names = {"interaction": ":", "residual": "Residual"}
    table, rows = anova_lm(fit, typ=kind), {}
    for name in table.index:
        if name == "Intercept":
            continue
        key = next((k for k, mark in names.items() if mark in name), None) or ("a" if name in ("a", "C(a, Sum)") else "b")
        rows[key] = {"sum_sq": table.loc[name, "sum_sq"], "df": table.loc[name, "df"]} | ({} if key == "residual" else {"F": table.loc[name, "F"], "p": table.loc[name, "PR(>F)"]})
    return rows


def anova(a, b, y, confidence):
    data = pandas.DataFrame({"a": a, "b": b, "y": y})
    coded, summed = ols("y ~ a * b", data).fit(), ols("y ~ C(a, Sum) * C(b, Sum)", data).fit()
    name = "a:b"
    low, high = t_interval(coded.params[name], coded.bse[name], coded.df_resid, confidence)
    return {
        "type_1": anova_table(coded, 1), "type_2": anova_table(coded, 2), "type_3": anova_table(summed, 3),
        "interaction_contrast": {"estimate": coded.params[name], "se": coded.bse[name], "low": low, "high": high, "t": coded.tvalues[name], "p": coded.pvalues[name]},
    }


def calibration(logits, labels, bins):
    def nll(t):
        return float((logsumexp(logits / t, axis=1) - logits[np.arange(len(labels)), labels] / t).mean())

    def slope(beta):
        p = np.exp(beta * logits - logsumexp(beta * logits, axis=1, keepdims=True))
        return float(((p * logits).sum(1) - logits[np.arange(len(labels)), labels]).mean())

    p = np.exp(logits - logsumexp(logits, axis=1, keepdims=True))
    confidence, right = p.max(1), (p.argmax(1) == labels).astype(float)
    which = np.ceil(confidence * bins).astype(int) - 1
    used = [which == k for k in range(bins)]
    gaps = [abs(right[u].mean() - confidence[u].mean()) if u.any() else 0.0 for u in used]
    temperature = 1 / brentq(slope, 1e-3, 50, xtol=1e-15)
    return {
        "ece": sum(u.mean() * g for u, g in zip(used, gaps)), "mce": max(gaps), "bin_counts": [u.sum() for u in used],
        "bin_accuracy": [right[u].mean() if u.any() else None for u in used], "bin_confidence": [confidence[u].mean() if u.any() else None for u in used],
        "accuracy": right.mean(), "brier_multiclass": ((p - np.eye(p.shape[1])[labels]) ** 2).sum(1).mean(), "nll_at_1": nll(1.0), "temperature": temperature, "nll_at_optimum": nll(temperature),
    }


def statistics(rng, options):
    confidence = one_of(rng, 0.8, 0.9, 0.99)
    n, m = between(rng, 6, 22), between(rng, 5, 20)
    x, y, z = rounded(rng.normal(3, 2, size=n), 3), rounded(rng.normal(4, 2, size=n), 3), rounded(rng.normal(4, 3, size=m), 3)
    ties = [rng.integers(0, 6, size=n + 8).astype(float), rng.integers(1, 7, size=n + 8).astype(float), rng.integers(1, 5, size=m).astype(float)]
    b = between(rng, 12, 40)
    boot, indices = rounded(rng.gamma(2, size=b), 4), rng.integers(0, b, size=(between(rng, 300, 900), b))
    small, other = rounded(rng.normal(size=between(rng, 3, 7)), 3), rounded(rng.normal(0.5, 1, size=between(rng, 3, 7)), 3)
    flips = rng.integers(0, 5, size=(2, between(rng, 4, 9))).astype(float)
    time = np.sort(rounded(rng.uniform(0, 9, size=n + 3), 3))
    trend = rounded(0.3 * time + rng.normal(size=n + 3), 3)
    steps, time_ties = np.floor(trend), np.floor(time * 2)
    p = rounded(rng.beta(0.5, 3, size=between(rng, 5, 20)), 5)
    p[1] = p[0]
    p[2:4] = [0.0, 1.0] if rng.random() < 0.5 else p[2:4]
    classes, bins, rows = between(rng, 2, 7), one_of(rng, 4, 7, 10, 20), between(rng, 80, 200)
    logits = rounded(rng.normal(scale=1.5, size=(rows, classes)), 3)
    labels = np.where(rng.random(rows) < 0.5, logits.argmax(1), rng.integers(classes, size=rows))
    truth = rng.integers(0, 2, size=rows)
    scores = rounded(np.clip(0.3 * truth + rng.uniform(0, 0.7, size=rows), 0, 1), 1)
    per = between(rng, 2, 6)
    balanced = [np.repeat([0, 0, 1, 1], per), np.repeat([0, 1, 0, 1], per)]
    cells = [between(rng, 2, 7) for _ in range(4)]
    unbalanced = [np.repeat([0, 0, 1, 1], cells), np.repeat([0, 1, 0, 1], cells)]

    def outcome(a, b):
        return rounded(0.8 * a + 0.3 * b + 0.5 * a * b + rng.normal(size=len(a)), 3)

    def measured(a, b):
        response = outcome(a, b)
        return {"a": a, "b": b, "y": response, "confidence": confidence, "expected": anova(a, b, response, confidence)}

    resamples, seeds = between(rng, 1500, 3000), 20
    return {
        "mean_interval": {"x": x[:(two := between(rng, 2, n))], "confidence": confidence, "expected": mean_interval(x[:two], confidence)},
        "paired_t": {"x": x, "y": y, "confidence": confidence, "expected": paired_t(x, y, confidence)},
        "welch_t": {"x": x, "y": z, "confidence": confidence, "expected": welch_t(x, z, confidence)},
        "effect_size": {"x": x, "y": z, "expected": effect_size(x, z)},
        "bootstrap_spread": {"x": boot, "confidence": confidence, "n_resamples": resamples, "rng_seeds": seeds, "expected": bootstrap_spread(boot, confidence, resamples, seeds)},
        "bootstrap_given_indices": {"x": boot, "confidence": confidence, "indices": indices, "expected": {"mean": bootstrap_given(boot, indices, confidence, np.mean), "standard_deviation": bootstrap_given(boot, indices, confidence, lambda v: v.std(ddof=1))}},
        "wilcoxon": {"x": x, "y": y, "expected": wilcoxon(x, y, True)},
        "wilcoxon_ties_and_zeros": {"x": ties[0], "y": ties[1], "zero_method": "wilcox: zero differences dropped", "expected": wilcoxon(ties[0], ties[1], False)},
        "mann_whitney": {"x": x, "y": z, "expected": mann_whitney(x, z, not set(x) & set(z))},
        "mann_whitney_ties": {"x": ties[0], "y": ties[2], "expected": mann_whitney(ties[0], ties[2], False)},
        "permutation_two_sample": {"x": small, "y": other, "expected": permutation_two_sample(small, other)},
        "permutation_paired_sign_flip": {"x": flips[0], "y": flips[1], "expected": permutation_sign_flip(*flips)},
        "multiple_testing": {"p": p, "alpha": (alpha := one_of(rng, 0.01, 0.1, 0.2)), "expected": multiple_testing(p, alpha)},
        "wilson": {"expected": [wilson(s, t, c) for s, t, c in ((0, 1, 0.9), (1, 1, 0.99), (between(rng, 1, 30), 30, confidence), (0, between(rng, 2, 900), 0.8), (between(rng, 0, 5000), 5000, 0.999))]},
        "ols_slope": {"x": time_ties, "y": trend, "confidence": confidence, "expected": ols_slope(time_ties, trend, confidence)},
        "theil_sen": {"x": time_ties, "y": steps, "confidence": confidence, "expected": theil_sen(time_ties, steps, confidence)},
        "mann_kendall": {"y": trend, "expected": mann_kendall(trend)},
        "mann_kendall_ties": {"y": steps, "expected": mann_kendall(steps)},
        "correlation": {"x": time, "y": trend, "expected": correlation(time, trend)},
        "correlation_ties": {"x": time_ties, "y": steps, "expected": correlation(time_ties, steps)},
        "anova_2x2_balanced": measured(*balanced),
        "anova_2x2_unbalanced": measured(*unbalanced),
        "roc_auc_and_brier": {"labels": truth, "scores": scores, "expected": {"roc_auc": roc_auc_score(truth, scores), "brier": brier_score_loss(truth, scores)}},
        "calibration": {"logits": logits, "labels": labels, "bins": bins, "expected": calibration(logits, labels, bins)},
    }


# ---------------------------------------------------------------- closed_form.json and closed_form.safetensors

def write_safetensors(path, arrays):
    kinds, header, at = {"float64": "F64", "int32": "I32"}, {}, 0
    data = {n: np.ascontiguousarray(a) for n, a in arrays.items()}
    for name, array in data.items():
        header[name] = {"dtype": kinds[str(array.dtype)], "shape": list(array.shape), "data_offsets": [at, at + array.nbytes]}
        at += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(a.tobytes() for a in data.values()))


def log_densities(x, weights, means, covariances):
    return np.stack([np.log(w) + st.multivariate_normal.logpdf(x, m, c).reshape(len(x)) for w, m, c in zip(weights, means, covariances)], axis=1)


def expectation_maximisation(x, weights, means, covariances, tol, reg, most):
    """Every lower bound, and the last parameters."""
    bounds, d = [], x.shape[1]
    for _ in range(most):
        logs = log_densities(x, weights, means, covariances)
        total = logsumexp(logs, axis=1)
        r = np.exp(logs - total[:, None])
        counts = r.sum(0) + 10 * np.finfo(float).eps
        means = r.T @ x / counts[:, None]
        covariances = np.array([(r[:, k, None] * (x - means[k])).T @ (x - means[k]) / counts[k] + reg * np.eye(d) for k in range(len(counts))])
        weights = counts / counts.sum()
        bounds.append(total.mean())
        if len(bounds) > 1 and abs(bounds[-1] - bounds[-2]) < tol:
            break
    return np.array(bounds), weights, means, covariances


def mixture_case(name, x, weights, means, covariances, tol, reg, most, arrays):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = GaussianMixture(len(weights), tol=tol, reg_covar=reg, max_iter=most, weights_init=weights, means_init=means, precisions_init=np.linalg.inv(covariances)).fit(x)
    bounds, w, m, c = expectation_maximisation(x, weights, means, covariances, tol, reg, most)
    if len(bounds) != fit.n_iter_ or abs(bounds[-1] - fit.lower_bound_) > 1e-11 or abs(m - fit.means_).max() > 1e-9:
        raise RuntimeError(f"{name}: two ways of fitting a mixture disagree.")
    stored = {"x": x, "weights_init": weights, "means_init": means, "covariances_init": covariances, "weights": w, "means": m, "covariances": c, "lower_bounds": bounds, "responsibilities": fit.predict_proba(x), "log_density": fit.score_samples(x)}
    arrays.update({f"gmm.{name}.{k}": np.asarray(v, float) for k, v in stored.items()})
    expected = {"n_iter": fit.n_iter_, "converged": fit.converged_, "lower_bound": fit.lower_bound_, "mean_log_likelihood": fit.score(x), "aic": fit.aic(x), "bic": fit.bic(x)}
    return {"name": name, "tensors": f"gmm.{name}", "tol": tol, "reg_covar": reg, "max_iter": most, "expected": expected}


def random_mixture(rng, k, d, n):
    centres = rng.normal(size=(k, d)) * 2.5
    x = rounded(centres[rng.integers(k, size=n)] + rng.normal(size=(n, d)), 4)
    weights = rounded(np.full(k, 1 / k), 3)
    weights[0] += 1 - weights.sum()
    return x, weights, rounded(centres + rng.normal(size=(k, d)) * 0.5, 3), np.array([covariance(rng, d, 4) + 0.3 * np.eye(d) for _ in range(k)])


def kmeans_entry(rng, arrays):
    n, d, k = between(rng, 60, 200), between(rng, 2, 5), between(rng, 2, 6)
    x = rounded(rng.normal(size=(n, d)) + 3 * rng.normal(size=(k, d))[rng.integers(k, size=n)], 4)
    start = x[rng.choice(n, k, replace=False)]
    fit = KMeans(k, init=start, n_init=1, max_iter=300, tol=0, algorithm="lloyd").fit(x)
    centres = np.array([x[fit.labels_ == j].mean(0) for j in range(k)])
    arrays.update({"kmeans.x": x, "kmeans.init": start, "kmeans.centres": centres, "kmeans.labels": fit.labels_.astype(np.int32)})
    return {"max_iter": 300, "tol": 0, "expected": {"inertia": ((x - centres[fit.labels_]) ** 2).sum(), "n_iter": fit.n_iter_}}


def density_case(name, x, points, arrays):
    arrays.update({f"kde.{name}.x": x, f"kde.{name}.points": points})
    n, d = x.shape
    expected = {}
    for rule in ("scott", "silverman"):
        kde = st.gaussian_kde(x.T, rule)
        arrays[f"kde.{name}.{rule}.density"] = kde(points.T)
        expected[rule] = {"factor": kde.factor, "kernel_covariance": kde.covariance} | ({"bandwidth": math.sqrt(kde.covariance[0, 0])} if d == 1 else {})
    if d == 1:
        spread = min(x.std(ddof=1), float(np.subtract(*np.quantile(x, [0.75, 0.25]))) / 1.34)
        expected["silverman_rule_of_thumb_0.9_min_sd_iqr"] = 0.9 * spread * n ** -0.2
    return {"name": name, "tensors": f"kde.{name}", "expected": expected}


def gaussian_entry(rng, arrays):
    n, d, shown = between(rng, 8, 60), between(rng, 1, 5), between(rng, 2, 7)
    x = rounded(rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + rng.normal(size=d), 4)
    arrays["gaussian.x"] = x
    mean, mle, unbiased = x.mean(0), np.atleast_2d(np.cov(x.T, ddof=0)), np.atleast_2d(np.cov(x.T))
    log = st.multivariate_normal.logpdf
    return {"tensors": "gaussian", "expected": {
        "mean": mean, "covariance_mle": mle, "covariance_unbiased": unbiased, "log_likelihood_sum_mle": log(x, mean, mle).sum(), "log_likelihood_sum_unbiased": log(x, mean, unbiased).sum(),
        "entropy_nats_mle": st.multivariate_normal.entropy(mean, mle), f"log_density_first_{shown}_mle": log(x[:shown], mean, mle),
    }}


def gaussian_kl(mean_p, cov_p, mean_q, cov_q):
    d, inverse = mean_q - mean_p, np.linalg.inv(cov_q)
    return (np.trace(inverse @ cov_p) + d @ inverse @ d - len(d) + np.linalg.slogdet(cov_q)[1] - np.linalg.slogdet(cov_p)[1]) / 2


def overlap(f, g):
    pairs = product(zip(*f.values()), zip(*g.values()))
    return sum(v * w * st.multivariate_normal.pdf(m, n, s + t) for (v, m, s), (w, n, t) in pairs)


def mixture_l2_case(rng, name, d):
    def side():
        k = between(rng, 1, 4)
        return {"weights": distribution(rng, k, sharpness=5, digits=3), "means": rounded(rng.normal(size=(k, d)), 3), "covariances": np.array([covariance(rng, d, 4) + 0.2 * np.eye(d) for _ in range(k)])}

    f, g = side(), side()
    ff, gg, fg = overlap(f, f), overlap(g, g), overlap(f, g)
    return {"name": name, "f": f, "g": g, "expected": {"integral_f_f": ff, "integral_g_g": gg, "integral_f_g": fg, "l2_squared": ff + gg - 2 * fg, "l2": math.sqrt(ff + gg - 2 * fg)}}


def regression_entry(rng, arrays):
    n, d, alpha = between(rng, 15, 60), between(rng, 3, 9), one_of(rng, 0.1, 1.7, 12.0)
    x = rounded(rng.normal(size=(n, d)) + 0.5, 4)
    y = rounded(x @ rng.normal(size=d) + 2 + 0.5 * rng.normal(size=n), 4)
    arrays.update({"regression.x": x, "regression.y": y})
    plain_fit, ridge, few = LinearRegression().fit(x, y), Ridge(alpha, tol=1e-14).fit(x, y), between(rng, 1, d - 1)
    return {"tensors": "regression", "ridge_alpha": alpha, "expected": {
        "ols": {"coef": plain_fit.coef_, "intercept": plain_fit.intercept_, "r2": plain_fit.score(x, y)}, "ols_no_intercept": LinearRegression(fit_intercept=False).fit(x, y).coef_,
        "ridge": {"coef": ridge.coef_, "intercept": ridge.intercept_}, "ridge_no_intercept": Ridge(alpha, fit_intercept=False, tol=1e-14).fit(x, y).coef_,
        f"minimum_norm_first_{few}_rows_no_intercept": np.linalg.pinv(x[:few]) @ y[:few],
    }}


def pca_entry(rng, arrays):
    n, d = between(rng, 12, 50), between(rng, 2, 7)
    x = rounded(rng.normal(size=(n, d)) * np.exp(-np.arange(d) / 2) @ np.linalg.qr(rng.normal(size=(d, d)))[0] + 3, 4)
    fit = PCA(svd_solver="full").fit(x)
    share = fit.explained_variance_ratio_
    arrays.update({"pca.x": x, "pca.components_up_to_sign": fit.components_, "pca.projection_up_to_sign": fit.transform(x)})
    return {"tensors": "pca", "expected": {
        "explained_variance": fit.explained_variance_, "explained_variance_ratio": share, "singular_values": fit.singular_values_, "mean": fit.mean_,
        "effective_rank_exp_entropy": math.exp(st.entropy(share)), "participation_ratio": share.sum() ** 2 / (share ** 2).sum(),
    }}


def tfidf_entry(rng, arrays, options):
    paragraphs = list(articles(options.text))
    documents = [" ".join(paragraphs[i][:between(rng, 3, 20)]) for i in rng.choice(len(paragraphs), between(rng, 5, 14), replace=False)]
    documents += ["Ça va, l'été: naïve café CAFÉ", "A I 7", "snake_case snake_case 42 4 2nd", documents[0]]
    fit = TfidfVectorizer()
    arrays["tfidf.matrix"] = matrix = fit.fit_transform(documents).toarray()
    return {"documents": documents, "token_pattern": r"(?u)\b\w\w+\b after lower-casing: tokens of one character are dropped", "vocabulary": list(fit.get_feature_names_out()), "expected": {"idf": fit.idf_, "matrix_tensor": "tfidf.matrix", "cosine_similarity": matrix @ matrix.T}}


def closed_form(rng, options):
    arrays = {}
    k, d = between(rng, 2, 4), between(rng, 1, 4)
    stop = between(rng, 3, 25)
    mixtures = [
        mixture_case("plain", *random_mixture(rng, k, d, between(rng, 80, 200)), one_of(rng, 1e-4, 1e-5), 1e-6, 400, arrays),
        mixture_case("on_a_line", *random_mixture(rng, 3, 1, between(rng, 60, 150)), 1e-4, 1e-3, 300, arrays),
        mixture_case("stopped", *random_mixture(rng, k + 1, d + 1, 150), 0.0, 1e-6, stop, arrays),
        mixture_case("one_component", *random_mixture(rng, 1, d, 40), 1e-6, 1e-6, 50, arrays),
    ]
    sides = [(rounded(rng.normal(size=d), 4), covariance(rng, d) + 0.1 * np.eye(d)) for _ in range(2)]
    n = between(rng, 10, 60)
    entries = {
        "gaussian_mixture": mixtures, "kmeans": kmeans_entry(rng, arrays),
        "kernel_density": [density_case("line", rounded(rng.normal(size=(n, 1)) ** 3, 3), rounded(rng.uniform(-3, 3, size=(between(rng, 5, 30), 1)), 2), arrays), density_case("space", rounded(rng.normal(size=(n, 3)), 3), rounded(rng.normal(size=(8, 3)), 2), arrays), density_case("with_copies", rounded(rng.integers(0, 4, size=(n, 1)), 1), rounded(rng.uniform(0, 3, size=(6, 1)), 2), arrays)],
        "gaussian": gaussian_entry(rng, arrays),
        "gaussian_kl": {"mean_p": sides[0][0], "cov_p": sides[0][1], "mean_q": sides[1][0], "cov_q": sides[1][1], "expected": {"kl_p_q": gaussian_kl(*sides[0], *sides[1])}},
        "mixture_l2": [mixture_l2_case(rng, "line", 1), mixture_l2_case(rng, "plane", 2), mixture_l2_case(rng, "more", between(rng, 3, 5))],
        "regression": regression_entry(rng, arrays), "pca": pca_entry(rng, arrays), "tfidf": tfidf_entry(rng, arrays, options),
    }
    write_safetensors(options.out / "closed_form.safetensors", arrays)
    return entries


# ---------------------------------------------------------------- monitoring.json

def page_hinkley(values, s, mode):
    alarms = []
    n = mean = up = down = 0.0
    least, most = math.inf, -1.0
    for i, x in enumerate(values):
        n += 1
        mean += (x - mean) / n
        up, down = s["alpha"] * up + x - mean - s["delta"], s["alpha"] * down + x - mean + s["delta"]
        least, most = min(least, up), max(most, down)
        rising, falling = up - least > s["threshold"], most - down > s["threshold"]
        if n >= s["min_instances"] and {"up": rising, "down": falling, "both": rising or falling}[mode]:
            alarms.append(i)
            n = mean = up = down = 0.0
            least, most = math.inf, -1.0
    return alarms


class Adwin:
    """An exponential histogram: rows of (sum, variance times size) buckets of 2^row values, oldest last."""

    def __init__(self, common, own):
        self.common, self.own, self.ticks, self.rows = common, own, 0, [[]]

    def buckets(self):
        """Size, sum and squares about the mean of each bucket, oldest first."""
        return [(2 ** r, *b) for r in range(len(self.rows) - 1, -1, -1) for b in reversed(self.rows[r])]

    def totals(self):
        n = total = squares = 0.0
        for size, s, v in self.buckets():
            if n:
                squares += (s / size - total / n) ** 2 * size * n / (size + n)
            n, total, squares = n + size, total + s, squares + v
        return int(n), total, squares

    def insert(self, x):
        self.rows[0].insert(0, (x, 0.0))
        row = 0
        while len(self.rows[row]) > self.common["max_buckets"]:
            (s2, v2), (s1, v1) = self.rows[row].pop(), self.rows[row].pop()
            size = 2 ** row
            if row + 1 == len(self.rows):
                self.rows.append([])
            self.rows[row + 1].insert(0, (s1 + s2, v1 + v2 + (s1 / size - s2 / size) ** 2 * size / 2))
            row += 1

    def cut(self):
        """Whether some border parts two means that differ."""
        (n, total, squares), least = self.totals(), self.common["min_window_length"]
        d = math.log(2 * math.log(n) / self.own["delta"])
        n0 = s0 = 0.0
        for size, s, _ in self.buckets():
            n0, s0 = n0 + size, s0 + s
            n1, s1 = n - n0, total - s0
            if n1 < least:
                return False
            if n0 >= least:
                m = 1 / (n0 - least + 1) + 1 / (n1 - least + 1)
                if abs(s0 / n0 - s1 / n1) > math.sqrt(2 * m * squares / n * d) + 2 / 3 * d * m:
                    return True
        return False

    def update(self, x):
        self.ticks += 1
        self.insert(x)
        if self.ticks % self.own["clock"] or self.totals()[0] <= self.common["grace_period"]:
            return False
        changed = False
        while self.totals()[0] > 1 and self.cut():
            changed = True
            oldest = max(r for r in range(len(self.rows)) if self.rows[r])
            self.rows[oldest].pop()
        return changed


def adwin(values, common, own):
    result = {"settings": own}
    for prefix, restarts in (("", True), ("published_keeps_window_", False)):
        detector, fresh, alarms, widths = Adwin(common, own), False, [], []
        for i, x in enumerate(values):
            if fresh and restarts:
                detector = Adwin(common, own)
            if fresh := detector.update(x):
                alarms.append(i)
            widths.append(detector.totals()[0])
        result |= {f"{prefix}alarms": alarms, f"{prefix}width": widths}
    return result


def kswin(values, s, rows):
    window, tests, alarms, seen, newest = [], 0, [], [], s["stat_size"]
    for i, x in enumerate(values):
        window = [*window, x][-s["window_size"]:]
        if len(window) < s["window_size"]:
            continue
        old = [window[j] for j in rows[tests]]
        test = st.ks_2samp(old, window[-newest:], method="exact")
        if tests % 25 == 0:
            seen.append([i, test.statistic, test.pvalue])
        tests += 1
        if test.pvalue <= s["alpha"] and test.statistic > 0.1:
            alarms.append(i)
            window, tests = [], 0
    return {"alarms": alarms, "some_tests_index_statistic_p": seen}


def ewma(values, s):
    z, lam, alarms = 0.0, s["lam"], []
    for t, x in enumerate(values, 1):
        z = lam * (x - s["target"]) / s["sigma"] + (1 - lam) * z
        if abs(z) > s["L"] * math.sqrt(lam / (2 - lam) * (1 - (1 - lam) ** (2 * t))):
            alarms.append(t - 1)
    return {"alarms_no_reset": alarms, "first": alarms[0] if alarms else None, "statistic_last": s["target"] + s["sigma"] * z}


def cusum(values, s, reset):
    upper = lower = 0.0
    alarms = []
    for i, x in enumerate(values):
        x = (x - s["target"]) / s["sigma"]
        upper, lower = max(0.0, upper + x - s["k"]), max(0.0, lower - x - s["k"])
        if max(upper, lower) > s["h"]:
            alarms.append(i)
            if reset:
                upper = lower = 0.0
    return {"alarms": alarms, "upper_last": upper, "lower_last": lower}


def bocpd(values, s, shown):
    h = 1 / s["hazard"]
    logs, mu, kappa, alpha, beta = np.zeros(1), *(np.array([s[k]]) for k in ("mu0", "kappa0", "alpha0", "beta0"))
    evidence, modes, means, posterior = [], [], [], None
    for t, x in enumerate(values, 1):
        joint = logs + st.t.logpdf(x, 2 * alpha, mu, np.sqrt(beta * (kappa + 1) / (alpha * kappa)))
        total = logsumexp(joint)
        logs = np.r_[math.log(h), joint - total + math.log1p(-h)]
        beta = np.r_[s["beta0"], beta + kappa * (x - mu) ** 2 / (2 * (kappa + 1))]
        mu, kappa, alpha = np.r_[s["mu0"], (kappa * mu + x) / (kappa + 1)], np.r_[s["kappa0"], kappa + 1], np.r_[s["alpha0"], alpha + 0.5]
        p = np.exp(logs)
        evidence.append(total)
        modes.append(p.argmax())
        means.append(p @ np.arange(len(p)))
        if t == shown:
            posterior = p
    return {"log_evidence_per_step": rounded(evidence, 12), "log_evidence_total": sum(evidence), "run_length_argmax": modes, "run_length_mean": rounded(means, 9), f"posterior_after_{shown}_steps": posterior, "probability_run_length_0_is_always": h}


def streams(rng, n):
    change = n // 2
    later = np.arange(n) >= change
    base = rng.normal(size=n)
    return {
        "steady": (base, None), "constant": (np.full(n, 0.5), None), "step_up": (rng.normal(size=n) + 2 * later, change), "step_down": (rng.normal(size=n) - 1.2 * later, change),
        "alternating": (np.where(np.arange(n) % 2 == 0, 1.0, -1.0), None), "wider": (rng.normal(size=n) * (1 + 2 * later), change), "ramp": (rng.normal(size=n) + 3 * np.maximum(0, np.arange(n) - change) / n, change),
        "from_constant": (np.where(later, 3.0, 0.0), change), "integers": (rng.integers(-2, 3, size=n) + 2.0 * later, change),
    }


def monitoring(rng, options):
    n, window = between(rng, 150, 320), between(rng, 40, 90)
    settings = {
        "page_hinkley": {"min_instances": between(rng, 5, 40), "delta": one_of(rng, 0.005, 0.02, 0.1), "threshold": one_of(rng, 5.0, 8.0, 12.5), "alpha": one_of(rng, 0.99, 0.999, 1.0)},
        "adwin_common": {"max_buckets": between(rng, 3, 6), "min_window_length": between(rng, 2, 7), "grace_period": between(rng, 5, 20)},
        "kswin": {"alpha": one_of(rng, 0.01, 0.02, 0.001), "window_size": window, "stat_size": between(rng, 12, window // 3), "seed": between(rng, 1, 99)},
        "ewma": {"lam": one_of(rng, 0.05, 0.25, 0.4), "L": one_of(rng, 2.5, 3.0), "target": 0.0, "sigma": 1.0},
        "cusum": {"k": one_of(rng, 0.25, 0.7), "h": one_of(rng, 3.0, 4.0, 8.0), "target": 0.0, "sigma": 1.0},
        "bocpd": {"hazard": one_of(rng, 20.0, 60.0, 250.0), "mu0": one_of(rng, 0.0, 0.5), "kappa0": one_of(rng, 0.1, 2.0), "alpha0": one_of(rng, 0.5, 2.0), "beta0": one_of(rng, 0.5, 2.0)},
    }
    runs = [{"delta": one_of(rng, 0.001, 0.01), "clock": between(rng, 2, 20)}, {"delta": 0.05, "clock": 1}, {"delta": 0.3, "clock": 7}]
    k, shown = settings["kswin"], between(rng, 3, 20)
    rows = [rng.choice(window - k["stat_size"], k["stat_size"], replace=False) for _ in range(n)]
    cases = []
    for name, (values, change) in streams(rng, n).items():
        x = rounded(values, 4).tolist()
        expected = {f"page_hinkley_{m}": page_hinkley(x, settings["page_hinkley"], m) for m in ("both", "up", "down")}
        expected |= {"adwin": [adwin(x, settings["adwin_common"], own) for own in runs], "kswin": kswin(x, k, rows), "ewma": ewma(x, settings["ewma"])}
        expected |= {"cusum_reset": cusum(x, settings["cusum"], True), "cusum_no_reset": cusum(x, settings["cusum"], False), "bocpd": bocpd(x, settings["bocpd"], shown)}
        cases.append({"name": name, "values": x, "change_at": change, "expected": expected})
    return {"settings": settings, "cases": cases, "kswin_draws": {"note": "row t: the positions in the window drawn at the t-th test after a start or an alarm", "rows": rows}}


# ---------------------------------------------------------------- expected_laws.json

def probability_below(bound, m, n, divisor):
    """P(sigma^2 < bound) by inversion of the characteristic function of ln sigma^2, a sum of n logarithms of chi-squares."""
    half, y = (m - 1) / 2, math.log(bound)

    spread = math.sqrt(n * scipy.special.polygamma(1, half))
    end = brentq(lambda t: n * float((loggamma(half + 1j * t) - loggamma(half)).real) + 45, 1e-9, 1e5)
    edges = np.linspace(1e-12, end, int(end * max(spread, abs(y) + n * abs(psi(half) + math.log(2 / divisor)), 1)) + 20)
    nodes, weights = np.polynomial.legendre.leggauss(20)
    total = 0.0
    for a, b in zip(edges, edges[1:]):
        t = (a + b) / 2 + (b - a) / 2 * nodes
        log = n * (1j * t * math.log(2 / divisor) + loggamma(half + 1j * t) - loggamma(half)) - 1j * t * y
        total += (b - a) / 2 * (weights @ (np.exp(log).imag / t))
    return 0.5 - total / math.pi


def replace_law(m, n, mle, bound):
    divisor = m if mle else m - 1
    s = (m - 1) / divisor
    c4 = math.sqrt(2 / (m - 1)) * math.exp(gammaln(m / 2) - gammaln((m - 1) / 2))
    sigma2, sigma, mu2 = s ** n, (c4 * math.sqrt(s)) ** n, 1 - (1 - 1 / m) ** n if mle else n / m
    return {
        "sigma2": sigma2, "log_sigma2": n * (psi((m - 1) / 2) + math.log(2 / divisor)), "mu2": mu2, "sigma": sigma, f"p_sigma2_below_{bound}": probability_below(bound, m, n, divisor),
        "relative_variance_of_sigma2": (1 + 2 / (m - 1)) ** n - 1, "w2_squared": mu2 + sigma2 + 1 - 2 * sigma,
    }


def mean_root(m, share, divisor):
    """E sqrt(1 + (A + share B) / divisor) with A and B chi-square of m - 1 and 1 degrees: from E exp(-s Y), by a root's integral."""
    def lack(u):
        s = u * u
        return -math.expm1(-s - (m - 1) / 2 * math.log1p(2 * s / divisor) - 0.5 * math.log1p(2 * s * share / divisor)) / s if u > 1e-9 else 1 + (m - 1 + share) / divisor

    pieces = [quad(lack, a, b, epsabs=0, epsrel=1e-13, limit=500)[0] for a, b in ((0, 0.5), (0.5, 2), (2, 8))]
    return (sum(pieces) + 1 / 8) / math.sqrt(math.pi)


def accumulate_law(m, n, mle):
    sigma2, mu2, before = 1.0, 0.0, 1.0
    root = math.sqrt(2) * math.exp(gammaln(m / 2) - gammaln((m - 1) / 2))
    for i in range(1, n + 1):
        mu2 += before / (i * i * m)
        if mle:
            sigma2 *= 1 - 1 / (i * i * m)
        elif i > 1:
            sigma2 *= 1 - 1 / (i * (i * m - 1))
        if i > 1:
            root *= mean_root(m, (i - 1) / i, (i - 1) * m - (0 if mle else 1))
        before = sigma2
    sigma = root / math.sqrt(n * m - (0 if mle else 1))
    return {"sigma2": sigma2, "mu2": mu2, "sigma": sigma, "w2_squared": mu2 + sigma2 + 1 - 2 * sigma}


def simulate_gaussians(rng, m, n, mle, accumulates, runs):
    """Parameters after n fits, by drawing each batch's mean and squares."""
    mean, variance = np.zeros(runs), np.ones(runs)
    total, centre, squares = 0, np.zeros(runs), np.zeros(runs)
    for _ in range(n):
        batch, spread = mean + np.sqrt(variance / m) * rng.normal(size=runs), variance * rng.chisquare(m - 1, size=runs)
        if accumulates and total:
            squares, centre = squares + spread + (batch - centre) ** 2 * total * m / (total + m), (total * centre + m * batch) / (total + m)
        else:
            squares, centre = spread, batch
        total = total + m if accumulates else m
        mean, variance = centre, squares / (total if mle else total - 1)
    return mean, variance


def estimate(values):
    return {"mc": values.mean(), "se": values.std(ddof=1) / math.sqrt(len(values))}


def z_scores(closed, simulated):
    return {k: (simulated[k]["mc"] - closed[k]) / simulated[k]["se"] if simulated[k]["se"] > 0 else 0.0 for k in simulated if k in closed}


def gaussian_row(rng, m, n, mle, accumulates, runs, bound):
    closed = accumulate_law(m, n, mle) if accumulates else replace_law(m, n, mle, bound)
    mean, variance = simulate_gaussians(rng, m, n, mle, accumulates, runs)
    simulated = {"sigma2": estimate(variance), "sigma": estimate(np.sqrt(variance)), "log_sigma2": estimate(np.log(variance)), "mu2": estimate(mean ** 2), "w2_squared": estimate(mean ** 2 + (np.sqrt(variance) - 1) ** 2)}
    if not accumulates:
        simulated[f"p_sigma2_below_{bound}"] = estimate((variance < bound).astype(float))
    reliable = accumulates or closed["relative_variance_of_sigma2"] < 10
    z = z_scores(closed, simulated)
    if reliable and max(abs(v) for v in z.values()) > 5.5:
        raise RuntimeError(f"M = {m}, n = {n}: the simulation is far from the law: {z}")
    return {"M": m, "n": n, "runs": runs, "closed": closed, "monte_carlo": simulated, "monte_carlo_mean_is_reliable": reliable, "z_scores": z}


def wright_fisher_row(rng, p0, m, n, runs):
    counts = np.arange(m + 1)
    step = st.binom.pmf(counts[None], m, counts[:, None] / m)
    after = st.binom.pmf(counts[None], m, p0[:, None]) @ np.linalg.matrix_power(step, n - 1)
    survival = 1 - after[:, 0]
    closed = {"heterozygosity": (1 - 1 / m) ** n * (1 - (p0 ** 2).sum()), "surviving_states": survival.sum()}
    p = np.tile(p0, (runs, 1))
    for _ in range(n):
        p = np.array([rng.multinomial(m, row / row.sum()) for row in p]) / m
    simulated = {"heterozygosity": estimate(1 - (p ** 2).sum(1)), "surviving_states": estimate((p > 0).sum(1).astype(float)), "entropy_nats": estimate(st.entropy(p, axis=1)), "total_variation_from_start": estimate(abs(p - p0).sum(1) / 2)}
    return {"M": m, "n": n, "runs": runs, "closed": closed, "monte_carlo": simulated, "z_scores": z_scores(closed, simulated), "survival_probability_by_state": rounded(survival, 12)}


def wright_fisher(rng):
    states, exponent = between(rng, 3, 30), one_of(rng, 0.5, 1.3)
    p0 = np.arange(1, states + 1.0) ** -exponent
    p0[-1] = 0
    p0 = p0 / p0.sum()
    rows = [wright_fisher_row(rng, p0, m, n, 400) for m in (1, between(rng, 5, 40), between(rng, 80, 150)) for n in (1, between(rng, 2, 9), between(rng, 20, 60))]
    return {"p0": p0, "states": states, "zipf_exponent": exponent, "initial_heterozygosity": 1 - (p0 ** 2).sum(), "rows": rows}


def regression_law(policy, d, t, sigma, n):
    if policy.startswith("replace"):
        return sigma ** 2 * d / (t - d - 1) * n
    if policy == "accumulate_same_features":
        return sigma ** 2 * d / (t - d - 1) * sum(1 / i ** 2 for i in range(1, n + 1))
    return sigma ** 2 * sum(d / (i * (i * t - d - 1)) for i in range(1, n + 1))


def simulate_regression(rng, policy, d, t, sigma, n):
    """The squared error of fit n, started from w* = 0."""
    w, xs, ys = np.zeros(d), [], []
    x = rng.normal(size=(t, d))
    for i in range(n):
        if i and policy.endswith("fresh_features"):
            x = rng.normal(size=(t, d))
        y = x @ w + sigma * rng.normal(size=t)
        xs, ys = ([*xs, x], [*ys, y]) if policy.startswith("accumulate") else ([x], [y])
        w = np.linalg.lstsq(np.vstack(xs), np.concatenate(ys), rcond=None)[0]
    return float(w @ w)


def linear_regression(rng):
    d, sigma = between(rng, 1, 6), one_of(rng, 0.5, 2.0)
    t = d + 2 + between(rng, 4, 40)
    rows = []
    for policy in ("replace_fresh_features", "replace_same_features", "accumulate_fresh_features", "accumulate_same_features"):
        for n in (1, between(rng, 2, 4), between(rng, 6, 12)):
            closed, runs = regression_law(policy, d, t, sigma, n), 300
            simulated = estimate(np.array([simulate_regression(rng, policy, d, t, sigma, n) for _ in range(runs)]))
            bound = sigma ** 2 * d / (t - d - 1) * math.pi ** 2 / 6 if policy.startswith("accumulate") else None
            rows.append({"policy": policy, "n": n, "runs": runs, "closed_excess_test_error": closed, "bound_pi2_over_6": bound, "monte_carlo": simulated, "z_score": (simulated["mc"] - closed) / simulated["se"]})
    return {"d": d, "T": t, "sigma": sigma, "rows": rows}


def expected_laws(rng, options):
    shapes = [(m, n) for m in (2, between(rng, 3, 9), between(rng, 30, 250)) for n in (1, between(rng, 2, 6), between(rng, 10, 60))]
    bound, result = one_of(rng, 0.05, 0.2, 0.5), {}
    for policy, accumulates in (("replace", False), ("accumulate", True)):
        for estimator in ("unbiased", "mle"):
            result[f"gaussian_{policy}_{estimator}"] = [gaussian_row(rng, m, n, estimator == "mle", accumulates, 3000, bound) for m, n in shapes]
    return result | {"wright_fisher": wright_fisher(rng), "linear_regression": linear_regression(rng)}


# ---------------------------------------------------------------- all files

FILES = {
    "text_diversity": (text_diversity, "Lexical diversity, repetition, self-BLEU, Zipf, Heaps, MTLD, HD-D, compression"), "readability": (readability, "Readability scores, with the counts they rest on"),
    "mauve": (mauve, "MAUVE from features and from histograms"), "vendi": (vendi, "Vendi scores of order q"), "distances": (distances, "Divergences, transport distances, kernel distances, precision and recall"),
    "statistics": (statistics, "Tests, intervals, effect sizes, calibration"), "closed_form": (closed_form, "Closed-form and EM fits; arrays stand in closed_form.safetensors under the names given"),
    "monitoring": (monitoring, "Change detectors: alarm positions are zero-based indices of the value that raised the alarm"), "expected_laws": (expected_laws, "Recursion laws: closed form beside Monte-Carlo"),
}


def versions():
    packages = {p: version(p) for p in ("numpy", "scipy", "scikit-learn", "statsmodels", "nltk", "POT", "pandas", "patsy", "mpmath")}
    return {"python": platform.python_version(), "zlib_runtime": zlib.ZLIB_RUNTIME_VERSION, "packages": packages}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="the metrics folder to write, which must not be there yet")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--text", type=Path, default=DATA / "wikitext-2" / "wiki.test.raw", help="a WikiText file")
    parser.add_argument("--golden", type=Path, default=GOLDEN / "metrics", help="the folder whose readability.json has the syllables")
    parser.add_argument("--only", nargs="*", choices=FILES, help="write these files alone")
    options = parser.parse_args()
    # Whatever is there may be, or lead to, the given values.
    if options.out.exists() or options.out.is_symlink():
        parser.error(f"{options.out} is there already: name a new folder.")
    options.out.mkdir(parents=True)
    for number, (name, (make, what)) in enumerate(FILES.items()):
        if options.only and name not in options.only:
            continue
        content = {"what": what, "seed": options.seed, **make(np.random.default_rng([options.seed, number]), options)}
        (options.out / f"{name}.json").write_text(json.dumps(plain(content), ensure_ascii=False), encoding="utf-8")
        print(f"{options.out / name}.json")
    (options.out / "versions.json").write_text(json.dumps(versions(), indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
