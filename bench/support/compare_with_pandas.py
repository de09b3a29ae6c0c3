"""The comparison of two records as a data scientist would write it: pandas, scipy, one script.

    python compare_with_pandas.py MAIN/items.parquet PR/items.parquet SIZES.json

Pairs items by task and document hash, tests every benchmark (exact McNemar, or t on cluster sums), combines them to
factors and corrects p-values. Prints one JSON document, and the seconds that its imports took on stderr.
"""

import sys
import time

started = time.perf_counter()
import json

import numpy as np
import pandas as pd
from scipy import stats

print(f"imports {time.perf_counter() - started:.3f}", file=sys.stderr)


def clustered(values, clusters):
    """Mean, standard error and degrees of freedom over clusters (CR2, Satterthwaite), as src/stats/clustered-mean.ts."""
    grouped = (values - values.mean()).groupby(clusters)
    sums, sizes = grouped.sum().to_numpy(), grouped.size().to_numpy()
    h = sizes / sizes.sum()
    variance = ((sums / sizes.sum()) ** 2 / (1 - h)).sum()
    a = h**2 / (1 - h)
    df = 1 / ((h**2).sum() + a.sum() ** 2 - (a**2).sum())
    return values.mean(), np.sqrt(variance), df


def compare(rows, graded):
    difference = rows["score_pr"] - rows["score_main"]
    if graded == "livebench":
        parts = [clustered(own, rows.loc[own.index, "cluster"]) for _, own in difference.groupby(rows["task"])]
        variances = np.array([(se / len(parts)) ** 2 for _, se, _ in parts])
        mean = np.mean([mean for mean, _, _ in parts])
        df = variances.sum() ** 2 / (variances**2 / np.array([df for _, _, df in parts])).sum()
        return mean, np.sqrt(variances.sum()), df, None
    mean, se, df = clustered(difference, rows["cluster"])
    if graded is not None or rows["cluster"].nunique() < len(rows):
        return mean, se, df, None
    gained, lost = int((difference > 0).sum()), int((difference < 0).sum())
    p = stats.binomtest(gained, gained + lost).pvalue if gained + lost else 1.0
    return mean, se, df, p


main, pr, sizes = sys.argv[1:]
sizes = json.load(open(sizes))
columns = ["benchmark", "task", "doc_hash", "cluster", "score"]
pairs = pd.read_parquet(main, columns=columns).merge(
    pd.read_parquet(pr, columns=["task", "doc_hash", "score"]), on=["task", "doc_hash"], suffixes=("_main", "_pr")
)
benchmarks = []
for name, rows in pairs.groupby("benchmark", sort=False):
    size = sizes[name]
    mean, se, df, p = compare(rows, size["graded"])
    if size["inverted"]:
        mean = -mean
    if p is None:
        p = 2 * stats.t.sf(abs(mean / se), df)
    benchmarks.append({"id": name, "estimate": mean, "se": se, "df": df, "p": p, "n": len(rows), **size})
table = pd.DataFrame(benchmarks)
table["pAdjusted"] = stats.false_discovery_control(table["p"])
factors = []
for name, own in table.groupby("factor", sort=False):
    weights = own["weight"] / own["weight"].sum()
    variances = (weights * own["se"]) ** 2
    estimate, se = (weights * own["estimate"]).sum(), np.sqrt(variances.sum())
    df = variances.sum() ** 2 / (variances**2 / own["df"]).sum()
    factors.append({"id": name, "estimate": estimate, "se": se, "p": 2 * stats.t.sf(abs(estimate / se), df)})
order = np.argsort([factor["p"] for factor in factors])
largest = 0.0
for rank, place in enumerate(order):
    largest = max(largest, min(1.0, factors[place]["p"] * (len(factors) - rank)))
    factors[place]["pAdjusted"] = largest
print(json.dumps({"factors": factors, "benchmarks": table[["id", "estimate", "se", "p", "pAdjusted", "n"]].to_dict("records")}))
