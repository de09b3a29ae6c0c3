"""Serves requests one at a time, but for chunks of written answers: describe, open, evaluate, judge, shutdown."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING, Any

from sosbench_worker.faults import classify

if TYPE_CHECKING:
    from collections.abc import Callable

    from sosbench_worker.channel import Channel, Message
    from sosbench_worker.flight import Flight
    from sosbench_worker.model import OpenModel
    from sosbench_worker.tasks import TaskShelf

PROTOCOL = 1


class Session:
    """One worker's life: at most one model, any number of tasks and chunks."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._shelf: TaskShelf | None = None
        self._model: OpenModel | None = None

    def serve(self) -> None:
        while (request := self._channel.next())["type"] != "shutdown":
            if request.get("together") and self._shelf is not None and self._model is not None:
                from sosbench_worker.flight import Flight

                self._write_together(request, Flight(self._shelf, self._model, self._channel))
            else:
                self._reply(request, self._answer)

    def _reply(self, request: Message, answer: Callable[[Message], Message]) -> None:
        try:
            self._channel.send(answer(request))
        except Exception as error:  # noqa: BLE001 - whatever a task or model raises is an answer
            self._refuse(request, error)

    def _refuse(self, request: Message, error: BaseException, otherwise: str = "internal") -> None:
        """`otherwise`: what kind of failure it is where the error does not say."""
        traceback.print_exception(error, file=sys.stderr)
        kind = classify(error, during=request["type"])
        self._channel.send(
            {
                "type": "error",
                "kind": otherwise if kind == "internal" else kind,
                "message": _one_line(error),
                **{key: request[key] for key in ("chunk", "task") if key in request},
            }
        )

    def _write_together(self, first: Message, flight: Flight) -> None:
        """Chunks of written answers, with those that are asked for meanwhile, until none is left."""
        by_themselves = []
        request: Message | None = first
        while request is not None or not flight.is_empty:
            while request is not None:
                try:
                    if self._channel.is_cancelled(request["chunk"]):
                        self._channel.send({"type": "cancelled", "chunk": request["chunk"]})
                    elif not flight.add(request):
                        by_themselves.append(request)
                except Exception as error:  # noqa: BLE001 - as above
                    self._refuse(request, error)
                request = self._channel.next_together()
            try:
                landed = [] if flight.is_empty else flight.step()
            except Exception as error:  # noqa: BLE001 - as above
                # Whatever it was, the engine still has their prompts.
                for lost in flight.abandon():
                    self._refuse(lost, error, "device")
                break
            for done in landed:
                self._reply(done, flight.land)
            request = self._channel.next_together()
        for left in by_themselves:
            self._reply(left, self._answer)

    def _answer(self, request: Message) -> Message:
        match request["type"]:
            case "prepare":
                from sosbench_worker.seeds import reseed
                from sosbench_worker.tasks import TaskShelf
                from sosbench_worker.versions import versions

                # PyTorch, the slowest of all imports, is loaded for it: a worker on standby has that behind it.
                reseed(request["seed"])
                self._shelf = TaskShelf(request["includePaths"], request["seed"], request.get("closed"))
                return {"type": "prepared", "protocol": PROTOCOL, "versions": versions()}
            case "expand":
                return {"type": "expanded", "tasks": self._tasks.expand(request["name"])}
            case "describe":
                return {"type": "described", **self._tasks.describe(request["spec"])}
            case "texts":
                return {"type": "texts", "texts": self._tasks.texts(request["spec"], request["items"])}
            case "export":
                self._tasks.export(request["spec"], request["files"])
                return {"type": "exported"}
            case "open":
                from sosbench_worker.model import OpenModel

                self._model = OpenModel.load(request)
                hello = {"type": "hello", **self._model.hello()}
                return {**hello, "probe": self._model.probe()} if request.get("probe") else hello
            case "evaluate":
                return self._evaluate(request)
            case "judge":
                return self._judge(request)
            case other:
                raise ValueError(f"unknown request '{other}'")

    @property
    def _tasks(self) -> TaskShelf:
        if self._shelf is None:
            raise RuntimeError("'prepare' has to come first")
        return self._shelf

    @property
    def _opened(self) -> OpenModel:
        if self._model is None:
            raise RuntimeError("'open' has to come before 'evaluate' and 'judge'")
        return self._model

    def _evaluate(self, request: Message) -> dict[str, Any]:
        from sosbench_worker.evaluate import evaluate_chunk

        model = self._opened
        if self._channel.is_cancelled(request["chunk"]):
            return {"type": "cancelled", "chunk": request["chunk"]}
        return evaluate_chunk(request, self._tasks, model, self._channel)

    def _judge(self, request: Message) -> dict[str, Any]:
        from sosbench_worker.judge import judge_games

        return judge_games(request, self._opened, self._channel)


def _one_line(error: BaseException) -> str:
    """The error and, where a library wrapped it, what it was at first."""
    cause = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    texts = [f"{type(part).__name__}: {' '.join(str(part).split())}" for part in (error, cause)]
    return (texts[0] if cause is error else " <- ".join(texts))[:2000]
