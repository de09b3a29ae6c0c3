"""Written answers of several chunks at once: vLLM's own scheduler keeps the device full, and a chunk is done with its last answer.

The harness builds the prompts of a chunk and asks its model class for the answers. It is stopped there, and asked for the same chunk again
once vLLM has them all; what it makes of answers stays its own.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sosbench_worker.evaluate import evaluate_chunk
from sosbench_worker.replaced import replaced
from sosbench_worker.scoring.vllm import is_vllm

if TYPE_CHECKING:
    from sosbench_worker.channel import Channel, Message
    from sosbench_worker.model import OpenModel
    from sosbench_worker.tasks import TaskShelf

# Documents of a chunk with written answers, as plans cut them.
CHUNK = 64
# Answers that wait, for each that is written: one takes the place of each that ends.
WAITING = 1
EVERY_SECONDS = 1.0


def chunks_in_flight(lm: Any, by_tokens: bool) -> int:
    """How many chunks of written answers a loaded model takes at once; 1 where its backend does not keep the device full by itself.

    @param by_tokens: whether batches are left to us; what else is asked for is the harness's way.
    """
    if not by_tokens or not is_vllm(lm):
        return 1
    engine = getattr(getattr(lm, "model", None), "llm_engine", None)
    if engine is None or not hasattr(lm.model, "enqueue"):
        return 1
    return max(2, math.ceil((1 + WAITING) * engine.vllm_config.scheduler_config.max_num_seqs / CHUNK))


class Asked(Exception):
    """Not a fault: the harness has asked for a chunk's answers, which are not there yet."""

    def __init__(self, prompts: list[list[int]], parameters: list[Any]) -> None:
        super().__init__("asked for answers")
        self.prompts, self.parameters = prompts, parameters

    @property
    def key(self) -> list[tuple[list[int], str]]:
        """What has to be the same for an answer to belong to a prompt."""
        return [(list(prompt), repr(one)) for prompt, one in zip(self.prompts, self.parameters, strict=True)]


@dataclass
class Flying:
    """A chunk whose answers are being written."""

    request: Message
    key: list[tuple[list[int], str]]
    # Of each answer that is not there yet: which prompt it belongs to.
    missing: dict[str, int]
    outputs: dict[int, Any] = field(default_factory=dict)


class Flight:
    """Chunks of written answers in one vLLM."""

    def __init__(self, shelf: TaskShelf, model: OpenModel, channel: Channel) -> None:
        self._shelf, self._model, self._channel = shelf, model, channel
        self._flying: list[Flying] = []
        # When the last chunk was done, or the first one begun: no second is of two chunks.
        self._since = time.monotonic()
        self._told = 0.0

    @property
    def is_empty(self) -> bool:
        return not self._flying

    def add(self, request: Message) -> bool:
        """Hands a chunk's prompts to vLLM; False for one whose answers are drawn, and would depend on what is written beside them.

        Raises whatever the task's code does.
        """
        asked = self._ask(request)
        if any(one.temperature > 0 for one in asked.parameters):
            return False
        key = asked.key
        llm = self._model.lm.model
        ids = llm.enqueue(
            [{"prompt_token_ids": prompt} for prompt in asked.prompts],
            sampling_params=asked.parameters,
            lora_request=self._model.lm.lora_request,
            use_tqdm=False,
        )
        # Outputs have the name that a request was given; some versions add to it what makes it unique.
        self._flying.append(Flying(request, key, {name.rsplit("-", 1)[0]: index for index, name in enumerate(ids)}))
        return True

    def step(self) -> list[Message]:
        """Waits for vLLM's next sign of life; returns the requests whose last answer has come."""
        for output in self._model.lm.model.llm_engine.step():
            if not output.finished:
                continue
            for one in self._flying:
                index = one.missing.pop(output.request_id, None)
                if index is not None:
                    one.outputs[index] = output
        self._tell()
        return [one.request for one in self._flying if not one.missing]

    def land(self, request: Message) -> dict[str, Any]:
        """The result of a chunk whose answers are there."""
        (done,) = [one for one in self._flying if one.request is request]
        self._flying.remove(done)

        def give(requests: list[list[int]], generate: bool = False, sampling_params: Any = None) -> list[Any]:
            if Asked(requests, sampling_params).key != done.key:
                raise RuntimeError("the task made other prompts for the same questions")
            return [done.outputs[index] for index in range(len(requests))]

        with replaced(self._model.lm, _model_generate=give):
            result = evaluate_chunk(_unbatched(request), self._shelf, self._model, self._channel)
        now = time.monotonic()
        result["seconds"], self._since = now - self._since, now
        return result

    def abandon(self) -> list[Message]:
        """Forgets all chunks; returns their requests."""
        requests = [one.request for one in self._flying]
        self._flying.clear()
        return requests

    def _ask(self, request: Message) -> Asked:
        def note(requests: list[list[int]], generate: bool = False, sampling_params: Any = None) -> list[Any]:
            raise Asked(requests, sampling_params)

        with replaced(self._model.lm, _model_generate=note):
            try:
                evaluate_chunk(_unbatched(request), self._shelf, self._model, self._channel)
            except Asked as asked:
                return asked
        raise RuntimeError("the harness asked for no answer")

    def _tell(self) -> None:
        """Each step is a sign of life, whether an answer ended with it or not."""
        now = time.monotonic()
        if now - self._told < EVERY_SECONDS:
            return
        self._told = now
        for one in self._flying:
            done = len(one.outputs)
            progress = {"type": "progress", "chunk": one.request["chunk"], "done": done, "total": done + len(one.missing)}
            self._channel.send(progress)


def _unbatched(request: Message) -> Message:
    """All prompts of a chunk are asked for in one call."""
    return {**request, "batchSize": "auto"}
