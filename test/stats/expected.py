"""Writes expected.json: what scipy and statsmodels make of the cases of the tests.

Run: pip install numpy scipy statsmodels && python expected.py
"""

import json
import pathlib

import numpy as np
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.weightstats import DescrStatsW

random = np.random.default_rng(20)


def cluster_robust(values, weights, clusters):
    """CR2 of a weighted regression on a constant, by matrices; degrees of freedom by eigenvalues.

    In units in which the working variance, the inverse of the weights, is the identity.
    """
    x = np.sqrt(weights)[:, None]
    y = np.sqrt(weights) * values
    bread = np.linalg.inv(x.T @ x)
    residual_maker = np.eye(len(y)) - x @ bread @ x.T
    groups = np.unique(clusters)
    parts = []
    for group in groups:
        rows = np.flatnonzero(clusters == group)
        eigenvalues, vectors = np.linalg.eigh(residual_maker[np.ix_(rows, rows)])
        adjust = vectors @ np.diag(eigenvalues**-0.5) @ vectors.T
        parts.append((bread @ x[rows].T @ adjust @ residual_maker[rows]).ravel())
    parts = np.array(parts)
    spectrum = np.linalg.eigvalsh(parts @ parts.T)
    return {
        "estimate": (bread @ x.T @ y).item(),
        "se": np.sum((parts @ y) ** 2) ** 0.5,
        "df": spectrum.sum() ** 2 / (spectrum**2).sum(),
        "units": len(groups),
    }


def sample_case():
    values = random.uniform(size=25)
    return {
        "values": values.tolist(),
        "estimate": values.mean(),
        "se": stats.sem(values),
        "df": 24,
        "units": 25,
        "ci": stats.t.interval(0.95, 24, values.mean(), stats.sem(values)),
    }


def clustered_case(weighted):
    clusters = np.repeat(np.arange(12), random.integers(1, 6, size=12))
    values = random.binomial(1, 0.6, size=len(clusters)).astype(float)
    weights = random.uniform(1, 5, size=len(clusters)) if weighted else np.ones(len(clusters))
    return {
        "values": values.tolist(),
        "weights": weights.tolist(),
        "clusters": clusters.tolist(),
        **cluster_robust(values, weights, clusters),
    }


def paired_case():
    baseline = random.uniform(size=40)
    candidate = np.clip(baseline + random.normal(-0.02, 0.1, size=40), 0, 1)
    test = stats.ttest_rel(candidate, baseline)
    return {
        "baseline": baseline.tolist(),
        "candidate": candidate.tolist(),
        "estimate": (candidate - baseline).mean(),
        "se": stats.sem(candidate - baseline),
        "df": float(test.df),
        "p": test.pvalue,
        "ci": test.confidence_interval(0.95),
    }


def welch_case():
    baseline = random.uniform(size=30)
    candidate = random.uniform(0.1, 1, size=17)
    test = stats.ttest_ind(candidate, baseline, equal_var=False)
    return {
        "baseline": baseline.tolist(),
        "candidate": candidate.tolist(),
        "estimate": candidate.mean() - baseline.mean(),
        "df": float(test.df),
        "p": test.pvalue,
        "ci": test.confidence_interval(0.95),
    }


def wilson_cases():
    cases = [(0, 10), (10, 10), (1, 1), (7, 12), (480, 541), (2, 3000)]
    return [
        {"successes": k, "n": n, "ci": stats.binomtest(k, n).proportion_ci(0.95, "wilson")} for k, n in cases
    ]


def holm(p):
    """By the definition: reject step by step; adjusted p is the smallest level at which each is rejected."""
    p = np.array(p)
    return [
        min(1.0, max((len(p) - sum(p < other)) * other for other in p[p <= own]))
        for own in p
    ]


P_VALUES = [
    [0.04, 0.001, 0.03],
    [0.2],
    [1.0, 1.0, 0.9, 0.0],
    [0.01, 0.02, 0.03, 0.04, 0.05, 0.8],
    [0.02, 0.02, 0.5],
]


