"""Both ways of asking one loaded model, on the same questions, in one process: `python engine.py` with a request on stdin.

The worker's own functions answer, and the harness's own class beside them; the model's forward is wrapped to see what goes through it. vLLM's
model is in another process: there, its answers say what went through it, and time is that of all its processes while it answers.
Prints a line of JSON for each task, and one for the process.
"""

from __future__ import annotations

import functools
import json
import os
import resource
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import torch

from sosbench_worker.evaluate import evaluate_chunk
from sosbench_worker.model import OpenModel
from sosbench_worker.replaced import replaced
from sosbench_worker.scoring.engine import HARNESS, Engine
from sosbench_worker.tasks import TaskShelf
from sosbench_worker.tokens import TokenCount


class NoChannel:
    def send(self, _message: Any) -> None: ...


@dataclass
class Through:
    """What went through the model: tokens, padding among what was read, calls, and its time (the processor's, on a CPU)."""

    tokens: int = 0
    padding: int = 0
    calls: int = 0
    seconds: float = 0.0
    wall: float = 0.0
    chunk_seconds: float = 0.0
    results: list[Any] = field(default_factory=list)


def padding_of(ids: torch.Tensor, mask: torch.Tensor | None) -> int:
    """Tokens of a call that stand for nothing: by its mask, or, as the harness pads log-likelihoods, zeros at the end of rows."""
    if isinstance(mask, torch.Tensor):
        return int((mask[:, -ids.shape[1] :] == 0).sum()) if mask.dim() == 2 else 0
    if ids.shape[0] == 1:
        return 0
    return int((ids.flip(-1) != 0).int().argmax(dim=-1).sum())


def watch(model: Any, through: list[Through]) -> None:
    """Has every call of the model's forward counted in the last of `through`."""
    forward = model.forward
    on_gpu = next(model.parameters()).device.type == "cuda"

    @functools.wraps(forward)
    def watched(*args: Any, **kwargs: Any) -> Any:
        ids = kwargs["input_ids"] if "input_ids" in kwargs else args[0]
        seen = through[-1]
        pads = padding_of(ids, kwargs.get("attention_mask"))
        if on_gpu:
            torch.cuda.synchronize()
        began, wall = time.process_time(), time.perf_counter()
        output = forward(*args, **kwargs)
        if on_gpu:
            torch.cuda.synchronize()
        seen.wall += time.perf_counter() - wall
        seen.seconds += (time.perf_counter() - wall) if on_gpu else (time.process_time() - began)
        seen.tokens += ids.numel() - pads
        seen.padding += pads
        seen.calls += 1
        return output

    model.forward = watched


def watch_vllm(llm: Any, through: list[Through]) -> None:
    """Has all that a vLLM answers counted in the last of `through`."""
    generate = llm.generate

    @functools.wraps(generate)
    def watched(*args: Any, **kwargs: Any) -> Any:
        seen = through[-1]
        began, wall = processor_seconds(), time.perf_counter()
        outputs = generate(*args, **kwargs)
        seen.wall += time.perf_counter() - wall
        seen.seconds += processor_seconds() - began
        seen.tokens += sum(len(output.prompt_token_ids) - (output.num_cached_tokens or 0) for output in outputs)
        seen.calls += len(outputs)
        return outputs

    llm.generate = watched


def processor_seconds() -> float:
    """What this process and all below it have taken of processors so far, from `/proc`."""
    ticks, children = {}, {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8") as file:
                fields = file.read().rpartition(") ")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(name))
        ticks[int(name)] = int(fields[11]) + int(fields[12])
    total, waiting = 0, [os.getpid()]
    while waiting:
        process = waiting.pop()
        total += ticks.get(process, 0)
        waiting += children.get(process, [])
    return total / os.sysconf("SC_CLK_TCK")


def different(rows: list[tuple[int, ...]]) -> int:
    """Tokens of these rows, each shared beginning counted once: nodes of their tree."""
    total, before = 0, ()
    for row in sorted(set(rows)):
        shared = next((n for n, (a, b) in enumerate(zip(row, before, strict=False)) if a != b), min(len(row), len(before)))
        total += len(row) - shared
        before = row
    return total


