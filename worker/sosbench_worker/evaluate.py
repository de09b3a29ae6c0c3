"""Evaluates one chunk of one task and turns the harness's samples into items."""

from __future__ import annotations

import hashlib
import json
import math
import time
from typing import TYPE_CHECKING, Any

import lm_eval
from lm_eval.utils import hash_string

from sosbench_worker.generation import Generation
from sosbench_worker.log_probabilities import split_meaningless
from sosbench_worker.progress import report_progress
from sosbench_worker.scoring.generate import by_tokens
from sosbench_worker.seeds import reseed
from sosbench_worker.style import measure_style
from sosbench_worker.tokens import TokenCount

if TYPE_CHECKING:
    from sosbench_worker.channel import Channel
    from sosbench_worker.model import OpenModel
    from sosbench_worker.tasks import TaskShelf

# What the authors of a data set divided a task's questions into, by field: reports count it apart, and test nothing by it.
STRATUM_FIELDS = {"leaderboard_mmlu_pro": "category"}
# A longer one is no name.
MAX_STRATUM_LENGTH = 100


def evaluate_chunk(request: dict[str, Any], shelf: TaskShelf, model: OpenModel, channel: Channel) -> dict[str, Any]:
    """`request`: {chunk, spec, metric, items: sorted unique document ids, batchSize, batchTokens?}; answers `result`.

    A question with a value that is not finite has no score: it is in `unscored`, with the reason.
    """
    started = time.monotonic()
    ids: list[int] = request["items"]
    if not ids or ids != sorted(set(ids)):
        # An empty list means all documents to the harness, and an unsorted one gets the wrong ids back.
        raise ValueError("the document ids of a chunk must be sorted, unique and not empty")
    loaded = shelf.get(request["spec"])
    task = loaded.task
    model.set_batch_size(request["batchSize"])
    model.batch_tokens = request.get("batchTokens")
    prompt = {
        "system_instruction": model.system_instruction,
        "apply_chat_template": model.apply_chat_template,
        "fewshot_as_multiturn": model.apply_chat_template,
    }
    key = json.dumps(request["spec"], sort_keys=True)
    with shelf.closed.watch():
        model.engine.find_beginning(model.lm, task, loaded.docs, key, prompt)
    # After that: whatever it drew, the chunk's own prompts are the same.
    reseed(model.seed)
    generation = Generation(model.lm, model.thinking)
    progress = report_progress(channel, request["chunk"])
    # The code of a task runs here too: it makes the prompts, and scores the answers.
    batches = by_tokens(model.lm, model.batch_tokens)
    scoring = model.engine.scoring(model.lm, task, key, model.batch_tokens)
    # Tokens are counted as asked, not as read.
    with (
        progress,
        scoring,
        TokenCount(model.lm) as tokens,
        batches,
        generation,
        shelf.closed.watch_scoring(model.lm),
    ):
        output = lm_eval.evaluate(
            lm=model.lm,
            task_dict={"tasks": {task.task_name: task}},
            samples={task.task_name: ids},
            log_samples=True,
            bootstrap_iters=0,
            **prompt,
        )
    samples = first_filter(output["samples"][task.task_name])
    if [sample["doc_id"] for sample in samples] != ids:
        raise RuntimeError(f"the harness answered for other documents than asked for ({task.task_name})")
    # Requests know a document by its place among those asked for.
    places = {doc_id: place for place, doc_id in enumerate(ids)}
    per_item = dict(zip(ids, tokens.per_item(samples, lambda doc_id: generation.whole(places[doc_id])), strict=True))
    unscored: list[tuple[dict[str, Any], str]] = []
    if task.OUTPUT_TYPE != "generate_until":
        samples, unscored = split_meaningless(samples, model.backend)
    scored = []
    for sample in samples:
        entry = item(sample, task.OUTPUT_TYPE, request["metric"], per_item[sample["doc_id"]])
        entry |= generation.facts(places[sample["doc_id"]])
        answer = generation.answer(places[sample["doc_id"]])
        if answer is not None:
            entry["style"] = measure_style(answer)
        stratum = stratum_of(task.task_name, sample["doc"])
        if stratum is not None:
            entry["stratum"] = stratum
        if is_finite(entry):
            scored.append(entry)
        else:
            unscored.append((sample, "its score is not a number"))
    result = {
        "type": "result",
        "chunk": request["chunk"],
        "seconds": time.monotonic() - started,
        "items": scored,
    }
    if unscored:
        result["unscored"] = [
            {"docId": sample["doc_id"], "id": f"document {sample['doc_id']}", "reason": reason}
            for sample, reason in sorted(unscored, key=lambda entry: entry[0]["doc_id"])
        ]
    return result