def detectable_cases():
    cases = []
    for se, family, minimum in [(0.005, 3, 0.005), (0.0005, 3, 0.005), (0.02, 24, 0.01), (0, 1, 0.01)]:
        z_test = stats.norm.isf(0.05 / 2 / family)
        z_power = stats.norm.ppf(0.8)
        cases.append(
            {
                "se": se,
                "familySize": family,
                "minimumEffect": minimum,
                "detectable": max((z_test + z_power) * se, minimum + z_power * se),
            }
        )
    return cases


def lopsided_case():
    """One cluster has nearly all the weight."""
    clusters = np.array([0, 0, 0, 1, 2, 2])
    weights = np.array([300.0, 500.0, 400.0, 1.0, 0.5, 2.0])
    values = np.array([0.1, 0.9, 0.3, 1.0, 0.0, 0.25])
    return {
        "values": values.tolist(),
        "weights": weights.tolist(),
        "clusters": clusters.tolist(),
        **cluster_robust(values, weights, clusters),
    }


def combine(parts, coefficients):
    """Sum of c x of independent (x, variance, df), by Welch and Satterthwaite."""
    variances = [c**2 * variance for c, (_, variance, _) in zip(coefficients, parts)]
    df = sum(variances) ** 2 / sum(v**2 / df for v, (_, _, df) in zip(variances, parts))
    return sum(c * x for c, (x, _, _) in zip(coefficients, parts)), sum(variances) ** 0.5, df


def stratified_case(sizes, stratum_weights):
    """Strata of one value take the spread of a value from the others."""
    strata = np.repeat(np.arange(len(sizes)), sizes)
    values = random.uniform(size=len(strata)) * 0.5 + strata * 0.1
    shares = np.array(stratum_weights) / sum(stratum_weights)
    groups = [values[strata == stratum] for stratum in range(len(sizes))]
    wide = [(share, group) for share, group in zip(shares, groups) if len(group) > 1]
    lone = sum(share**2 for share, group in zip(shares, groups) if len(group) == 1)
    freedom = sum(len(group) - 1 for _, group in wide)
    # With q the share of a stratum's variance in the pooled one, se^2 = sum of (share^2 / n + lone q) s^2.
    parts = [(group.mean(), group.var(ddof=1), len(group) - 1) for _, group in wide]
    coefficients = [
        (share**2 / len(group) + lone * (len(group) - 1) / freedom) ** 0.5 for share, group in wide
    ]
    _, se, df = combine(parts, coefficients)
    return {
        "values": values.tolist(),
        "strata": strata.tolist(),
        "stratumWeights": stratum_weights,
        "estimate": sum(share * group.mean() for share, group in zip(shares, groups)),
        "se": se,
        "df": df,
        "units": len(values),
    }


def mcnemar_cases():
    cases = [(0, 0), (1, 0), (3, 3), (2, 9), (12, 31), (0, 40), (480, 541), (9000, 9500)]
    return [
        {"gained": b, "lost": c, "p": mcnemar([[7, b], [c, 5]], exact=True).pvalue} for b, c in cases
    ]


def tango(gained, lost, n, level):
    """Inverts the score test; the nuisance share is found where the likelihood has no slope."""
    z = stats.norm.ppf((1 + level) / 2)
    both = n - gained - lost

    def likeliest_lost(d):
        low, high = max(0, -d), (1 - d) / 2

        def slope(q):
            terms = [(gained, q + d, 1), (lost, q, 1), (both, 1 - 2 * q - d, -2)]
            terms = [term for term in terms if term[0] > 0]
            others = lambda i: np.prod([share for j, (_, share, _) in enumerate(terms) if j != i])
            return sum(sign * count * others(i) for i, (count, _, sign) in enumerate(terms))

        if slope(low) <= 0:
            return low
        if slope(high) >= 0:
            return high
        return optimize.brentq(slope, low, high, xtol=1e-15)

    def score(d):
        variance = n * (2 * likeliest_lost(d) + d * (1 - d))
        return (gained - lost - n * d) / variance**0.5 if variance > 0 else -np.inf * np.sign(d)

    estimate = (gained - lost) / n
    tiny = 1e-12
    ends = []
    for side in (1, -1):
        edge = -side * (1 - tiny)
        wanted = lambda d: np.clip(score(d), -1e9, 1e9) - side * z
        start = estimate - side * tiny
        if abs(estimate) == 1 and estimate == -side:
            ends.append(estimate)
        else:
            ends.append(optimize.brentq(wanted, edge, start, xtol=1e-15))
    return ends


