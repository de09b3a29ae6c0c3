"""Watches generated answers: which were cut at the token limit, and where reasoning ends. Reasoning is cut off before scoring."""

from __future__ import annotations

import contextlib
import copy
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lm_eval.models.utils import postprocess_generated_text

from sosbench_worker.replaced import replaced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


End = str | tuple[int, ...] | None


@dataclass(frozen=True)
class Thinking:
    """How a model reasons: `enabled` as the settings say it, `end` what marks the end of reasoning (text, or ids of tokens)."""

    enabled: bool | None = None
    end: End = None


@dataclass
class Answer:
    """One generated answer. `cut`: it ended at the token limit; None where the backend does not tell."""

    text: str
    cut: bool | None
    # Whether its reasoning has an end; None where it was not looked for.
    ended: bool | None = None
    # What was generated, reasoning among it, for counting tokens.
    whole: str = ""


class Generation:
    """While it is entered, `lm.generate_until` gives answers without reasoning, and each is remembered by its document."""

    def __init__(self, lm: Any, thinking: Thinking) -> None:
        self._lm = lm
        self._thinking = thinking
        self._original: Any = None
        self._replaced = contextlib.ExitStack()
        self.answers: dict[int, list[Answer]] = {}

    def __enter__(self) -> Generation:
        # Not before: how answers are generated may have been changed meanwhile.
        self._original = getattr(self._lm, "generate_until", None)
        if self._original is not None:
            self._replaced.enter_context(replaced(self._lm, generate_until=self._generate))
        return self

    def __exit__(self, *_: object) -> None:
        self._replaced.close()

    def facts(self, doc_id: int) -> dict[str, bool]:
        """What is known of a document's answers: {cut?, unended?}."""
        answers = self.answers.get(doc_id, [])
        facts: dict[str, bool] = {}
        if answers and all(answer.cut is not None for answer in answers):
            facts["cut"] = any(answer.cut for answer in answers)
        if answers and all(answer.ended is not None for answer in answers):
            facts["unended"] = any(answer.ended is False for answer in answers)
        return facts

    def answer(self, doc_id: int) -> str | None:
        """What the task scores, without reasoning; None where there is no answer, or nothing but reasoning without an end."""
        # A task that has a document answered several times scores the first answer, as `first_filter` takes it.
        first = next(iter(self.answers.get(doc_id, [])), None)
        if first is None or (first.ended is False and first.text == ""):
            return None
        return first.text

    def whole(self, doc_id: int) -> list[str]:
        return [answer.whole for answer in self.answers.get(doc_id, [])]

    def _generate(self, requests: list[Any], *args: Any, **kwargs: Any) -> list[str]:
        end = self._thinking.end
        asked = requests if end is None else [_without_stops(request) for request in requests]
        with _watch(self._lm, end) as seen:
            texts = self._original(asked, *args, **kwargs)
        answers = []
        for request, text in zip(requests, texts, strict=True):
            context, settings = request.args[:2]
            told = seen.get(_key(context))
            found = told.popleft() if told else Told()
            answer = self._read(text, found, settings)
            self.answers.setdefault(request.doc_id, []).append(answer)
            answers.append(answer.text)
        return answers

    def _read(self, text: str, told: Told, settings: dict[str, Any]) -> Answer:
        cut = told.cut if told.cut is not None else self._is_full(text, settings)
        end = self._thinking.end
        if end is None:
            return Answer(text, cut, whole=text)
        thinks = self._thinking.enabled is not False
        if told.apart:
            # The server parts reasoning from the answer itself.
            return Answer(text, cut, text != "" if thinks else None, text)
        mark = told.mark if isinstance(end, tuple) else end
        ended = bool(mark) and mark in text
        stops = settings.get("until")
        if ended:
            answer = postprocess_generated_text(text, stops, mark)
            if cut and answer != postprocess_generated_text(text, None, mark):
                # The model went on after a stop sequence, which ends the answer: no limit did.
                cut = False
        elif thinks and (cut or _is_begun(text, mark)):
            # Nothing but reasoning: what it says on the way is no answer.
            answer = ""
        else:
            answer = postprocess_generated_text(text, stops, None)
        return Answer(answer, cut, ended if thinks else None, text)

    def _is_full(self, text: str, settings: dict[str, Any]) -> bool | None:
        """Whether a text has as many tokens as it may, where the backend does not tell why it ended."""
        limit = settings.get("max_gen_toks") or getattr(self._lm, "max_gen_toks", None)
        try:
            return len(self._lm.tok_encode(text)) >= int(limit)
        except Exception:  # noqa: BLE001 - a count for information must not fail a chunk
            return None


