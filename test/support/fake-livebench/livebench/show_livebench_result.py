"""Fake of LiveBench's table script; see README.md beside the package."""

import argparse
import csv
import glob
import json
from statistics import mean

parser = argparse.ArgumentParser()
parser.add_argument("--bench-name", nargs="+")
parser.add_argument("--question-source")
parser.add_argument("--livebench-release-option")
arguments = parser.parse_args()

scores = {}
for path in glob.glob(f"data/{arguments.bench_name[0]}/**/ground_truth_judgment.jsonl", recursive=True):
    for line in open(path):
        row = json.loads(line)
        scores.setdefault(row["category"], {}).setdefault(row["task"], []).append(100 * row["score"])
        model = row["model"]
tasks = {task: mean(values) for group in scores.values() for task, values in group.items()}
groups = {name: mean(mean(values) for values in group.values()) for name, group in scores.items()}
if len(groups) > 1:
    groups = {"average": mean(groups.values()), **groups}
for name, columns, digits in (("all_tasks.csv", tasks, 3), ("all_groups.csv", groups, 1)):
    with open(name, "w") as file:
        writer = csv.writer(file)
        writer.writerow(["model", *columns])
        writer.writerow([model, *(round(value, digits) for value in columns.values())])
