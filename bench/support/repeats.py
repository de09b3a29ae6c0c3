"""One model's answers to the same questions, drawn again and again: `python repeats.py` with a request on stdin.

The worker's own functions ask and score. Prints a line of JSON for each repeat.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import torch

from sosbench_worker.evaluate import evaluate_chunk
from sosbench_worker.model import OpenModel
from sosbench_worker.tasks import TaskShelf


class NoChannel:
    def send(self, _message: Any) -> None: ...


def main() -> None:
    request = json.load(sys.stdin)
    began = time.monotonic()
    torch.set_num_threads(request["threads"])
    shelf = TaskShelf(request["includePaths"], request["open"]["seed"], None)
    model = OpenModel.load(request["open"])
    described = shelf.describe(request["drawn"])
    ids = list(range(min(len(described["items"]["docHashes"]), request["questions"])))
    # The likeliest answer first, then drawn ones.
    for repeat in range(request["begin"], request["repeats"] + 1):
        if time.monotonic() - began > 60 * request["minutes"]:
            break
        model.seed = request["open"]["seed"] + repeat
        chunk = {
            "chunk": f"repeat-{repeat}", "spec": request["drawn" if repeat else "likeliest"], "metric": request["metric"],
            "items": ids, "batchSize": str(request["rows"]),
        }  # fmt: skip
        result = evaluate_chunk(chunk, shelf, model, NoChannel())
        print(json.dumps({"repeat": repeat, "seconds": result["seconds"], "items": result["items"]}), flush=True)


if __name__ == "__main__":
    main()
