"""Loads lm-eval tasks on the data the caller names, and describes their documents."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lm_eval.tasks import TaskManager
from lm_eval.tasks._index import Kind
from lm_eval.utils import handle_non_serializable, hash_string

from sosbench_worker.closed_folder import ClosedFolder
from sosbench_worker.own_data import OwnData
from sosbench_worker.seeds import reseed
from sosbench_worker.templates import keep_compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lm_eval.api.task import Task


EXAMPLES_MEASURED = 20
SHORT_OPTION = re.compile(r"\s?[A-Za-z]{1,6}")


class UnknownTask(Exception):
    """No definition of that name in the harness or the given folders."""


class MissingResource(Exception):
    """The machine lacks something the task needs, and that is not the data set."""


class TaskShelf:
    """Builds each task once and keeps it, with its documents."""

    def __init__(self, include_paths: list[str], seed: int, closed: str | None = None) -> None:
        import lm_eval.tasks

        keep_compiled()
        upstream = Path(lm_eval.tasks.__file__).parent
        self.closed = ClosedFolder(closed, include_paths)
        with self.closed.watch():
            # Indexing every built-in task takes several seconds; ours live in two upstream folders.
            self._manager = TaskManager(
                include_path=[upstream / "leaderboard", upstream / "wmdp", upstream / "toxigen", *include_paths],
                include_defaults=False,
            )
        self._seed = seed
        self._own_data = OwnData(self.closed)
        self._built: dict[str, LoadedTask] = {}

    def get(self, spec: dict[str, Any]) -> LoadedTask:
        """The task of `spec` ({task, overrides, clusterFields}), built on first use."""
        key = json.dumps(spec, sort_keys=True)
        if key not in self._built:
            # What a request names was checked by who sent it.
            with self.closed.watch(besides=paths_in(spec["overrides"])):
                self._built[key] = self._build(spec)
        return self._built[key]

    def describe(self, spec: dict[str, Any]) -> dict[str, Any]:
        """What the plan needs of a task: its documents' ids, hashes, clusters, lengths, and how often they are read."""
        loaded = self.get(spec)
        with self.closed.watch():
            return loaded.describe(spec["clusterFields"])

    def texts(self, spec: dict[str, Any], items: list[int]) -> list[dict[str, Any] | None]:
        """Questions as the harness puts them, in the order of `items`; None where there is no such document."""
        loaded = self.get(spec)
        with self.closed.watch():
            return [loaded.text(item) for item in items]

    def export(self, spec: dict[str, Any], files: dict[str, str]) -> None:
        """Writes splits of the task's data set, all fields and rows as the Hub has them, to Parquet files."""
        dataset = self.get(spec).task.dataset
        for split, path in files.items():
            dataset[split].to_parquet(path)

    def expand(self, name: str) -> list[dict[str, Any]]:
        """The tasks a name stands for (a task, or all of a group or tag), told from their definitions alone."""
        entry = self._manager.task_index.get(name)
        if entry is None:
            self.closed.raise_refused()
            raise UnknownTask(f"no task named '{name}' in lm-eval or the given task folders")
        if entry.kind is Kind.TAG:
            return [task for member in sorted(entry.tags) for task in self.expand(member)]
        config = entry.cfg or {}
        if entry.kind is Kind.GROUP:
            members = config.get("task") or []
            names = [member if isinstance(member, str) else member.get("task") for member in members]
            if not all(isinstance(member, str) for member in names):
                raise ValueError(f"group '{name}' defines tasks inside itself; name its tasks one by one")
            return [task for member in names for task in self.expand(member)]
        return [task_facts(name, config)]

    def _build(self, spec: dict[str, Any]) -> LoadedTask:
        name = spec["task"]
        if name not in self._manager.task_index:
            self.closed.raise_refused()
            raise UnknownTask(f"no task named '{name}' in lm-eval or the given task folders")
        require_resources(name)
        reseed(self._seed)
        entry = self._manager.task_index[name]
        overrides = {**self._own_data.overrides(entry.cfg or {}, entry.yaml_path), **spec["overrides"]}
        # A group of one is the harness's public way to load a task with other data.
        loaded = self._manager.load({"group": "sosbench", "task": [{"task": name, **overrides}]})
        task = loaded["tasks"][name]
        if task.get_config("num_fewshot") is None:
            task.set_config(key="num_fewshot", value=0)
        if spec.get("generation") and task.get_config("output_type") == "generate_until":
            task.set_config(key="generation_kwargs", value=spec["generation"], update=True)
        task.set_fewshot_seed(seed=self._seed)
        return LoadedTask(task, self._seed)


def paths_in(value: Any) -> list[str]:
    """All absolute paths in a part of a request."""
    if isinstance(value, str):
        return [value] if value.startswith("/") else []
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [path for part in parts for path in paths_in(part)]