def first_filter(samples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One sample per document, in document order: a task with several filters yields one per filter."""
    chosen: dict[int, dict[str, Any]] = {}
    for sample in samples:
        chosen.setdefault(sample["doc_id"], sample)
    return [chosen[doc_id] for doc_id in sorted(chosen)]


def item(sample: dict[str, Any], output_type: str, metric: str, tokens: int | None) -> dict[str, Any]:
    """One item of the protocol's `result`: identity, raw metrics, margin, and what was answered."""
    entry: dict[str, Any] = {
        "docId": sample["doc_id"],
        "docHash": sample["doc_hash"][:16],
        "promptHash": sample["prompt_hash"][:16],
        "scores": {name: metric_value(sample[name]) for name in sample["metrics"]},
        "tokens": tokens,
    }
    if output_type == "multiple_choice":
        entry |= choice_facts(sample, metric)
    else:
        text = str(sample["filtered_resps"][0])
        entry["prediction"] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        entry["target"] = hash_string(str(sample["target"]))[:16]
    return entry


def stratum_of(task_name: str, doc: dict[str, Any]) -> str | None:
    """What the question's data set calls its kind (a subject of MMLU-Pro); None where it has none."""
    field = STRATUM_FIELDS.get(task_name)
    # A task of somebody else may have documents of any kind.
    value = None if field is None else doc.get(field)
    return value if isinstance(value, str) and 0 < len(value) <= MAX_STRATUM_LENGTH else None


def is_finite(entry: dict[str, Any]) -> bool:
    """Whether every score of an item is a number."""
    return all(isinstance(score, dict) or math.isfinite(score) for score in entry["scores"].values())


def metric_value(value: Any) -> Any:
    """A number, or for per-instruction metrics {passed, total}."""
    if isinstance(value, (list, tuple)):
        return {"passed": sum(bool(part) for part in value), "total": len(value)}
    return float(value)


def choice_facts(sample: dict[str, Any], metric: str) -> dict[str, Any]:
    """The chosen option's index, and the margin of the right answer over the best wrong one.

    `acc` compares log-probabilities; `acc_norm` compares them divided by the option's length in
    characters, so its choice and margin are in those units. A margin below zero is a wrong answer.
    """
    options = [str(arguments[1]).removeprefix(" ") for arguments in sample["arguments"]]
    values = [float(response[0][0]) for response in sample["resps"]]
    if metric == "acc_norm":
        values = [value / max(1, len(option)) for value, option in zip(values, options, strict=True)]
    gold = gold_indices(sample, options)
    return {
        "target": ",".join(map(str, sorted(gold))),
        "prediction": str(max(range(len(values)), key=values.__getitem__)),
        "margin": margin(values, gold),
    }


def margin(values: list[float], gold: set[int]) -> float | None:
    right = [value for index, value in enumerate(values) if index in gold]
    wrong = [value for index, value in enumerate(values) if index not in gold]
    return max(right) - max(wrong) if right and wrong else None


def gold_indices(sample: dict[str, Any], options: list[str]) -> set[int]:
    """Which options are right; empty where the task's target is neither an index nor an option's text."""
    targets = sample["target"] if isinstance(sample["target"], (list, tuple)) else [sample["target"]]
    found = set()
    for target in targets:
        if isinstance(target, int) and not isinstance(target, bool) and 0 <= target < len(options):
            found.add(target)
        else:
            found |= {index for index, option in enumerate(options) if option.strip() == str(target).strip()}
    return found
