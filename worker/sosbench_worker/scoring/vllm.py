"""Shared reading with vLLM: its prefix cache keeps what requests share, and tells the log-probabilities of the tokens that may come next.

The tokens of a chunk's requests form a tree. Wherever a scored token follows, vLLM reads up to there and tells that token's
log-probability, and those of its siblings, without being asked for more than the cache does not have.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sosbench_worker.scoring.tree import CERTAIN, grow, reading_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sosbench_worker.scoring.tree import Node, Reading

    # ((context, option), the context's tokens, the option's tokens), as the harness has them.
    Request = tuple[tuple[str, str], list[int], list[int]]
    # Summed log-probability, and whether each token was the likeliest.
    Answer = tuple[float, bool]

# vLLM tells no more tokens' log-probabilities at once.
MAX_TOKENS_TOLD = 128


# Whatever a model's arguments say: what is told is what the model computed, before penalties, temperature and the like.
ENFORCED = {"logprobs_mode": "raw_logprobs"}


def is_vllm(lm: Any) -> bool:
    """Whether this is the harness's own class for vLLM."""
    return f"{type(lm).__module__}.{type(lm).__name__}" == "lm_eval.models.vllm_causallms.VLLM"


def why_not_vllm(lm: Any) -> str | None:
    """Why a loaded vLLM cannot read this way; None where it can."""
    engine = getattr(getattr(lm, "model", None), "llm_engine", None)
    if engine is None or getattr(lm, "data_parallel_size", 1) > 1:
        return "vLLM runs in several copies (data_parallel_size)"
    from vllm import SamplingParams

    if not hasattr(SamplingParams(), "logprob_token_ids"):
        return "this vLLM does not tell the log-probabilities of tokens that are named (0.32 does)"
    if not engine.vllm_config.cache_config.enable_prefix_caching:
        return "vLLM's prefix cache is off (enable_prefix_caching, or a model that it does not work with)"
    return None


@dataclass(eq=False)
class Question:
    """What vLLM is asked: which of some tokens come after others, as they stand in the tree below `after`."""

    # Tokens that are read.
    read: tuple[int, ...]
    # Tokens that may come next: each with the node that it stands in.
    told: dict[int, Node] = field(default_factory=dict)


class VllmReading:
    """The shared way of one loaded `VLLM` of the harness."""

    def __init__(self, lm: Any) -> None:
        self._lm = lm
        # Of all that was answered: how many tokens went through the model.
        self.tokens_read = 0
        self.questions_asked = 0

    def answer(self, requests: Sequence[Request], disable_tqdm: bool = True, **_: Any) -> list[Answer]:
        """Answers in the order of the requests, which are cut as the harness's class cuts them.

        An option that has no tokens after tokenization is certain, as there: the sum of no log-probabilities.
        Raises `ValueError` where a context has no tokens, or an option more than the model reads.
        """
        read = iter(self._read([request for request in requests if request[2]], disable_tqdm=disable_tqdm))
        answers = [next(read) if option else CERTAIN for _, _, option in requests]
        for (cache_key, _, _), answer in zip(requests, answers, strict=True):
            if cache_key is not None:
                self._lm.cache_hook.add_partial("loglikelihood", cache_key, answer)
        return answers

    def _read(self, requests: Sequence[Request], *, disable_tqdm: bool) -> list[Answer]:
        if not requests:
            return []
        # One token is generated; the harness leaves room for it.
        longest = self._lm.max_length - 1
        readings = [reading_of(context, option, longest - 1) for _, context, option in requests]
        root = grow([reading.tokens for reading in readings])
        told = self._ask(list(_questions(root, readings)), disable_tqdm=disable_tqdm)
        paths = {index: node.path() for node in root.walk() for index in node.ends}
        answers = []
        for index, reading in enumerate(readings):
            values = [
                told[node, at] for node in paths[index] for at in range(max(node.start, reading.first), node.end)
            ]
            answers.append((sum(value for value, _ in values), all(likeliest for _, likeliest in values)))
        return answers

    def _ask(self, questions: list[Question], *, disable_tqdm: bool) -> dict[tuple[Node, int], tuple[float, bool]]:
        """By node and index of a token in the sequences that go through it: its log-probability, and whether it was the likeliest."""
        told: dict[tuple[Node, int], tuple[float, bool]] = {}
        first, rest = _beginnings(questions)
        for wave in (first, rest):
            if not wave:
                continue
            outputs = self._generate(wave, disable_tqdm=disable_tqdm)
            for question, output in zip(wave, outputs, strict=True):
                self.questions_asked += 1
                self.tokens_read += len(question.read) - (output.num_cached_tokens or 0)
                (completion,) = output.outputs
                likeliest, values = completion.token_ids[0], completion.logprobs[0]
                for token, node in question.told.items():
                    told[node, len(question.read)] = (values[token].logprob, token == likeliest)
        return told

    def _generate(self, questions: Sequence[Question], *, disable_tqdm: bool) -> list[Any]:
        from vllm import SamplingParams, TokensPrompt

        return self._lm.model.generate(
            [TokensPrompt(prompt_token_ids=list(question.read)) for question in questions],
            # Whatever a model's own generation settings say: only the likeliest token is generated, and none of them counts.
            sampling_params=[
                SamplingParams(temperature=0, max_tokens=1, detokenize=False, logprob_token_ids=list(question.told))
                for question in questions
            ],
            use_tqdm=not disable_tqdm,
            lora_request=self._lm.lora_request,
        )


def _questions(root: Node, readings: Sequence[Reading]) -> Iterator[Question]:
    """Each place of the tree after which a scored token stands, in the order of the tree: what is shared comes first."""
    firsts: dict[Node, int] = {}
    examples: dict[Node, int] = {}
    for node in reversed(list(root.walk())):
        below = [*node.ends, *(examples[child] for child in node.children)]
        examples[node] = below[0]
        firsts[node] = min([*(readings[index].first for index in node.ends), *(firsts[child] for child in node.children)])
    for node in root.walk():
        tokens = readings[examples[node]].tokens
        # Inside of a node one token follows; at its end the first ones of its children do.
        for end in range(max(node.start + 1, firsts[node]), node.end):
            yield Question(tokens[:end], {tokens[end]: node})
        scored = {child.tokens[0]: child for child in node.children if firsts[child] <= node.end}
        followers = list(scored.items())
        for start in range(0, len(followers), MAX_TOKENS_TOLD):
            yield Question(tokens[: node.end], dict(followers[start : start + MAX_TOKENS_TOLD]))


def _beginnings(questions: Sequence[Question]) -> tuple[list[Question], list[Question]]:
    """One question for each beginning that several share, and the others: sent at once, all would read it."""
    first: list[Question] = []
    rest: list[Question] = []
    for question in questions:
        # In the order of the tree those with one beginning stand together.
        (rest if first and _share(first[-1], question) else first).append(question)
    return first, rest


# Less than a block of the cache is not kept.
BLOCK = 16


def _share(first: Question, second: Question) -> bool:
    return first.read[:BLOCK] == second.read[:BLOCK] and min(len(first.read), len(second.read)) >= BLOCK