@dataclass
class Told:
    """What a backend tells of one answer."""

    cut: bool | None = None
    # Whether reasoning came apart from the answer.
    apart: bool = False
    # The end of reasoning as it stands in this answer's text, where it was given as the id of a token.
    mark: str | None = None


def _without_stops(request: Any) -> Any:
    """A request whose answer may hold the task's stop sequences: reasoning is full of them. They are applied to the answer."""
    context, settings, *rest = request.args
    same = copy.copy(request)
    same.arguments = (context, {**settings, "until": []}, *rest)
    return same


def _is_begun(text: str, mark: str | None) -> bool:
    """Whether a text begins with what opens reasoning: `<think>` for `</think>`."""
    opening = (mark or "").replace("/", "", 1)
    return opening not in ("", mark) and text.lstrip().startswith(opening)


def _key(context: Any) -> str:
    return str(context)


@contextlib.contextmanager
def _watch(lm: Any, end: End) -> Iterator[dict[str, deque[Told]]]:
    """Gathers what the backend tells, by prompt, in the order in which it answers equal prompts.

    Each backend reports an answer to `lm.cache_hook` right after it was read; what it told of the answers of one batch waits in
    a queue until then.
    """
    seen: dict[str, deque[Told]] = {}
    waiting: deque[Told] = deque()

    class Hook:
        def add_partial(self, _request: str, arguments: Any, _text: Any) -> None:
            if waiting:
                seen.setdefault(_key(arguments[0]), deque()).append(waiting.popleft())

    changed: dict[str, Any] = {"cache_hook": Hook(), "think_end_token": None}
    reader = _reader(lm, end, waiting)
    if reader is not None:
        changed |= reader
    with replaced(lm, **changed):
        yield seen


def _reader(lm: Any, end: End, waiting: deque[Told]) -> dict[str, Any] | None:
    """The method of a model class through which answers come, watched; None for classes that are not known."""
    kinds = {base.__name__ for base in type(lm).__mro__}
    if "TemplateAPI" in kinds:
        return {"parse_generations": _read_server(lm.parse_generations, waiting)}
    if "VLLM" in kinds:
        return {"_model_generate": _read_outputs(lm._model_generate, waiting, _vllm_cut)}
    if "SGLangLM" in kinds:
        return {"_model_generate": _read_outputs(lm._model_generate, waiting, _sglang_cut)}
    if "HFLM" in kinds:
        return _read_hf(lm, end, waiting)
    return None


def _read_server(parse: Callable[..., list[str | None]], waiting: deque[Told]) -> Callable[..., list[str]]:
    def watched(outputs: Any, **kwargs: Any) -> list[str]:
        from lm_eval.models.api_models import LMEVAL_MODEL_NONE_ANSWER_PLACEHOLDER as NOTHING

        texts = parse(outputs=outputs, **kwargs)
        waiting.clear()
        for output in outputs if isinstance(outputs, list) else [outputs]:
            choices = output.get("choices") or [{}]
            waiting.extend(_server_told(choice) for choice in sorted(choices, key=lambda one: one.get("index", 0)))
        # As the harness does it afterwards; before, no answer is left out of what it reports.
        return [NOTHING if text is None else text for text in texts]

    return watched


def _server_told(choice: dict[str, Any]) -> Told:
    message = choice.get("message") or {}
    reason = choice.get("finish_reason")
    reasoning = message.get("reasoning_content") or message.get("reasoning")
    return Told(None if reason is None else reason == "length", bool(reasoning))


def _read_outputs(
    generate: Callable[..., Any], waiting: deque[Told], is_cut: Callable[[Any], bool | None]
) -> Callable[..., Any]:
    def watched(*args: Any, **kwargs: Any) -> Any:
        outputs = generate(*args, **kwargs)
        if kwargs.get("generate"):
            waiting.clear()
            waiting.extend(Told(is_cut(output)) for output in outputs)
        return outputs

    return watched


def _vllm_cut(output: Any) -> bool | None:
    reason = output.outputs[0].finish_reason
    return None if reason is None else reason == "length"


