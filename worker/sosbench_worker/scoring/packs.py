"""Which parts of a tree of tokens go through the model together.

Whole subtrees are laid side by side in one row, a pack: a context with its options, as many contexts as fit. Each token sees
the tokens of its own path and no others, so that nothing is padded. A subtree that is larger than a pack is taken apart: its
shared beginning is read alone and its keys and values are kept for what branches off it.

Pure Python: no model, no PyTorch. What comes out depends on the tree and the limits alone.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sosbench_worker.scoring.tree import Node, Reading, scored_in

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Limits:
    """`tokens`: of a pack; `scored`: positions of a pack whose logits are wanted; `spare`: tokens that are rather read again
    than given a call of the model of their own."""

    tokens: int
    scored: int
    spare: int = 32


@dataclass(frozen=True)
class Wanted:
    """One scored token: told by what comes out at `position` (counted from the beginning of its sequence)."""

    position: int
    token: int
    request: int


@dataclass(frozen=True)
class Pack:
    """Nodes that go through the model in one call, each after its parent.

    `depth`: how many kept nodes stand before them; `keep`: whether its keys and values are needed by later packs.
    """

    nodes: tuple[Node, ...]
    depth: int
    keep: bool = False


def plan(root: Node, readings: dict[int, Reading], limits: Limits) -> tuple[list[Pack], dict[Node, list[Wanted]]]:
    """Packs in the order in which they are read, and what is wanted of each node.

    A pack of depth `d` goes on from the last `d` packs that are kept; those of a greater depth are not needed any more. A tree
    is changed by it: small shared parts of large subtrees become parts of their children.

    @param readings: by index in the tree's `ends`.
    """
    fold(root, limits)
    wanted = wanted_of(root, readings)
    tokens, scored = _sizes(root, wanted)
    packs: list[Pack] = []
    # Siblings that are not read yet, or a pack that is ready.
    waiting: list[tuple[list[Node], int] | Pack] = [(root.children, 0)]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, Pack):
            packs.append(entry)
            continue
        siblings, depth = entry
        ordered = sorted(siblings, key=lambda node: (-tokens[node], node.tokens))
        after: list[list[tuple[list[Node], int] | Pack]] = []
        small: list[Node] = []
        for node in ordered:
            if tokens[node] <= limits.tokens and scored[node] <= limits.scored:
                small.append(node)
            elif node.children:
                after.append([Pack((node,), depth, keep=True), (node.children, depth + 1)])
            else:
                after.append([Pack((node,), depth)])
        after += [[Pack(tuple(nodes), depth)] for nodes in _fill(small, tokens, scored, limits)]
        # Longest first; where they go on from something that is kept the longest is the last, since that is let go then.
        waiting.extend(one for part in (after if depth else after[::-1]) for one in reversed(part))
    return packs, wanted


def last_uses(packs: Sequence[Pack]) -> set[int]:
    """Indices of the packs after which nothing goes on any more from what they went on from."""
    last: set[int] = set()
    used: set[int] = set()
    for index in range(len(packs) - 1, -1, -1):
        depth = packs[index].depth
        # What is deeper is not kept beyond this pack.
        used = {one for one in used if one <= depth}
        if depth not in used:
            last.add(index)
        used.add(depth)
    return last


def fold(root: Node, limits: Limits) -> None:
    """Makes shared parts of subtrees larger than a pack parts of their children where that reads few tokens again."""
    sizes = {node: len(node.tokens) for node in root.walk()}
    for node in reversed(list(root.walk())):
        if node.parent is not None:
            sizes[node.parent] += sizes[node]
    waiting = [root]
    while waiting:
        parent = waiting.pop()
        unsettled, settled = deque(parent.children), []
        while unsettled:
            node = unsettled.popleft()
            again = len(node.tokens) * (len(node.children) - 1)
            if sizes[node] <= limits.tokens or not node.children or again > limits.spare:
                settled.append(node)
                continue
            for child in node.children:
                child.start, child.tokens, child.parent = node.start, node.tokens + child.tokens, parent
                sizes[child] += len(node.tokens)
            node.children[0].ends = node.ends + node.children[0].ends
            unsettled.extendleft(reversed(node.children))
        parent.children = settled
        waiting.extend(node for node in settled if sizes[node] > limits.tokens)


def wanted_of(root: Node, readings: dict[int, Reading]) -> dict[Node, list[Wanted]]:
    """By node, the scored tokens that its positions tell; nodes that tell none are left out."""
    wanted: dict[Node, list[Wanted]] = {}
    for end in root.walk():
        for request in end.ends:
            reading = readings[request]
            node: Node | None = end
            while node is not None and node.end >= reading.first and node.tokens:
                wanted.setdefault(node, []).extend(
                    Wanted(index - 1, reading.tokens[index], request)
                    for index in scored_in(reading, node.start, node.end)
                )
                node = node.parent
    return wanted


def _sizes(root: Node, wanted: dict[Node, list[Wanted]]) -> tuple[dict[Node, int], dict[Node, int]]:
    """Tokens and wanted positions of each node with all below it."""
    nodes = list(root.walk())
    tokens = {node: len(node.tokens) for node in nodes}
    scored = {node: len({one.position for one in wanted.get(node, ())}) for node in nodes}
    for node in reversed(nodes):
        if node.parent is not None:
            tokens[node.parent] += tokens[node]
            scored[node.parent] += scored[node]
    return tokens, scored


def _fill(
    nodes: Sequence[Node], tokens: dict[Node, int], scored: dict[Node, int], limits: Limits
) -> list[list[Node]]:
    """Subtrees, longest first, each into the first pack that has room; all their nodes, each after its parent."""
    packs: list[list[Node]] = []
    room: list[list[int]] = []
    for node in nodes:
        for pack, left in zip(packs, room, strict=True):
            if tokens[node] <= left[0] and scored[node] <= left[1]:
                break
        else:
            pack, left = [], [limits.tokens, limits.scored]
            packs.append(pack)
            room.append(left)
        pack.extend(node.walk())
        left[0] -= tokens[node]
        left[1] -= scored[node]
    return packs


@dataclass(frozen=True)
class Layout:
    """A pack as one row. `spans`: by node, from which index to which (without) its tokens lie."""

    tokens: list[int]
    positions: list[int]
    spans: dict[Node, tuple[int, int]]

    @property
    def is_chain(self) -> bool:
        """Whether every token sees all before it, as in any text."""
        nodes = list(self.spans)
        return all(below.parent is above for above, below in zip(nodes, nodes[1:], strict=False))


def lay_out(pack: Pack) -> Layout:
    tokens: list[int] = []
    positions: list[int] = []
    spans: dict[Node, tuple[int, int]] = {}
    for node in pack.nodes:
        spans[node] = (len(tokens), len(tokens) + len(node.tokens))
        tokens.extend(node.tokens)
        positions.extend(range(node.start, node.end))
    return Layout(tokens, positions, spans)
