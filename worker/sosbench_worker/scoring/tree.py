"""The tree that the tokens of many requests form: what they share stands in it once.

Pure Python: no model, no PyTorch.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True)
class Reading:
    """One request as the harness reads it: all its tokens, of which those from index `first` on are scored.

    The model reads `tokens[:-1]`; token `i` is told by what comes out at position `i - 1`.
    """

    tokens: tuple[int, ...]
    first: int

    @property
    def read(self) -> tuple[int, ...]:
        """What goes through the model: the last token is only scored."""
        return self.tokens[:-1]

    @property
    def context(self) -> tuple[int, ...]:
        """What is read before the first scored token."""
        return self.tokens[: self.first]

    @property
    def option(self) -> tuple[int, ...]:
        """The scored tokens."""
        return self.tokens[self.first :]


def reading_of(context: Sequence[int], option: Sequence[int], max_length: int) -> Reading:
    """A request cut to the model's context from the left, as the harness cuts it.

    @param max_length: tokens that go through the model at most.
    Raises `ValueError` where the context or the option has no tokens, or the option more than `max_length`.
    """
    if len(context) == 0:
        raise ValueError("a context has no tokens")
    if len(option) == 0:
        raise ValueError("an option has no tokens of its own: nothing of it is left after tokenization")
    if len(option) > max_length:
        raise ValueError(f"an option has {len(option)} tokens; the model reads {max_length}")
    tokens = (*context, *option)[-(max_length + 1) :]
    return Reading(tokens, len(tokens) - len(option))


def without_tokens(requests: Sequence[tuple[Any, Sequence[int], Sequence[int]]]) -> set[int]:
    """Indices of requests whose option has no tokens after tokenization, where the harness's own classes have an answer all the same.

    A tokenizer may make one token of the context's end and all of the option. The harness reads a context once for all options of one
    token, and answers those of none beside them: a sum of no log-probabilities is 0, and certain.
    """
    read = {(*context, *option[:-1]) for _, context, option in requests if option}
    return {index for index, (_, context, option) in enumerate(requests) if not option and tuple(context) in read}


# What it answers there.
CERTAIN = (0.0, True)


@dataclass(eq=False)
class Node:
    """Tokens that the same sequences share, after those of its parents. Children differ in their first token."""

    # Tokens before it.
    start: int
    tokens: tuple[int, ...]
    parent: Node | None = None
    # By first token, ascending.
    children: list[Node] = field(default_factory=list)
    # Indices of the sequences that end with this node; several where they are equal.
    ends: list[int] = field(default_factory=list)

    @property
    def end(self) -> int:
        """Tokens up to and with it."""
        return self.start + len(self.tokens)

    def walk(self) -> Iterator[Node]:
        """It and all below it, each after its parent."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))

    def path(self) -> list[Node]:
        """From the root to it."""
        nodes = [self]
        while nodes[-1].parent is not None:
            nodes.append(nodes[-1].parent)
        return nodes[::-1]


def grow(sequences: Sequence[tuple[int, ...]], start: int = 0) -> Node:
    """The tree of `sequences`; the same whatever their order, but for the order within `ends`.

    @param start: tokens that stand before all of them and are not part of them.
    @returns the root, which has no tokens.
    """
    root = Node(start, ())
    path = [root]
    before: tuple[int, ...] = ()
    for index in sorted(range(len(sequences)), key=lambda index: (sequences[index], index)):
        sequence = sequences[index]
        shared = start + common(before, sequence)
        # In sorted order only the last path can go on.
        while path[-1].start >= shared and len(path) > 1:
            path.pop()
        if path[-1].end > shared:
            path[-1] = _split(path[-1], shared)
        if shared - start < len(sequence):
            node = Node(shared, sequence[shared - start :], path[-1])
            path[-1].children.append(node)
            path.append(node)
        path[-1].ends.append(index)
        before = sequence
    return root


def _split(node: Node, at: int) -> Node:
    """Cuts a node in two at `at` tokens from the beginning of the sequences; returns the upper part."""
    upper = Node(node.start, node.tokens[: at - node.start], node.parent, [node])
    siblings = node.parent.children  # type: ignore[union-attr]
    siblings[siblings.index(node)] = upper
    node.start, node.tokens, node.parent = at, node.tokens[at - node.start :], upper
    return upper


def common(first: Sequence[int], second: Sequence[int]) -> int:
    """How many tokens two sequences share from their beginnings."""
    low, high = 0, min(len(first), len(second))
    # Slices are compared in C.
    while low < high:
        middle = (low + high + 1) // 2
        if first[low:middle] == second[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def different_tokens(node: Node) -> int:
    """Tokens of a node and all below it, each shared beginning counted once."""
    return sum(len(part.tokens) for part in node.walk())


def scored_in(reading: Reading, start: int, end: int) -> range:
    """Indices of a request's scored tokens that reading the positions from `start` up to (not with) `end` tells."""
    return range(max(reading.first, start + 1), min(len(reading.tokens) - 1, end) + 1)
