"""The tree of tokens: `python -m unittest test_tree`."""

from __future__ import annotations

import random
import unittest

from sosbench_worker.scoring.tree import Node, common, different_tokens, grow, reading_of, scored_in


def drawn(root: Node) -> list:
    """A tree as lists: tokens, ends, children."""
    return [list(root.tokens), sorted(root.ends), *[drawn(child) for child in root.children]]


TREES = [
    ("nothing", [], [[], []]),
    ("one", [(1, 2)], [[], [], [[1, 2], [0]]]),
    ("equal ones end together", [(1, 2), (1, 2)], [[], [], [[1, 2], [0, 1]]]),
    ("one that is the beginning of another", [(1, 2, 3), (1, 2)], [[], [], [[1, 2], [1], [[3], [0]]]]),
    (
        "what two share stands once",
        [(1, 2, 4), (1, 2, 3)],
        [[], [], [[1, 2], [], [[3], [1]], [[4], [0]]]],
    ),
    (
        "shared beginnings within a shared beginning",
        [(1, 2, 3, 4), (1, 2, 3, 5), (1, 6), (7,)],
        [[], [], [[1], [], [[2, 3], [], [[4], [0]], [[5], [1]]], [[6], [2]]], [[7], [3]]],
    ),
    ("an empty one ends at the root", [(), (1,)], [[], [0], [[1], [1]]]),
    (
        "a beginning, its beginning, and one that leaves in between",
        [(1, 2, 3, 4), (1, 2), (1,), (1, 2, 5)],
        [[], [], [[1], [2], [[2], [1], [[3, 4], [0]], [[5], [3]]]]],
    ),
]


class Tree(unittest.TestCase):
    def test_shapes(self):
        for title, sequences, expected in TREES:
            with self.subTest(title):
                self.assertEqual(drawn(grow(sequences)), expected)

    def test_every_sequence_is_the_tokens_of_its_path_and_the_order_of_sequences_does_not_matter(self):
        draw = random.Random(1)
        for _ in range(300):
            sequences = [
                tuple(draw.randrange(3) for _ in range(draw.randrange(9))) for _ in range(draw.randrange(1, 12))
            ]
            root = grow(sequences, start=5)
            found = {}
            for node in root.walk():
                self.assertEqual(node.start, node.parent.end if node.parent else 5)
                firsts = [child.tokens[0] for child in node.children]
                self.assertEqual(firsts, sorted(set(firsts)))
                if node.parent is not None:
                    self.assertTrue(node.tokens)
                    # A node that neither ends a sequence nor branches would be one with its child.
                    self.assertTrue(node.ends or len(node.children) > 1)
                for index in node.ends:
                    found[index] = tuple(token for part in node.path() for token in part.tokens)
            self.assertEqual([found[index] for index in range(len(sequences))], sequences)
            prefixes = {sequence[:length] for sequence in sequences for length in range(1, len(sequence) + 1)}
            self.assertEqual(different_tokens(root), len(prefixes))
            shuffled = sequences[:]
            draw.shuffle(shuffled)
            self.assertEqual(_tokens(grow(shuffled, start=5)), _tokens(root))

    def test_common_beginnings(self):
        for first, second, expected in [((), (1,), 0), ((1, 2), (1, 2), 2), ((1, 2, 3), (1, 2, 4), 2), ((2,), (1,), 0)]:
            self.assertEqual(common(first, second), expected)


def _tokens(node: Node) -> list:
    return [node.tokens, len(node.ends), *[_tokens(child) for child in node.children]]


READINGS = [
    ("one that fits", [1, 2, 3], [4, 5], 10, (1, 2, 3, 4, 5), 3),
    ("one that just fits: the last token is not read", [1, 2, 3], [4, 5], 4, (1, 2, 3, 4, 5), 3),
    ("one that is too long loses its beginning", [1, 2, 3], [4, 5], 3, (2, 3, 4, 5), 2),
    ("an option that takes all there is keeps one token before it", [1, 2, 3], [4, 5], 2, (3, 4, 5), 1),
]


class Readings(unittest.TestCase):
    def test_cut_as_the_harness_cuts(self):
        for title, context, option, length, tokens, first in READINGS:
            with self.subTest(title):
                reading = reading_of(context, option, length)
                self.assertEqual((reading.tokens, reading.first), (tokens, first))
                # The harness's own words for what is read.
                self.assertEqual(reading.read, tuple((context + option)[-(length + 1) :][:-1]))
                self.assertEqual(reading.option, tuple(option))

    def test_what_cannot_be_read_is_refused(self):
        for context, option, length, message in [
            ([], [1], 4, "a context has no tokens"),
            ([1], [], 4, "an option has no tokens of its own"),
            ([1], [1, 2, 3], 2, "an option has 3 tokens; the model reads 2"),
        ]:
            with self.assertRaisesRegex(ValueError, message):
                reading_of(context, option, length)

    def test_each_scored_token_is_told_by_exactly_one_part(self):
        reading = reading_of([1, 2, 3], [4, 5, 6], 10)
        for cuts in ([0, 5], [0, 2, 3, 5], [0, 1, 4, 5], [0, 3, 4, 5]):
            told = [index for start, end in zip(cuts, cuts[1:]) for index in scored_in(reading, start, end)]
            self.assertEqual(told, [3, 4, 5])


if __name__ == "__main__":
    unittest.main()
