"""Which way a model's log-likelihoods are read, and that way in place of the harness's while a chunk is scored."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sosbench_worker.replaced import replaced
from sosbench_worker.scoring.beginning import Beginnings, find_beginning
from sosbench_worker.scoring.branching import why_not
from sosbench_worker.scoring.reading import Beginning, SharedReading, limits_of
from sosbench_worker.scoring.self_check import check
from sosbench_worker.scoring.vllm import VllmReading, is_vllm, why_not_vllm
from sosbench_worker.scoring.vllm_check import check_vllm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sosbench_worker.scoring.keys_values import KeysValues
    from sosbench_worker.scoring.reading import Answer, Request

SHARED = "shared"
HARNESS = "harness"

# Tasks whose requests are contexts with options.
SCORED_BY_OPTIONS = ("multiple_choice", "loglikelihood")


@dataclass
class Engine:
    """`name`: the way; `reason`: why it is the harness's; None where it is shared."""

    name: str
    reason: str | None = None
    _reading: SharedReading | VllmReading | None = None
    _full_budget: int | None = None
    _beginnings: Beginnings = field(default_factory=Beginnings)

    @classmethod
    def choose(cls, lm: Any, refused: str | None = None, budget: int | None = None) -> Engine:
        """The shared way where the model can branch and passes the self-check.

        @param refused: why the harness's way is asked for; None where it is not.
        @param budget: tokens of a batch, while nothing ran out of memory.
        """
        with_vllm = is_vllm(lm)
        reason = refused or (why_not_vllm(lm) if with_vllm else why_not(lm))
        if reason is not None:
            return cls(HARNESS, reason)
        reading = VllmReading(lm) if with_vllm else SharedReading(lm)
        try:
            fault = check_vllm(lm, reading) if isinstance(reading, VllmReading) else check(lm, reading, limits_of(lm, budget))
        except Exception as error:  # noqa: BLE001 - whatever a model's own code makes of it
            # A process that died answers the harness no more than us.
            if type(error).__name__ == "EngineDeadError":
                raise
            text = " ".join(str(error).split())[:200]
            fault = f"it failed ({type(error).__name__}: {text})"
        if fault is not None:
            reason = f"self-check: {fault}"
            sys.stderr.write(f"every shared token once: not with this model; {reason}\n")
            return cls(HARNESS, reason)
        return cls(SHARED, None, reading, budget)

    def find_beginning(self, lm: Any, task: Any, docs: Sequence[Any], key: str, prompt: dict[str, Any]) -> None:
        """Looks for what the task's questions begin with, once; it runs the task's code.

        @param key: names the task with all that its prompts depend on; `prompt`: see `find_beginning`.
        """
        if isinstance(self._reading, SharedReading) and task.OUTPUT_TYPE in SCORED_BY_OPTIONS:
            self._beginnings.tokens(key, lambda: find_beginning(task, docs, lm, prompt))

    @contextlib.contextmanager
    def scoring(self, lm: Any, task: Any, key: str, budget: int | None) -> Iterator[None]:
        """Has `lm` score this way what is asked of the task meanwhile.

        @param budget: tokens of a batch at most; None for the harness's way.
        """
        reading = self._reading
        if isinstance(reading, VllmReading) and task.OUTPUT_TYPE in SCORED_BY_OPTIONS:
            # It makes its own batches, and keeps beginnings by itself.
            with replaced(lm, _loglikelihood_tokens=reading.answer):
                yield
            return
        if not isinstance(reading, SharedReading) or budget is None or task.OUTPUT_TYPE not in SCORED_BY_OPTIONS:
            yield
            return
        beginning = self._kept_beginning(lm, key, self._beginnings.tokens(key, lambda: None), budget)
        answer = self._reader(lm, reading, budget, beginning)
        with self._freed_on_fault(), replaced(lm, _loglikelihood_tokens=answer):
            yield

    def read(
        self, lm: Any, requests: Sequence[Request], *, key: str, beginning: Sequence[int], budget: int | None
    ) -> list[Answer]:
        """Summed log-probability of each option, and whether greedy decoding would give it, the way that was chosen.

        @param beginning: tokens that the requests begin with, read once and kept; `key`: names them.
        @param budget: tokens of a batch at most; None for the harness's way.
        """
        reading = self._reading
        if isinstance(reading, VllmReading):
            return reading.answer(requests)
        if not isinstance(reading, SharedReading) or budget is None:
            return lm._loglikelihood_tokens(requests)
        tokens = self._beginnings.tokens(key, lambda: tuple(beginning))
        with self._freed_on_fault():
            return self._reader(lm, reading, budget, self._kept_beginning(lm, key, tokens, budget))(requests)

    def _kept_beginning(
        self, lm: Any, key: str, tokens: tuple[int, ...] | None, budget: int
    ) -> Beginning | None:
        reading = self._reading
        if not isinstance(reading, SharedReading) or not tokens or len(tokens) >= lm.max_length:
            return None

        def keys_values() -> KeysValues:
            return self._beginnings.keys_values(key, lambda: reading.read_beginning(tokens), budget)

        return Beginning(tokens, keys_values)

    def _reader(
        self, lm: Any, reading: SharedReading, budget: int, beginning: Beginning | None
    ) -> Callable[..., list[Answer]]:
        limits = limits_of(lm, budget, self._full_budget)

        def answer(requests: Sequence[Request], disable_tqdm: bool = False, **_: Any) -> list[Answer]:
            return reading.answer(requests, limits=limits, beginning=beginning, disable_tqdm=disable_tqdm)

        return answer

    @contextlib.contextmanager
    def _freed_on_fault(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            # The next try needs the memory.
            self._beginnings.forget()
            raise
