"""Log-probabilities of requests by reading their tree of tokens: every shared token goes through the model once.

The tokens of a pack lie in one row, and a mask lets each of them see its own path alone, at the positions it has there. What
packs share is read before them, alone, and they go on from its keys and values.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from tqdm import tqdm

from sosbench_worker.scoring.keys_values import KeysValues, empty_cache, going_on_from, taken_from
from sosbench_worker.scoring.packs import Layout, Limits, Pack, Wanted, last_uses, lay_out, plan
from sosbench_worker.scoring.tree import CERTAIN, Node, Reading, grow, reading_of, without_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Request = tuple[tuple[str, str], list[int], list[int]]
Answer = tuple[float, bool]


@dataclass(frozen=True)
class Beginning:
    """Tokens that many requests begin with; their keys and values are read when they are first needed."""

    tokens: tuple[int, ...]
    keys_values: Callable[[], KeysValues]


# Tokens of a pack. Attention is computed between all of its tokens, so that longer ones cost more than they save.
CPU_PACK = 512
DEVICE_PACK = 4096
MIN_PACK = 64

# Bytes that the logits of a pack may take, with their log-softmax.
LOGITS_BYTES = 2**28
MIN_SCORED = 16


def limits_of(lm: Any, budget: int | None = None, full: int | None = None) -> Limits:
    """How large packs of a model are: from its device and vocabulary alone.

    @param budget: tokens of a batch at most; None for no such limit.
    @param full: what the budget was before anything ran out of memory: packs are made smaller with it.
    """
    tokens = CPU_PACK if torch.device(lm.device).type == "cpu" else DEVICE_PACK
    if budget is not None:
        if full is not None and budget < full:
            tokens = tokens * budget // full
        tokens = max(MIN_PACK, min(tokens, budget))
    vocabulary = int(getattr(lm.model.config.get_text_config(), "vocab_size", 0) or 50_000)
    return Limits(tokens, max(MIN_SCORED, LOGITS_BYTES // (8 * vocabulary)))


class SharedReading:
    """Answers what the harness asks of `_loglikelihood_tokens`, with the same log-probabilities."""

    def __init__(self, lm: Any) -> None:
        self._lm = lm
        self._keeps_logits = takes_argument(lm.model, "logits_to_keep")
        # Tokens that went through the model, and calls of it.
        self.tokens_read = 0
        self.calls = 0

    def read_beginning(self, tokens: Sequence[int]) -> KeysValues:
        """Keys and values of what the questions of a task begin with, read alone: the same bits whoever asks first."""
        row = list(tokens)
        _, kept = self._call(row, list(range(len(row))), None, None, [], keep=True)
        return kept  # type: ignore[return-value]

    def answer(
        self,
        requests: Sequence[Request],
        *,
        limits: Limits,
        beginning: Beginning | None = None,
        disable_tqdm: bool = False,
    ) -> list[Answer]:
        """Summed log-probability of each option, and whether it is what greedy decoding would have given.

        @param beginning: what is read before, for the requests that begin with it.
        Raises `ValueError` for what cannot be read, see `reading_of`.
        """
        free = without_tokens(requests)
        asked = [request for index, request in enumerate(requests) if index not in free]
        read = iter(self._read(asked, limits, beginning, disable_tqdm=disable_tqdm))
        answers = [CERTAIN if index in free else next(read) for index in range(len(requests))]
        for (text, _, _), answer in zip(requests, answers, strict=True):
            if text is not None:
                self._lm.cache_hook.add_partial("loglikelihood", text, answer)
        return answers

    def _read(
        self, requests: Sequence[Request], limits: Limits, beginning: Beginning | None, *, disable_tqdm: bool
    ) -> list[Answer]:
        readings = [reading_of(context, option, self._lm.max_length) for _, context, option in requests]
        told: list[list[tuple[int, torch.Tensor, bool]]] = [[] for _ in requests]
        bar = tqdm(total=len(requests), disable=disable_tqdm, desc="Running loglikelihood requests")
        for start, past, indices in _by_beginning(readings, beginning):
            self._read_tree({index: readings[index] for index in indices}, start, past, limits, told, bar)
        bar.close()
        answers = [_summed(parts) for parts in told]
        # What is not a number spreads to all that is read in the same row: each alone has its own value.
        spread = {readings[index].read for index, (value, _) in enumerate(answers) if not math.isfinite(value)}
        for read in sorted(spread):
            again = [index for index, reading in enumerate(readings) if reading.read == read]
            alone: list[list[tuple[int, torch.Tensor, bool]]] = [[] for _ in requests]
            for start, past, indices in _by_beginning([readings[index] for index in again], beginning):
                few = {again[index]: readings[again[index]] for index in indices}
                self._read_tree(few, start, past, Limits(len(read), len(read)), alone, None)
            for index in again:
                answers[index] = _summed(alone[index])
        return answers

    def _read_tree(
        self,
        readings: dict[int, Reading],
        start: int,
        past: KeysValues | None,
        limits: Limits,
        told: list[list[tuple[int, torch.Tensor, bool]]],
        bar: tqdm | None,
    ) -> None:
        indices = list(readings)
        root = grow([readings[index].read[start:] for index in indices], start)
        for node in root.walk():
            node.ends = [indices[end] for end in node.ends]
        packs, wanted = plan(root, readings, limits)
        last = last_uses(packs)
        kept: list[KeysValues | None] = []
        for index, pack in enumerate(packs):
            del kept[pack.depth :]
            begun = kept[-1] if kept else past
            result = self._read_pack(pack, begun, wanted, told)
            del begun
            if kept and index in last:
                kept[-1] = None
            if result is not None:
                kept.append(result)
            if bar is not None:
                bar.update(sum(len(node.ends) for node in pack.nodes))

    def _read_pack(
        self,
        pack: Pack,
        past: KeysValues | None,
        wanted: dict[Node, list[Wanted]],
        told: list[list[tuple[int, torch.Tensor, bool]]],
    ) -> KeysValues | None:
        layout = lay_out(pack)
        before = 0 if past is None else past.length
        # Where the wanted positions lie in the row. In order, so that the order of requests decides nothing.
        indices = [
            (first + one.position - node.start, one)
            for node, (first, _) in layout.spans.items()
            for one in wanted.get(node, ())
        ]
        rows = {index: row for row, index in enumerate(sorted({index for index, _ in indices}))}
        asked = [(one, rows[index]) for index, one in indices]
        mask = None if layout.is_chain else mask_of(layout, before)
        logits, kept = self._call(layout.tokens, layout.positions, mask, past, list(rows), keep=pack.keep)
        if asked:
            values = F.log_softmax(logits, dim=-1, dtype=self._lm.softmax_dtype)
            tokens = torch.tensor([one.token for one, _ in asked], device=values.device)
            which = torch.tensor([row for _, row in asked], device=values.device)
            likeliest = (values.argmax(dim=-1)[which] == tokens).tolist()
            for (one, _), value, greedy in zip(asked, values[which, tokens].cpu(), likeliest, strict=True):
                told[one.request].append((one.position, value, greedy))
        return kept

    def _call(
        self,
        tokens: list[int],
        positions: list[int],
        mask: torch.Tensor | None,
        past: KeysValues | None,
        wanted: list[int],
        *,
        keep: bool,
    ) -> tuple[torch.Tensor, KeysValues | None]:
        """One call of the model's own forward: logits [wanted, vocabulary], and keys and values where they are to be kept."""
        lm = self._lm
        device = lm.device
        cache = None
        if past is not None:
            cache = going_on_from(past, lm.model.config)
        elif keep:
            cache = empty_cache(lm.model.config)
        arguments: dict[str, Any] = {}
        if self._keeps_logits:
            arguments["logits_to_keep"] = torch.tensor(wanted, device=device) if wanted else 1
        with (
            torch.no_grad(),
            torch.autocast(device.type, dtype=lm.mixed_precision_dtype, enabled=lm.mixed_precision_dtype is not None),
        ):
            logits = lm.model(
                input_ids=torch.tensor([tokens], device=device),
                attention_mask=None if mask is None else self._as_asked(mask.to(device)),
                position_ids=torch.tensor([positions], device=device),
                past_key_values=cache,
                use_cache=cache is not None,
                **arguments,
            ).logits[0]
        self.tokens_read += len(tokens)
        self.calls += 1
        if not self._keeps_logits:
            logits = logits[wanted]
        return logits, taken_from(cache) if keep else None

    def _as_asked(self, mask: torch.Tensor) -> torch.Tensor:
        """Eager attention adds its mask; the others take what is seen and what is not."""
        if self._lm.model.config.get_text_config(decoder=True)._attn_implementation != "eager":
            return mask
        dtype = self._lm.model.dtype
        return torch.zeros(mask.shape, dtype=dtype, device=mask.device).masked_fill(~mask, torch.finfo(dtype).min)


