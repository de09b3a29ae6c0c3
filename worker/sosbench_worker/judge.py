"""A judge that chooses: which of a few labels is the likeliest to follow a prompt, read off in one pass."""

from __future__ import annotations

import hashlib
import re
import time
from typing import TYPE_CHECKING, Any

import jinja2

from sosbench_worker.log_probabilities import MeaninglessLogProbabilities
from sosbench_worker.progress import report_progress
from sosbench_worker.scoring.tree import common

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sosbench_worker.channel import Channel
    from sosbench_worker.model import OpenModel

# A template that has the model reason opens that for it; a choice takes no reasoning.
OPEN_REASONING = re.compile(r"<(think|thinking|reasoning)>\s*\Z")

WORD = re.compile(r"\S{2}")


class CannotChoose(MeaninglessLogProbabilities):
    """The model is none that can choose between the labels; another try does not mend it."""


def judge_games(request: dict[str, Any], model: OpenModel, channel: Channel) -> dict[str, Any]:
    """`request`: {chunk, system, opening, labels, games: [user text], batchTokens?}; answers `judged`.

    Of each game the summed log-probability of each label after prompt and `opening`, and the tokens read: {values, tokens}; or what
    does not fit into the model's context: {tokens, limit}.
    """
    started = time.monotonic()
    system, opening, labels = request["system"], request["opening"], request["labels"]
    chat = Chat(model.lm, system)
    limit = int(model.lm.max_length) - (1 if model.backend == "vllm" else 0)
    games: list[dict[str, Any]] = []
    asked: list[tuple[None, list[int], list[int]]] = []
    for user in request["games"]:
        prompt = chat.prompt(user) + opening
        context, options = continuations(chat.encode, prompt, labels)
        tokens = len(context) + sum(map(len, options))
        if len(context) + max(map(len, options)) > limit:
            games.append({"tokens": len(context) + max(map(len, options)), "limit": limit})
            continue
        games.append({"values": [], "tokens": tokens})
        asked += [(None, context, option) for option in options]
    key = f"judge {hashlib.sha256(system.encode()).hexdigest()}"
    how = {"key": key, "beginning": chat.beginning(), "budget": request.get("batchTokens")}
    with report_progress(channel, request["chunk"]):
        told = iter(model.engine.read(model.lm, asked, **how) if asked else ())
    for game in games:
        if "values" in game:
            game["values"] = [float(next(told)[0]) for _ in labels]
    return {"type": "judged", "chunk": request["chunk"], "seconds": time.monotonic() - started, "games": games}


def continuations(encode: Any, prompt: str, labels: Sequence[str]) -> tuple[list[int], list[list[int]]]:
    """Tokens that prompt and any label begin with, and those that follow of each label.

    A tokenizer may make one token of the prompt's end and a label's beginning: prompt and label are tokenised together, and what
    all have in common is the context.
    Raises `CannotChoose` where labels cannot be told apart by their tokens.
    """
    wholes = [list(encode(prompt + label)) for label in labels]
    shared = min(common(wholes[0], whole) for whole in wholes[1:])
    options = [whole[shared:] for whole in wholes]
    for index, option in enumerate(options):
        for other in options[:index] + options[index + 1 :]:
            if other[: len(option)] == option:
                raise CannotChoose(f"the model's tokenizer does not tell the verdict {labels[index]} from the others")
    if shared == 0:
        raise CannotChoose("the model's tokenizer makes no token of the prompt that all verdicts share")
    return wholes[0][:shared], options


class Chat:
    """What is said to a model, in its own chat template."""

    def __init__(self, lm: Any, system: str) -> None:
        self._tokenizer = lm.tokenizer
        self._arguments = {
            **(getattr(lm, "chat_template_args", None) or {}),
            "enable_thinking": False,
            "tokenize": False,
            "add_generation_prompt": True,
        }
        template = getattr(lm, "hf_chat_template", None) or getattr(self._tokenizer, "chat_template", None)
        if not template:
            raise CannotChoose("the model has no chat template")
        if isinstance(getattr(lm, "hf_chat_template", None), str):
            self._arguments["chat_template"] = template
        self._controls = control_tokens(self._tokenizer, str(template))
        self._system = self._plain(system)
        self._beginning: list[int] | None = None

    def encode(self, text: str) -> list[int]:
        # A template has written all special tokens already.
        return self._tokenizer.encode(text, add_special_tokens=False)

    def prompt(self, user: str) -> str:
        """Everything up to where the model answers. Where the template knows no system message, it stands before the user's."""
        user = self._plain(user)
        together = [{"role": "user", "content": f"{self._system}\n\n{user}"}]
        for messages in ([{"role": "system", "content": self._system}, {"role": "user", "content": user}], together):
            try:
                text = self._tokenizer.apply_chat_template(messages, **self._arguments)
            except jinja2.exceptions.TemplateError:
                continue
            if self._system in text and user in text:
                return OPEN_REASONING.sub(lambda found: f"<{found[1]}>\n\n</{found[1]}>\n\n", text)
        raise CannotChoose("the model's chat template leaves out a part of what it is told")

    def beginning(self) -> list[int]:
        """Tokens that prompts begin with, whatever is asked."""
        if self._beginning is None:
            first, second = (self.encode(self.prompt(f"{word} {word}")) for word in ("One", "2"))
            self._beginning = first[: max(0, common(first, second) - 1)]
        return self._beginning

    def _plain(self, text: str) -> str:
        """Text in which nothing is a word of the template: an answer must not end its own message and begin the judge's."""
        for token in self._controls:
            text = text.replace(token, f"{token[0]} {token[1:]}")
        return text.strip()


def control_tokens(tokenizer: Any, template: str) -> list[str]:
    """Special tokens, and other added ones that the template writes, longest first. Runs of blanks are none."""
    added = getattr(tokenizer, "added_tokens_decoder", {}).values()
    texts = {token.content for token in added if token.special or token.content in template}
    texts |= set(getattr(tokenizer, "all_special_tokens", ()))
    return sorted((text for text in texts if WORD.search(text)), key=lambda text: (-len(text), text))
