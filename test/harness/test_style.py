"""How an answer is written, by the cases that the TypeScript side is held to as well: `python -m unittest test_style`."""

from __future__ import annotations

import json
import unittest
from pathlib import Path

from sosbench_worker.style import MAX_CHARS, measure_style

CASES = json.loads((Path(__file__).parent.parent / "fixtures" / "style" / "cases.json").read_text("utf-8"))


class Style(unittest.TestCase):
    def test_every_case_of_the_table(self):
        self.assertGreater(len(CASES), 40)
        for case in CASES:
            with self.subTest(case["what"]):
                self.assertEqual(measure_style(case["text"]), case["style"])

    def test_a_text_longer_than_any_answer_is_measured_as_far_as_counts_may_go(self):
        self.assertEqual(measure_style("a" * (MAX_CHARS + 5))["chars"], MAX_CHARS)

    def test_a_million_characters_are_measured_in_one_pass(self):
        # Anything that looks at the rest of the text from each of its lines takes hours.
        for part in ("\n", " ", "``` ", "~~~\n", "*", "**a ", "#", "`"):
            measure_style(part * (1_000_000 // len(part)))


if __name__ == "__main__":
    unittest.main()
