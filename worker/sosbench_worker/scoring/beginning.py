"""What all questions of a task begin with: its description and its examples.

A function of the task alone. It is read alone, once, and kept for the task's next chunks, and so a chunk's log-probabilities are
the same bits whichever chunk or worker needed it first.
"""

from __future__ import annotations

import copy
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from sosbench_worker.scoring.tree import common

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sosbench_worker.scoring.keys_values import KeysValues

# Documents whose prompts are compared. A question that begins in another way is read without the beginning.
COMPARED = 12

# What is shorter is read again with each chunk.
MIN_TOKENS = 32

# Of all kept beginnings together, as a share of the tokens that fit into memory as a batch.
KEPT_SHARE = 0.5


def find_beginning(task: Any, docs: Sequence[Any], lm: Any, prompt: dict[str, Any]) -> tuple[int, ...] | None:
    """Tokens that the task's prompts begin with; None where they are few or there are none.

    @param prompt: how prompts are made: `system_instruction`, `apply_chat_template`, `fewshot_as_multiturn`.
    """
    if prompt["apply_chat_template"]:
        prompt = {**prompt, "chat_template": lm.apply_chat_template}
    count = min(COMPARED, len(docs))
    if count < 2:
        return None
    # Spread over all: documents that stand together may share a story.
    chosen = sorted({round(step * (len(docs) - 1) / (count - 1)) for step in range(count)})
    try:
        contexts = _contexts(task, [docs[index] for index in chosen], prompt)
        tokens = [tuple(lm.tok_encode(context.rstrip())) for context in contexts if isinstance(context, str)]
    except Exception:  # noqa: BLE001 - whatever a document breaks in a task is told by the chunk that has it
        return None
    if len(tokens) < 2:
        return None
    length = min(common(tokens[0], other) for other in tokens)
    # The last tokens of a prompt are scored, or may be one with what follows.
    length = min(length, min(map(len, tokens)) - 2)
    return tokens[0][:length] if length >= MIN_TOKENS else None


def _contexts(task: Any, docs: Sequence[Any], prompt: dict[str, Any]) -> list[Any]:
    """Prompts as the harness makes them. Examples that are drawn at random are drawn as if these were the first."""
    sampler = getattr(task, "sampler", None)
    drawing = copy.deepcopy(getattr(sampler, "rnd", None))
    number = task.get_config("num_fewshot") or 0
    try:
        return [
            task.fewshot_context(doc, num_fewshot=number, gen_prefix=task.doc_to_prefix(doc), **prompt)
            for doc in docs
        ]
    finally:
        # Prompts of the questions themselves must not depend on this.
        if drawing is not None:
            sampler.rnd = drawing


class Beginnings:
    """The beginnings of the tasks that were asked last, with their keys and values."""

    def __init__(self) -> None:
        self._tokens: dict[str, tuple[int, ...] | None] = {}
        self._kept: OrderedDict[str, KeysValues] = OrderedDict()

    def tokens(self, task: str, find: Callable[[], tuple[int, ...] | None]) -> tuple[int, ...] | None:
        if task not in self._tokens:
            self._tokens[task] = find()
        return self._tokens[task]

    def keys_values(self, task: str, read: Callable[[], KeysValues], budget: int) -> KeysValues:
        """@param budget: tokens of a batch; kept is what takes a share of that, and the one that is asked for."""
        if task not in self._kept:
            self._kept[task] = read()
        self._kept.move_to_end(task)
        while len(self._kept) > 1 and self.kept_tokens > KEPT_SHARE * budget:
            self._kept.popitem(last=False)
        return self._kept[task]

    @property
    def kept_tokens(self) -> int:
        return sum(one.length for one in self._kept.values())

    def forget(self) -> None:
        """Gives the memory back."""
        self._kept.clear()
