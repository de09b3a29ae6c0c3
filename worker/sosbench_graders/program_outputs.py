"""Runs an answer to a coding question on the inputs of its tests and writes down what it gives: `program_outputs.py`.

Reads `request.json` in the working folder: {"answer": what the model said, "partial": the beginning of a program that it completes
or null, "method": the name of a method of `Solution` or null for a program that reads stdin, "inputs": [text], "seconds": for each of
them}. Writes `outputs.jsonl`, a line for each input in their order, {"index", "output"}, and stops at the first that raises or takes too long.

What is expected is not here, in no process and no file of the sandbox: whatever an answer does to this program, it can only write
other outputs. It runs as LiveBench runs it (at 555b35d, `lcb_runner/evaluation/testing_util.py`, which is LiveCodeBench's): same names in
reach, same way of calling it, same limits of time, and what that disables is disabled here.
"""

from __future__ import annotations

import ast
import builtins
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from types import ModuleType
from unittest.mock import mock_open, patch

try:
    import numpy
except ImportError:
    numpy = None

MODULES = (
    "string re datetime collections heapq bisect copy math random statistics itertools functools operator io sys json builtins typing".split()
)
NAMED_MODULES = [name for name in MODULES if name not in ("builtins", "typing")]
PRELUDE = "".join(
    [
        *(f"from {name} import *\n" for name in MODULES),
        *(f"import {name}\n" for name in NAMED_MODULES),
        "sys.setrecursionlimit(50000)\n",
    ]
)
MAX_DIGITS = 50_000
DISABLED = {
    os: (
        "kill system putenv remove removedirs rmdir fchdir setuid fork forkpty killpg rename renames truncate replace unlink "
        "fchmod fchown chmod chown chroot lchflags lchmod lchown getcwd chdir"
    ).split(),
    shutil: ["rmtree", "move", "chown"],
    subprocess: ["Popen"],
    builtins: ["quit", "help"],
}
DISABLED_MODULES = ("ipdb", "joblib", "resource", "psutil", "tkinter")


class TimeoutException(Exception):  # noqa: N818 - an answer may tell by its name
    pass


class NotPlain(Exception):  # noqa: N818
    pass


def stop_after(seconds: int) -> None:
    """Raises once; what catches that and goes on is ended after the same time again."""
    global patience
    patience = seconds
    signal.signal(signal.SIGALRM, on_alarm)
    signal.alarm(seconds)


def on_alarm(_signal: int, _frame: object) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(patience)
    raise TimeoutException


def code_of(answer: str, partial: str | None) -> str:
    """The program in what the model said: what is between the last two fences, after its thoughts were taken away."""
    answer = re.sub("<think>.*?</think>", "", answer, flags=re.DOTALL)
    code = extract(answer)
    return f"{partial}\n{code}" if partial and not code.startswith(partial) else code


def extract(answer: str) -> str:
    lines = answer.rstrip().split("\n")
    fences = [number for number, line in enumerate(lines) if "```" in line]
    if len(fences) >= 2:
        return "\n".join(lines[fences[-2] + 1 : fences[-1]])
    if len(answer) > 1 and answer[0] == "`" and answer[-1] == "`":
        return answer[1:-1]
    if len(fences) == 1 and fences[0] == len(lines) - 1:
        return "\n".join(lines[:-1])
    return answer.rstrip()


def without_main_guard(code: str) -> str:
    try:
        tree = ast.parse(code)
        last = tree.body[-1]
        if isinstance(last, ast.If) and ast.unparse(last.test).strip() == "__name__ == '__main__'":
            return ast.unparse(tree.body[:-1]) + "\n" + ast.unparse(last.body)
    except Exception:  # noqa: BLE001, S110 - it is compiled later, and raises there
        pass
    return code


def as_function(code: str) -> str:
    """The program as the body of a function that can be called for each input."""
    try:
        tree = ast.parse(code)
        imports = [one for one in tree.body if isinstance(one, (ast.Import, ast.ImportFrom))]
        others = [one for one in tree.body if not isinstance(one, (ast.Import, ast.ImportFrom))]
        nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        function = ast.FunctionDef(name="wrapped_function", args=nothing, body=others, decorator_list=[], lineno=-1)
        return PRELUDE + "\n" + ast.unparse(imports) + "\n" + ast.unparse(function)
    except Exception:  # noqa: BLE001
        return code


def compiled(code: str, seconds: int) -> object:
    stop_after(seconds)
    try:
        module = ModuleType("tmp_sol", "")
        exec(code, module.__dict__)  # noqa: S102 - this is what the sandbox is for
        return module.Solution() if "class Solution" in code else module
    finally:
        signal.alarm(0)


def call_with_input(method, text: str) -> str:
    """What it prints."""
    lines = iter(text.split("\n"))
    outer, sys.stdout = sys.stdout, StringIO()
    captured = sys.stdout
    captured.close = lambda *_: 1
    try:
        with (
            patch("builtins.open", mock_open(read_data=text)),
            patch("sys.stdin", StringIO(text)),
            patch("sys.stdin.readline", lambda *_: next(lines)),
            patch("sys.stdin.readlines", lambda *_: text.split("\n")),
            patch("sys.stdin.read", lambda *_: text),
        ):
            try:
                method()
            except SystemExit:
                pass
        return captured.getvalue()
    finally:
        sys.stdout = outer


def plain(value: object) -> object:
    """A returned value as JSON has it, equal to the same expected values. Raises NotPlain for what is equal to none of them."""
    if numpy is not None and isinstance(value, (numpy.generic, numpy.ndarray)):
        value = value.item() if value.size == 1 and value.ndim == 0 else value.tolist()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return "".join(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, complex) and value.imag == 0:
        return value.real
    if isinstance(value, (Decimal, Fraction)):
        return int(value) if value == int(value) else exactly(value)
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {plain(key): plain(one) for key, one in value.items()}
    raise NotPlain(type(value).__name__)


def exactly(value: Decimal | Fraction) -> float:
    if float(value) != value:
        raise NotPlain(type(value).__name__)
    return float(value)


def returned(value: object) -> object:
    """Tuples are taken for lists where they are all that is returned, as LiveBench does."""
    return plain(list(value) if isinstance(value, tuple) else value)


def disable() -> None:
    """As LiveBench does; the sandbox does not rest on it, but answers may tell."""
    os.environ["OMP_NUM_THREADS"] = "1"
    for module, names in DISABLED.items():
        for name in names:
            setattr(module, name, None)
    for name in DISABLED_MODULES:
        sys.modules[name] = None


def outputs(request: dict):
    seconds = request["seconds"]
    code = code_of(request["answer"], request["partial"])
    disable()
    if request["method"] is not None:
        solution = compiled(f"{PRELUDE}\n\n{code}", seconds)
        method = getattr(solution, request["method"])
        every = [[json.loads(line) for line in text.split("\n")] for text in request["inputs"]]
        work = (lambda arguments=arguments: returned(method(*arguments)) for arguments in every)
    else:
        module = compiled(as_function(without_main_guard(code)), seconds)
        method = module.wrapped_function
        work = (lambda text=text: call_with_input(method, text) for text in request["inputs"])
    for one in work:
        stop_after(seconds)
        try:
            yield one()
        finally:
            signal.alarm(0)


def main() -> None:
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(MAX_DIGITS)
    with open("request.json", encoding="utf-8") as file:
        request = json.load(file)
    with open("outputs.jsonl", "w", encoding="utf-8") as file:
        for index, output in enumerate(outputs(request)):
            file.write(json.dumps({"index": index, "output": output}) + "\n")
            file.flush()


if __name__ == "__main__":
    main()