class LoadedTask:
    """A task with its documents held, so that a chunk costs its own documents only."""

    def __init__(self, task: Task, seed: int) -> None:
        self.task = task
        reseed(seed)
        # `eval_docs` runs process_docs at each access.
        self.docs = task.eval_docs
        # The harness walks all documents for every call, and compares each with the whole list of ids.
        task.doc_iterator = self._iterate  # type: ignore[method-assign]

    def _iterate(
        self, *, rank: int = 0, limit: int | None = None, world_size: int = 1, samples: list[int] | None = None
    ) -> Iterator[tuple[int, Any]]:
        ids = samples if samples else range(len(self.docs))
        return ((position, self.docs[doc_id]) for position, doc_id in enumerate(ids))

    def describe(self, cluster_fields: list[list[str]]) -> dict[str, Any]:
        task = self.task
        multiple_choice = task.OUTPUT_TYPE == "multiple_choice"
        hashes: list[str] = []
        clusters: list[str | None] = []
        lengths: list[int] = []
        readings: list[int] = []
        for doc, row in zip(self.docs, self._source_rows(), strict=True):
            hashes.append(doc_hash(doc)[:16])
            clusters.append(cluster_of(row, cluster_fields))
            text = task.doc_to_text(doc)
            lengths.append(len(text) if isinstance(text, str) else 0)
            readings.append(readings_of(task.doc_to_choice(doc)) if multiple_choice else 1)
        return {
            "task": task.task_name,
            "version": str(task.VERSION),
            "outputType": task.OUTPUT_TYPE,
            "numFewshot": task.get_config("num_fewshot"),
            "generation": task.get_config("generation_kwargs") if not multiple_choice else None,
            "dropped": dropped_documents(task.task_name),
            "exampleLength": self._example_length(),
            "items": {"docHashes": hashes, "clusters": clusters, "lengths": lengths, "readings": readings},
        }

    def text(self, item: int) -> dict[str, Any] | None:
        if not 0 <= item < len(self.docs):
            return None
        doc = self.docs[item]
        options = self.task.doc_to_choice(doc) if self.task.OUTPUT_TYPE == "multiple_choice" else None
        return {
            "docHash": doc_hash(doc)[:16],
            "text": str(self.task.doc_to_text(doc)),
            "options": None if options is None else [str(option) for option in options],
            "target": str(self.task.doc_to_target(doc)),
        }

    def _example_length(self) -> int:
        """Characters that examples put before a question, about: so many times the mean of those there are."""
        task, count = self.task, self.task.get_config("num_fewshot")
        examples = list(islice(task.fewshot_docs(), EXAMPLES_MEASURED)) if count else []
        if not examples:
            return 0
        total = sum(len(str(task.doc_to_text(doc))) + len(str(task.doc_to_target(doc))) for doc in examples)
        return round(count * total / len(examples))

    def _source_rows(self) -> Iterator[Any]:
        """The data set's own rows behind the documents: our tasks keep only the fields they ask with."""
        rows = _shared_state("SOURCE_ROWS", self.task.task_name)
        if rows is None:
            return iter(self.docs)
        split = self.task.dataset[self.task.get_config("test_split")]
        return (split[row] for row in rows)


def readings_of(options: list[str]) -> int:
    """How often the model reads a prompt: options that are one token each are scored in one pass (the harness's cache).

    What is one token, the tokenizer says, which may not be known yet: letters and short words are.
    """
    return 1 if all(SHORT_OPTION.fullmatch(option) for option in options) else len(options)


def task_facts(name: str, config: dict[str, Any]) -> dict[str, Any]:
    """Where a task's documents come from and what it measures."""
    arguments = config.get("dataset_kwargs") or {}
    # A data set's builder, such as `json`, reads files that the definition names.
    own_files = "data_files" in arguments or "data_dir" in arguments or "/" not in config.get("dataset_path", "")
    return {
        "task": name,
        "dataset": None if own_files else config["dataset_path"],
        "revision": arguments.get("revision"),
        "split": config.get("test_split") or config.get("validation_split") or "train",
        "fewshotSplit": config.get("fewshot_split"),
        "outputType": config.get("output_type", "generate_until"),
        "metrics": [
            {"name": entry["metric"].rsplit(".", 1)[-1], "higherIsBetter": bool(entry.get("higher_is_better", True))}
            for entry in config.get("metric_list") or []
            if isinstance(entry.get("metric"), str)
        ],
    }


def require_resources(task_name: str) -> None:
    """IFEval needs NLTK data to score; the harness notices only after generating every answer."""
    if "ifeval" not in task_name:
        return
    import nltk

    try:
        nltk.data.find("tokenizers/punkt_tab/english")
    except LookupError as error:
        raise MissingResource("IFEval needs NLTK's punkt_tab, which is not installed") from error


def doc_hash(doc: dict[str, Any]) -> str:
    """The harness's own `doc_hash` (SHA-256 in hex), so that descriptions and samples agree."""
    return hash_string(json.dumps(doc, indent=2, default=handle_non_serializable, ensure_ascii=False))


def cluster_of(row: dict[str, Any], alternatives: list[list[str]]) -> str | None:
    """A hash (16 hex digits) of the fields that make documents dependent: the first alternative whose
    fields are all there. None where there is none."""
    for fields in alternatives:
        values = [row.get(field) for field in fields]
        if all(value is not None for value in values):
            joined = json.dumps(values, ensure_ascii=False, default=str)
            return hashlib.sha256(joined.encode()).hexdigest()[:16]
    return None


def dropped_documents(task_name: str) -> dict[str, int]:
    """Documents that our own task definitions left out, by reason."""
    return dict(_shared_state("DROPPED", task_name) or {})


def _shared_state(table: str, task_name: str) -> Any:
    """What `tasks/lm-eval/sosb_shared` keeps of a task; None for tasks that are not ours."""
    shared = sys.modules.get("sosb_shared")
    return getattr(shared, table, {}).get(task_name)