def tango_cases():
    cases = [(1, 7, 21), (6, 16, 161), (0, 1, 44), (0, 12, 12), (3, 0, 10), (15, 15, 40), (25, 40, 3000), (9, 2, 11)]
    return [
        {"gained": b, "lost": c, "n": n, "level": level, "ci": tango(b, c, n, level)}
        for b, c, n in cases
        for level in [0.9, 0.95]
    ]


def equivalence_cases():
    cases = []
    for mean, margin in [(0.0, 0.02), (0.004, 0.02), (-0.015, 0.02), (0.03, 0.02), (-0.005, 0.1)]:
        values = random.normal(mean, 0.04, size=60)
        cases.append({"values": values.round(4).tolist(), "margin": margin})
        p, *_ = DescrStatsW(np.array(cases[-1]["values"])).ttost_mean(-margin, margin)
        cases[-1]["p"] = p
    return cases


def wilson_design_cases():
    """Inverts |share - p| = t sqrt(p (1 - p) / n) with n = items / deff, t for few clusters with a failure."""
    cases = []
    for share, se, df, items, clusters in [
        (0.6, 0.05, 40, 180.0, 60.0),
        (0.02, 0.02, 17.3, 90.0, 90.0),
        (0.0, 0.0, 24, 100.0, 25.0),
        (1.0, 0.0, 11, 12.0, 12.0),
        (0.5, 0.0, 29, 30.0, 30.0),
        (0.93, 0.031, 8.5, 60.0, 15.0),
        (0.03, 0.012, 270, 58492.0, 115.0),
    ]:
        rarer = min(share, 1 - share)
        design = se**2 * items / (share * (1 - share)) if 0 < share < 1 else 1
        presumed = (items / clusters) ** 0.5
        deff = (clusters * rarer * design + 0.5 * presumed) / (clusters * rarer + 0.5)
        events = clusters * rarer
        unsure = (1 - clusters / items) * events / (events + 0.5)
        few = min(df, 2 * events + 1)
        n, t = items / deff, stats.t.ppf(0.975, 1 / ((1 - unsure) / df + unsure / few))
        miss = lambda p: (share - p) ** 2 - t**2 * p * (1 - p) / n
        # Beside 0 and 1, which solve the equation too where the share is one of them.
        low = 0 if share == 0 else optimize.brentq(miss, 0, min(share, 1 - 1e-9), xtol=1e-15)
        high = 1 if share == 1 else optimize.brentq(miss, max(share, 1e-9), 1, xtol=1e-15)
        cases.append(
            {"share": share, "se": se, "df": df, "items": items, "clusters": clusters, "ci": [low, high]}
        )
    return cases


def required_n_cases():
    cases = []
    for drop, sd, family, minimum in [(0.02, 0.4, 3, 0.005), (0.012, 0.5, 24, 0.01), (0.05, 0.3, 1, 0), (0.5, 0.1, 3, 0)]:
        z_test = stats.norm.isf(0.05 / 2 / family)
        z_power = stats.norm.ppf(0.8)
        by_test = ((z_test + z_power) * sd / drop) ** 2
        by_minimum = (z_power * sd / (drop - minimum)) ** 2
        n = int(np.ceil(max(by_test, by_minimum)))
        cases.append({"drop": drop, "sd": sd, "familySize": family, "minimumEffect": minimum, "n": n})
    return cases