def _by_beginning(
    readings: Sequence[Reading], beginning: Beginning | None
) -> list[tuple[int, KeysValues | None, list[int]]]:
    """Requests that begin with `beginning` and are scored after it, and the others: tokens before, what they go on from, which."""
    if beginning is None:
        return [(0, None, list(range(len(readings))))]
    tokens, length = beginning.tokens, len(beginning.tokens)
    ours: list[int] = []
    others: list[int] = []
    for index, reading in enumerate(readings):
        goes_on = reading.first > length and reading.tokens[:length] == tokens
        (ours if goes_on else others).append(index)
    return [*([(length, beginning.keys_values(), ours)] if ours else []), (0, None, others)]


def _summed(parts: list[tuple[int, torch.Tensor, bool]]) -> Answer:
    parts.sort(key=lambda part: part[0])
    # In the type the harness adds them up in.
    return float(torch.stack([value for _, value, _ in parts]).sum()), all(greedy for _, _, greedy in parts)


def mask_of(layout: Layout, before: int) -> torch.Tensor:
    """What each token of a row sees: all that stands before the row, its own path, and itself.

    @returns bool [1, 1, tokens, before + tokens], true where it is seen.
    """
    size = len(layout.tokens)
    mask = torch.zeros(size, before + size, dtype=torch.bool)
    mask[:, :before] = True
    for node, (first, end) in layout.spans.items():
        if node.parent in layout.spans:
            last = layout.spans[node.parent][1] - 1
            mask[first:end, before:] = mask[last, before:]
        mask[first:end, before + first : before + end] = torch.ones(end - first, end - first, dtype=torch.bool).tril()
    return mask[None, None]


def takes_argument(model: Any, name: str) -> bool:
    """Whether the forward of a model, or of the one that its adapter is put on, takes an argument of that name."""
    import inspect

    inner = model.get_base_model() if hasattr(model, "get_base_model") else model
    return name in inspect.signature(inner.forward).parameters
