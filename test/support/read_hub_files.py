"""Reads files for others with the libraries of those others, and says as JSON what they read: paths by kind in argv."""

import json
import sys

import pyarrow.parquet
import yaml
from huggingface_hub import EvalResultEntry, ModelCard, parse_eval_result_entries
from huggingface_hub.repocard_data import eval_results_to_model_index, model_index_to_eval_results

eval_results, model_index, trend = sys.argv[1:]
with open(eval_results, encoding="utf-8") as file:
    entries = parse_eval_result_entries(yaml.safe_load(file))
assert all(isinstance(entry, EvalResultEntry) for entry in entries)
with open(model_index, encoding="utf-8") as file:
    head = file.read()
card = ModelCard(f"---\n{head}---\n# A model\n", ignore_metadata_errors=False)
name, results = card.data.model_name, card.data.eval_results
# There and back: nothing in it is unknown to the library.
index = eval_results_to_model_index(name, results)
assert model_index_to_eval_results(index) == (name, results)
assert index == yaml.safe_load(head)["model-index"], "the library writes what we wrote"
table = pyarrow.parquet.read_table(trend)
json.dump(
    {
        "entries": [[e.dataset_id, e.task_id, e.value, e.dataset_revision, e.date, e.source_url, e.notes] for e in entries],
        "name": name,
        "results": [[r.dataset_type, r.metric_type, r.metric_value, r.dataset_args] for r in results],
        "columns": table.column_names,
        "types": {field.name: str(field.type) for field in table.schema},
        "rows": [[str(row["created"]), row["wk"], row["safety"], row["items_kept"]] for row in table.to_pylist()],
    },
    sys.stdout,
)