def _sglang_cut(output: dict[str, Any]) -> bool | None:
    reason = (output.get("meta_info") or {}).get("finish_reason")
    kind = reason.get("type") if isinstance(reason, dict) else reason
    return None if kind is None else kind == "length"


# Stands in a text for the tokens that end reasoning, where decoding would leave one of them out.
MARK = "\ue000end of reasoning\ue000"


def _read_hf(lm: Any, end: End, waiting: deque[Told]) -> dict[str, Any]:
    """Transformers give tokens: an answer is cut where it has all it may have and neither an end nor a stop sequence."""
    generate, decode = lm._model_generate, lm.tok_decode

    def watched_generate(context: Any, max_length: int, stop: list[str], **kwargs: Any) -> Any:
        rows = generate(context=context, max_length=max_length, stop=stop, **kwargs)
        start = context.shape[1] if lm.backend == "causal" else 0
        waiting.clear()
        for row in rows.tolist():
            tokens = row[start:]
            full = len(tokens) >= max_length - start and not _ends(lm) & set(tokens[-1:])
            cut = full and not any(term and term in decode(tokens) for term in stop)
            waiting.append(Told(cut, mark=MARK if isinstance(end, tuple) else None))
        return rows

    def watched_decode(tokens: Any, *args: Any, **kwargs: Any) -> str:
        ids = list(tokens) if isinstance(tokens, (list, tuple)) else None
        last = None if ids is None or not isinstance(end, tuple) else _find_last(ids, end)
        if last is None:
            return decode(tokens, *args, **kwargs)
        return decode(ids[:last], *args, **kwargs) + MARK + decode(ids[last + len(end) :], *args, **kwargs)

    return {"_model_generate": watched_generate, "tok_decode": watched_decode}


def _ends(lm: Any) -> set[int]:
    """Tokens after which nothing comes: a row that ended before others is filled up with padding."""
    config = getattr(lm.model, "generation_config", None)
    ids = [lm.eot_token_id, lm.tokenizer.pad_token_id, getattr(config, "eos_token_id", None)]
    flat = [one for entry in ids for one in (entry if isinstance(entry, (list, tuple)) else [entry])]
    return {one for one in flat if isinstance(one, int)}


def _find_last(tokens: list[int], part: tuple[int, ...]) -> int | None:
    """Where a sequence of tokens begins for the last time."""
    starts = range(len(tokens) - len(part), -1, -1)
    return next((start for start in starts if tuple(tokens[start : start + len(part)]) == part), None)


def read_end(lm: Any, end: str | None) -> End:
    """`end` as it is found in answers: ids of tokens where it is a number, or where Transformers would not decode all of it."""
    if end is None:
        return None
    tokenizer = getattr(lm, "tokenizer", None)
    if "HFLM" in {base.__name__ for base in type(lm).__mro__}:
        if end.isdigit():
            return (int(end),)
        # Blanks beside it may be one token with what follows.
        ids = tuple(tokenizer.encode(end.strip(), add_special_tokens=False))
        # Which tokens are left out is not what `all_special_tokens` lists: an added token can be special by itself.
        is_told = end.strip() in tokenizer.decode(ids, skip_special_tokens=True)
        return end if is_told or tokenizer.unk_token_id in ids else ids
    # The others give special tokens as text.
    return str(tokenizer.decode([int(end)])) if end.isdigit() else end


def tell_thinking(lm: Any, enabled: bool | None) -> None:
    """Has a backend whose class knows no `enable_thinking` pass it to the template: by its tokenizer, or by its chat server."""
    if enabled is None or {"HFLM", "VLLM"} & {base.__name__ for base in type(lm).__mro__}:
        return
    tokenizer = getattr(lm, "tokenizer", None)
    template = getattr(tokenizer, "apply_chat_template", None)
    if template is not None:

        def templated(*args: Any, **kwargs: Any) -> Any:
            return template(*args, **{"enable_thinking": enabled, **kwargs})

        tokenizer.apply_chat_template = templated
    payload = getattr(lm, "_create_payload", None)
    if "LocalChatCompletion" in {base.__name__ for base in type(lm).__mro__} and payload is not None:

        def asked(*args: Any, **kwargs: Any) -> dict[str, Any]:
            return {"chat_template_kwargs": {"enable_thinking": enabled}, **payload(*args, **kwargs)}

        lm._create_payload = asked
