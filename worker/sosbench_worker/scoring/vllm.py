"""Shared reading with vLLM: its prefix cache keeps what requests share, and tells the log-probabilities of the tokens that may come next.

The tokens of a chunk's requests form a tree. Where it branches, vLLM reads up to there and tells the log-probabilities of the tokens that
may follow. Scored tokens between two such ends are read on the way, and told by the same request as part of its prompt.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sosbench_worker.scoring.tree import CERTAIN, common, grow, reading_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sosbench_worker.scoring.tree import Node, Reading

    # ((context, option), the context's tokens, the option's tokens), as the harness has them.
    Request = tuple[tuple[str, str], list[int], list[int]]
    # Summed log-probability, and whether each token was the likeliest.
    Answer = tuple[float, bool]
    # By node and index of a token in the sequences that go through it: its log-probability, and whether it was the likeliest.
    Told = dict[tuple[Node, int], Answer]

# vLLM tells no more tokens' log-probabilities at once.
MAX_TOKENS_TOLD = 128


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
    """What vLLM is asked: which of some tokens come after those that are read, and how likely the last ones of these were."""

    # Tokens that are read.
    read: tuple[int, ...]
    # Tokens that may come next: each with the node that it stands in.
    told: dict[int, Node] = field(default_factory=dict)
    # Scored tokens among those that are read: by index, with the node that they stand in.
    on_the_way: dict[int, Node] = field(default_factory=dict)


class VllmReading:
    """The shared way of one loaded `VLLM` of the harness."""

    def __init__(self, lm: Any) -> None:
        self._lm = lm
        # Of all that was answered: how many tokens went through the model, and how many the cache had.
        self.tokens_read = 0
        self.tokens_kept = 0
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

    def _ask(self, questions: list[Question], *, disable_tqdm: bool) -> Told:
        told: Told = {}
        for wave in _beginnings(questions):
            self._tell(told, wave, disable_tqdm=disable_tqdm)
        # What the cache had of a request was not read again, and nothing is told of it.
        missing: dict[tuple[int, ...], dict[int, Node]] = {}
        for question in questions:
            for index, node in question.on_the_way.items():
                if (node, index) not in told:
                    missing.setdefault(question.read[:index], {})[question.read[index]] = node
        pieces = [Question(read, some) for read, followers in missing.items() for some in _pieces(followers)]
        self._tell(told, pieces, disable_tqdm=disable_tqdm)
        return told

    def _tell(self, told: Told, questions: Sequence[Question], *, disable_tqdm: bool) -> None:
        """Adds to `told` what vLLM answers."""
        if not questions:
            return
        outputs = self._generate(questions, disable_tqdm=disable_tqdm)
        for question, output in zip(questions, outputs, strict=True):
            read, cached = len(question.read), output.num_cached_tokens or 0
            self.questions_asked += 1
            self.tokens_read += read - cached
            self.tokens_kept += cached
            (completion,) = output.outputs
            likeliest, values = completion.token_ids[0], completion.logprobs[0]
            for token, node in question.told.items():
                told[node, read] = (values[token].logprob, token == likeliest)
            for index, node in question.on_the_way.items():
                # Counted from the end: one of vLLM's two model runners leaves out what was cached, the other has anything there.
                values = output.prompt_logprobs[index - read] if index > cached else {}
                token = question.read[index]
                if token in values:
                    told[node, index] = (values[token].logprob, values[token].logprob >= max(value.logprob for value in values.values()))

    def _generate(self, questions: Sequence[Question], *, disable_tqdm: bool) -> list[Any]:
        from vllm import TokensPrompt

        return self._lm.model.generate(
            [TokensPrompt(prompt_token_ids=list(question.read)) for question in questions],
            sampling_params=[_parameters(question) for question in questions],
            use_tqdm=not disable_tqdm,
            lora_request=self._lm.lora_request,
        )


def _parameters(question: Question) -> Any:
    from vllm import SamplingParams

    # vLLM would read all of a prompt again where something of it is told.
    prompt = {"prompt_logprobs": 1, "skip_reading_prefix_cache": False} if question.on_the_way else {}
    # Whatever a model's own generation settings say: only the likeliest token is generated, and none of them counts.
    return SamplingParams(temperature=0, max_tokens=1, detokenize=False, logprob_token_ids=list(question.told), **prompt)


def _questions(root: Node, readings: Sequence[Reading]) -> Iterator[Question]:
    """What has to be asked to be told of all scored tokens, in the order of the tree: what is shared comes first.

    A question ends before the last token of an option, where the tree branches, and after each context, but where all that follows is
    told on the way to a later end.
    """
    firsts: dict[Node, set[int]] = {}
    examples: dict[Node, int] = {}
    for node in reversed(list(root.walk())):
        below = [*node.ends, *(examples[child] for child in node.children)]
        examples[node] = below[0]
        firsts[node] = {readings[index].first for index in node.ends}.union(*(firsts[child] for child in node.children))
    before: tuple[int, ...] = ()
    # Scored tokens before a node that are left to the first question that reads it.
    left: dict[Node, dict[int, Node]] = {}
    for node in root.walk():
        tokens = readings[examples[node]].tokens
        way = left.pop(node, {})
        begun = max(node.start + 1, min(firsts[node]))
        followers = _scored(node, firsts)
        ends = _ends(node, firsts)
        for end, later in itertools.pairwise([*ends, 0]):
            way |= dict.fromkeys(range(begun, end), node)
            begun = end + 1
            if later > begun and _may_leave(before, tokens[:end], [], firsts):
                way[end] = node
                continue
            yield Question(before := tokens[:end], {tokens[end]: node}, way)
            way = {}
        way |= dict.fromkeys(range(begun, node.end), node)
        if followers and _may_leave(before, tokens[: node.end], list(followers.values()), firsts):
            for child in followers.values():
                left[child] = {**way, node.end: child}
                way = {}
            continue
        for some in _pieces(followers):
            yield Question(before := tokens[: node.end], some, way)
            way = {}


def _pieces(followers: dict[int, Node]) -> Iterator[dict[int, Node]]:
    """As many at once as vLLM tells."""
    told = list(followers.items())
    for start in range(0, len(told), MAX_TOKENS_TOLD):
        yield dict(told[start : start + MAX_TOKENS_TOLD])


def _scored(node: Node, firsts: dict[Node, set[int]]) -> dict[int, Node]:
    """Scored tokens that follow after a node, with their nodes."""
    return {child.tokens[0]: child for child in node.children if min(firsts[child]) <= node.end}


def _ends(node: Node, firsts: dict[Node, set[int]]) -> list[int]:
    """Where questions end inside of a node: after contexts, and before the last token of an option."""
    ends = {first for first in firsts[node] if node.start < first < node.end}
    if not _scored(node, firsts) and max(node.start + 1, min(firsts[node])) < node.end:
        ends.add(node.end - 1)
    return sorted(ends)


# So many tokens may be read by a question that tells some on the way: vLLM reckons with all words after each of them.
MAX_TOLD_AFTER = 128
# vLLM makes Python objects of all tokens of a prompt where some are told on the way: so many cost what one question more does.
WORTH_A_QUESTION = 512


def _may_leave(
    before: tuple[int, ...], read: tuple[int, ...], children: Sequence[Node], firsts: dict[Node, set[int]]
) -> bool:
    """Whether what follows after some tokens may be left to later questions, which tell it on the way.

    @param before: what was read last. A block of the cache that ends there would have all of it, and nothing could be told on the way.
    @param children: the nodes that follow.
    """
    if len(read) - common(before, read) > MAX_TOLD_AFTER or len(read) % BLOCK == 0:
        return False
    if not all(_ends(child, firsts) or _scored(child, firsts) for child in children):
        return False
    # Questions that have nothing to tell on the way as they are.
    more = sum((_ends(child, firsts) or [child.end])[0] == child.start + 1 for child in children)
    return more * len(read) <= WORTH_A_QUESTION


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
