"""A fake worker: every question of every task gets the score that a package of its environment names, and no model is read."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
QUESTIONS = 20
HASHES = [f"{number:016x}" for number in range(1, QUESTIONS + 1)]


def answer(request: dict[str, Any], score: float) -> dict[str, Any]:
    kind = request["type"]
    if kind == "prepare":
        return {"type": "prepared", "protocol": 1, "versions": {}}
    if kind == "describe":
        lists = {"docHashes": HASHES, "clusters": [None] * QUESTIONS}
        counts = {"lengths": [10] * QUESTIONS, "readings": [10] * QUESTIONS}
        about = {"task": request["spec"]["task"], "version": "1", "outputType": "multiple_choice", "numFewshot": 0}
        return {"type": "described", **about, "generation": None, "dropped": {}, "exampleLength": 10, "items": {**lists, **counts}}
    if kind == "open":
        device = {"type": "cpu", "name": "fake", "count": 1, "memory": None, "threads": 1}
        model = {"dtype": None, "quantisation": None, "parameters": None, "maxLength": None, "tokenizerSha256": None}
        template = {"chatTemplateApplied": False, "chatTemplateSha256": None, "chatTemplate": None}
        return {"type": "hello", "versions": {}, "device": device, **model, **template}
    if kind == "evaluate":
        items = [
            {
                **{"docId": item, "docHash": HASHES[item], "promptHash": HASHES[item]},
                **{"scores": {request["metric"]: score}, "target": "a", "tokens": 1, "prediction": "a"},
            }
            for item in request["items"]
        ]
        return {"type": "result", "chunk": request["chunk"], "seconds": 0.1, "items": items}
    raise ValueError(kind)


for line in sys.stdin:
    request = json.loads(line)
    if request["type"] == "shutdown":
        break
    import tiny_parts

    channel.write(json.dumps(answer(request, tiny_parts.SCORE)) + "\n")
    channel.flush()
