"""What goes through the model together: `python -m unittest test_packs`."""

from __future__ import annotations

import random
import unittest

from sosbench_worker.scoring.packs import Limits, Pack, last_uses, lay_out, plan
from sosbench_worker.scoring.tree import Node, Reading, different_tokens, grow, reading_of


def planned(readings: list[Reading], limits: Limits) -> tuple[list[Pack], dict]:
    root = grow([reading.read for reading in readings])
    return plan(root, dict(enumerate(readings)), limits)


def question(context: list[int], *options: list[int]) -> list[Reading]:
    return [reading_of(context, option, 1000) for option in options]


def told(packs: list[Pack], wanted: dict) -> dict[int, list[tuple[int, int]]]:
    """By request, position and token of what is told of it, with a look at what each pack goes on from."""
    found: dict[int, list[tuple[int, int]]] = {}
    kept: list[Node | None] = []
    last = last_uses(packs)
    for place, pack in enumerate(packs):
        assert pack.depth <= len(kept), "it goes on from what was not kept"
        del kept[pack.depth :]
        assert not kept or kept[-1] is not None, "it goes on from what was let go"
        inside = set(pack.nodes)
        for node in pack.nodes:
            assert node.parent in inside or node.parent is (kept[-1] if kept else node.path()[0]), "what it goes on from"
            for one in wanted.get(node, ()):
                assert node.start <= one.position < node.end
                found.setdefault(one.request, []).append((one.position, one.token))
        if kept and place in last:
            kept[-1] = None
        if pack.keep:
            kept.extend(pack.nodes)
    return found


def most_kept(packs: list[Pack]) -> int:
    """The most tokens whose keys and values are there at once: what is kept, each with all before it, and the pack that is read."""
    kept: list[int] = []
    last, most = last_uses(packs), 0
    for place, pack in enumerate(packs):
        del kept[pack.depth :]
        read = (kept[-1] if kept else 0) + sum(len(node.tokens) for node in pack.nodes)
        most = max(most, sum(kept) + read)
        if kept and place in last:
            kept[-1] = 0
        if pack.keep:
            kept.append(read)
    return most


class Packs(unittest.TestCase):
    def test_every_scored_token_is_told_once_in_trees_and_limits_of_all_kinds(self):
        draw = random.Random(2)
        for _ in range(400):
            readings = []
            beginning = [draw.randrange(3) for _ in range(draw.randrange(1, 30))]
            for _ in range(draw.randrange(1, 12)):
                context = beginning[: draw.randrange(1, len(beginning) + 1)] + [
                    draw.randrange(3) for _ in range(draw.randrange(12))
                ]
                options = [[draw.randrange(3) for _ in range(draw.randrange(1, 5))] for _ in range(draw.randrange(1, 5))]
                readings += question(context, *options)
            limits = Limits(draw.choice([4, 10, 30, 1000]), draw.choice([1, 3, 100]), draw.choice([0, 5, 32]))
            packs, wanted = planned(readings, limits)
            expected = {
                index: [(place - 1, reading.tokens[place]) for place in range(reading.first, len(reading.tokens))]
                for index, reading in enumerate(readings)
            }
            self.assertEqual({index: sorted(parts) for index, parts in told(packs, wanted).items()}, expected)

    def test_packs_hold_what_the_limits_say_or_one_node_that_is_larger(self):
        readings = [one for start in range(20) for one in question([start, *range(100, 100 + start)], [7], [8, 9])]
        packs, wanted = planned(readings, Limits(40, 6))
        for pack in packs:
            tokens = sum(len(node.tokens) for node in pack.nodes)
            scored = {(node, one.position) for node in pack.nodes for one in wanted.get(node, ())}
            self.assertTrue(len(pack.nodes) == 1 or (tokens <= 40 and len(scored) <= 6))
        sizes = [sum(len(node.tokens) for node in pack.nodes) for pack in packs]
        self.assertEqual(sum(sizes), different_tokens(grow([reading.read for reading in readings])))
        # Longest first.
        self.assertEqual(sizes[0], max(sizes))

    def test_a_shared_beginning_is_read_alone_where_what_branches_off_it_is_too_much_for_one_pack(self):
        readings = [one for end in range(8) for one in question([*range(50), 60 + end, 1, 2], [7], [8])]
        packs, _ = planned(readings, Limits(60, 100))
        self.assertEqual([(len(pack.nodes), pack.depth, pack.keep) for pack in packs], [(1, 0, True), (8, 1, False)])

    def test_a_short_one_is_read_again_instead(self):
        readings = [one for end in range(8) for one in question([1, 2, 60 + end, *range(20)], [7], [8])]
        packs, _ = planned(readings, Limits(60, 100))
        self.assertEqual({(pack.depth, pack.keep) for pack in packs}, {(0, False)})

    def test_beginnings_of_one_another_hundreds_deep(self):
        readings = [one for length in range(1, 1500, 2) for one in question(list(range(length)), [5000])]
        packs, wanted = planned(readings, Limits(64, 64, spare=0))
        self.assertEqual(len(told(packs, wanted)), len(readings))

    def test_of_a_conversation_that_grows_little_more_is_kept_than_its_longest_part(self):
        # Each turn is asked after, and goes on to the next: all of them stand on one path.
        turns = [list(range(100 * turn)) for turn in range(1, 81)]
        readings = [reading_of(turn, [9000 + option, 1], 10_000) for turn in turns for option in range(3)]
        for tokens in (4096, 512, 64):
            packs, wanted = planned(readings, Limits(tokens, 100))
            self.assertEqual(len(told(packs, wanted)), len(readings))
            self.assertGreater(max(pack.depth for pack in packs), 30)
            self.assertLess(most_kept(packs), 2 * 8000 + 4096)

    def test_the_order_of_requests_does_not_matter(self):
        readings = [one for end in range(9) for one in question([1, 2, 3, end, end], [7], [8, 9])]
        shuffled = random.Random(3).sample(readings, len(readings))
        rows = [[lay_out(pack).tokens for pack in planned(order, Limits(12, 50))[0]] for order in (readings, shuffled)]
        self.assertEqual(*rows)


if __name__ == "__main__":
    unittest.main()
