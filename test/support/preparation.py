"""Prepares and scores the same documents through the harness as it is and through our worker's parts.

Reads {"spec", "metric", "model", "includePaths", "documents"} on stdin; prints for each way, {"items", "compiled": templates,
"tokenised": texts}.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import jinja2
import lm_eval
import lm_eval.tasks
from lm_eval.tasks import TaskManager

from sosbench_worker.evaluate import evaluate_chunk, first_filter, item
from sosbench_worker.model import OpenModel
from sosbench_worker.tasks import TaskShelf

SEED = 1234
counts = {"compiled": 0, "tokenised": 0}


class Silence:
    def send(self, message: dict[str, Any]) -> None:
        pass


def count_work(lm: Any) -> None:
    compile_template = jinja2.Environment.compile
    encode = lm.tokenizer.encode

    def counted_compile(*args: Any, **kwargs: Any) -> Any:
        counts["compiled"] += 1
        return compile_template(*args, **kwargs)

    def counted_encode(*args: Any, **kwargs: Any) -> Any:
        counts["tokenised"] += 1
        return encode(*args, **kwargs)

    jinja2.Environment.compile = counted_compile
    lm.tokenizer.encode = counted_encode


def as_it_is(request: dict[str, Any], model: OpenModel) -> list[dict[str, Any]]:
    spec = request["spec"]
    upstream = Path(lm_eval.tasks.__file__).parent
    manager = TaskManager(include_path=[upstream / "wmdp", *request["includePaths"]], include_defaults=False)
    task = manager.load({"group": "plain", "task": [{"task": spec["task"], **spec["overrides"]}]})["tasks"][spec["task"]]
    if task.get_config("num_fewshot") is None:
        task.set_config(key="num_fewshot", value=0)
    task.set_fewshot_seed(seed=SEED)
    output = lm_eval.evaluate(
        lm=model.lm,
        task_dict={"tasks": {spec["task"]: task}},
        samples={spec["task"]: list(range(request["documents"]))},
        log_samples=True,
        bootstrap_iters=0,
    )
    samples = first_filter(output["samples"][spec["task"]])
    return [item(sample, task.OUTPUT_TYPE, request["metric"], None) for sample in samples]


def through_us(request: dict[str, Any], model: OpenModel) -> list[dict[str, Any]]:
    shelf = TaskShelf(request["includePaths"], SEED)
    shelf.describe(request["spec"])
    chunk = {
        "chunk": "c",
        "spec": request["spec"],
        "metric": request["metric"],
        "items": list(range(request["documents"])),
        "batchSize": "8",
    }
    return [{**entry, "tokens": None} for entry in evaluate_chunk(chunk, shelf, model, Silence())["items"]]


def main() -> None:
    real = sys.stdout
    sys.stdout = sys.stderr
    request = json.load(sys.stdin)
    opening = {
        "backend": "hf",
        "args": {"pretrained": request["model"], "dtype": "float32"},
        "batchSize": "8",
        "device": "cpu",
        "applyChatTemplate": False,
        "seed": SEED,
    }
    model = OpenModel.load(opening)
    count_work(model.lm)
    kept = model.lm.__dict__.pop("tok_encode")
    answer = {}
    for name, way in (("plain", as_it_is), ("ours", through_us)):
        counts.update(compiled=0, tokenised=0)
        answer[name] = {"items": way(request, model), **counts}
        model.lm.tok_encode = kept
    json.dump(answer, real)


if __name__ == "__main__":
    main()
