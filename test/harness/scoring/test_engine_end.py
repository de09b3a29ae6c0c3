"""An engine that is killed sends no last message: whoever waits for an answer is told all the same."""

from __future__ import annotations

import queue
import unittest
from types import SimpleNamespace
from typing import Any
from unittest import mock

from sosbench_worker import engine_end
from sosbench_worker.engine_end import tell_end
from sosbench_worker.faults import classify


def loaded(core: Any) -> Any:
    return SimpleNamespace(model=SimpleNamespace(llm_engine=SimpleNamespace(engine_core=core)))


class EngineEnd(unittest.TestCase):
    def test_who_waits_for_an_answer_gets_an_error_that_is_known(self) -> None:
        core = SimpleNamespace(outputs_queue=queue.Queue(), resources=SimpleNamespace(engine_dead=False))
        with mock.patch.object(engine_end, "POLL_SECONDS", 0.01):
            self.assertTrue(tell_end(loaded(core)))
            with self.assertRaises(queue.Empty):
                core.outputs_queue.get(timeout=0.1)
            core.resources.engine_dead = True
            error = core.outputs_queue.get(timeout=30)
        self.assertEqual(classify(error, during="evaluate"), "device")
        self.assertRegex(f"{type(error).__name__}: {error}", "^EngineDeadError: EngineCore encountered an issue")

    def test_what_has_no_engine_of_that_kind_is_left_alone(self) -> None:
        for core in (None, SimpleNamespace(), SimpleNamespace(outputs_queue=queue.Queue(), resources=None)):
            with self.subTest(core=core):
                self.assertFalse(tell_end(loaded(core)))
        self.assertFalse(tell_end(SimpleNamespace()))