def main() -> None:
    request = json.load(sys.stdin)
    torch.set_num_threads(request["threads"])
    shelf = TaskShelf(request["includePaths"], 1234, None)
    model = OpenModel.load(request["open"])
    asked: list[tuple[int, ...]] = []
    own_watch = TokenCount._watch
    of_vllm = request["open"]["backend"] == "vllm"
    # vLLM generates a token: the harness leaves room for it.
    room = model.lm.max_length + (-1 if of_vllm else 1)

    def note(self: Any, requests: Any, *args: Any, **kwargs: Any) -> Any:
        requests = list(requests)
        asked.extend(tuple((list(context) + list(after))[-room:][:-1]) for _, context, after in requests)
        return own_watch(self, requests, *args, **kwargs)

    TokenCount._watch = note  # type: ignore[method-assign]
    through: list[Through] = [Through()]
    (watch_vllm if of_vllm else watch)(model.lm.model, through)
    ways = request["ways"]

    def ask(task: dict[str, Any], way: str) -> Through:
        if not of_vllm:
            return ask_chunks(task, way)
        # Neither finds what the other has read.
        model.lm.model.reset_prefix_cache()
        with replaced(model, engine=Engine(HARNESS) if way == "harness" else model.engine):
            return ask_chunks(task, way)

    def ask_chunks(task: dict[str, Any], way: str) -> Through:
        through.append(seen := Through())
        for start in range(0, len(task["items"]), task["chunk"]):
            chunk = {
                "chunk": f"{task['spec']['task']}-{start}", "spec": task["spec"], "metric": task["metric"],
                "items": task["items"][start : start + task["chunk"]], "batchSize": "auto" if of_vllm else "8",
            }  # fmt: skip
            if way == "tokens":
                chunk["batchTokens"] = model.batch_tokens_at_first
            result = evaluate_chunk(chunk, shelf, model, NoChannel())
            seen.chunk_seconds += result["seconds"]
            seen.results += result["items"]
        return seen

    model.batch_tokens_at_first = model.batch_tokens  # type: ignore[attr-defined]
    for number, task in enumerate(request["tasks"]):
        described = shelf.describe(task["spec"])
        task["items"] = list(range(min(len(described["items"]["docHashes"]), task["limit"])))
        runs = []
        for turn in range(task["runs"]):
            # In turns, so that what the machine does meanwhile meets both.
            order = ways if (number + turn) % 2 == 0 else ways[::-1]
            asked.clear()
            runs.append({way: ask(task, way) for way in order})
        rows = asked[: len(asked) // max(1, len(ways))]
        line = {
            "task": task["spec"]["task"], "benchmark": task["benchmark"], "items": len(task["items"]),
            "requests": len(rows), "different": different(rows), "agreement": agreement(runs[0]),
            "runs": [
                {way: {key: value for key, value in vars(seen).items() if key != "results"} for way, seen in run.items()}
                for run in runs
            ],
        }  # fmt: skip
        print(json.dumps(line), flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    engine = getattr(model, "engine", None)
    print(json.dumps({"peakMegabytes": peak, "engine": getattr(engine, "name", "harness"), "batchTokens": model.batch_tokens_at_first}))


def agreement(run: dict[str, Through]) -> dict[str, int] | None:
    """Items of both ways side by side: how many were chosen or answered otherwise, and how many of these are near-ties (1e-3)."""
    if len(run) < 2:
        return None
    first, second = (seen.results for seen in run.values())
    differ = [(a, b) for a, b in zip(first, second, strict=True) if a["prediction"] != b["prediction"]]
    near = [a for a, b in differ if a.get("margin") is not None and min(abs(a["margin"]), abs(b["margin"])) < 1e-3]
    return {"items": len(first), "differ": len(differ), "nearTies": len(near)}


if __name__ == "__main__":
    main()