def run_spread_cases():
    cases = []
    for scores, errors in [
        ([0.61, 0.64, 0.66], [0.01, 0.012, 0.009]),
        ([0.5, 0.502, 0.499, 0.501], [0.004, 0.005, 0.004, 0.006, 0.005, 0.004]),
        ([0.30, 0.36, 0.41, 0.35, 0.28], [0.02] * 10),
    ]:
        df = len(scores) - 1
        variance = np.var(scores, ddof=1)
        noise = np.mean(np.square(errors)) / 2
        interval = np.array([variance * df / stats.chi2.ppf(p, df) for p in (0.975, 0.025)])
        sd = max(0, variance - noise) ** 0.5
        own, own_df = 0.011**2, 320
        total = own + 2 * sd**2
        widened = total**2 / (own**2 / own_df + (2 * variance) ** 2 / df)
        cases.append(
            {
                "scores": scores,
                "errors": errors,
                "sd": sd,
                "ci": np.sqrt(np.maximum(0, interval - noise)).tolist(),
                "difference": {"estimate": -0.02, "se": 0.011, "df": own_df, "units": 321},
                "widened": {"se": total**0.5, "df": max(1, widened)},
            }
        )
    return cases


def random_stream(seed, count):
    """xoroshiro128+ (24, 16, 37), as published by Blackman and Vigna, jumped once; low halves of the outputs."""
    mask = 2**64 - 1
    low, high = (0xFFFFFFFF << 32) | (~seed & 0xFFFFFFFF), (seed & 0xFFFFFFFF) << 32

    def turn(x, k):
        return ((x << k) | (x >> (64 - k))) & mask

    def step(a, b):
        b ^= a
        return turn(a, 24) ^ b ^ ((b << 16) & mask), turn(b, 37)

    a = b = 0
    for word in (0xDF900294D8F554A5, 0x170865DF4B3201FC):
        for bit in range(64):
            if word >> bit & 1:
                a, b = a ^ low, b ^ high
            low, high = step(low, high)
    uniforms = []
    for _ in range(count):
        halves = []
        for _ in range(2):
            halves.append((a + b) & 0xFFFFFFFF)
            a, b = step(a, b)
        uniforms.append((halves[0] % 2**26) / 2**26 + (halves[1] % 2**27) / 2**53)
    return {"seed": seed, "uniforms": uniforms, "normals": stats.norm.ppf(uniforms).tolist()}


expected = {
    "sample": sample_case(),
    "clustered": clustered_case(weighted=False),
    "weightedClustered": clustered_case(weighted=True),
    "paired": paired_case(),
    "welch": welch_case(),
    "wilson": wilson_cases(),
    "pValues": [
        {"p": p, "holm": holm(p), "benjaminiHochberg": stats.false_discovery_control(p).tolist()}
        for p in P_VALUES
    ],
    "lopsided": lopsided_case(),
    "stratified": [
        stratified_case([9, 4, 6], [1, 1, 1]),
        stratified_case([12, 1, 5, 1], [1, 1, 1, 1]),
        stratified_case([3, 20, 1], [5, 2, 3]),
    ],
    "mcnemar": mcnemar_cases(),
    "tango": tango_cases(),
    "equivalence": equivalence_cases(),
    "wilsonDesign": wilson_design_cases(),
    "requiredN": required_n_cases(),
    "runSpread": run_spread_cases(),
    "random": [random_stream(seed, 5) for seed in [0, 1, 20261121]],
    "tInterval": [
        {"df": df, "level": level, "reach": stats.t.ppf((1 + level) / 2, df)}
        for df in [1, 2.7, 9, 30, 541.5, 152379]
        for level in [0.9, 0.95]
    ],
    "detectable": detectable_cases(),
}
path = pathlib.Path(__file__).with_name("expected.json")
path.write_text(json.dumps(expected, indent=1, default=float) + "\n")
