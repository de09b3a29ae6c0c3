"""Compares what programs gave with what was expected: `compare_outputs.py`, JSON lines on stdin, an answer to each on stdout.

{"tests": {"public", "private", "metadata"}} reads the tests of a question, in LiveBench's fields, and answers {"inputs": [text], "method"};
{"outputs": text} compares the file that `program_outputs.py` left with the tests read last and answers {"difference": null, or what
is different in words that hold nothing of either}. {"error"} where the tests cannot be read. It is outside of every sandbox and runs
nothing that it reads: pickled tests may hold text alone.

The rules are LiveBench's (at 555b35d, `lcb_runner/evaluation/testing_util.py`): lines without the spaces around them are equal as text,
else word by word as decimal numbers; returned values are equal as Python's.
"""

from __future__ import annotations

import base64
import io
import json
import pickle
import sys
import zlib
from decimal import Decimal, InvalidOperation

MAX_DIGITS = 50_000
MAX_TESTS = 2**30


class TextAlone(pickle.Unpickler):
    """A pickle that names anything to call is refused."""

    def find_class(self, module: str, name: str) -> object:
        raise pickle.UnpicklingError(f"{module}.{name}")


def private_tests(text: str) -> list:
    try:
        return json.loads(text)
    except ValueError:
        pass
    unpacking = zlib.decompressobj()
    data = unpacking.decompress(base64.b64decode(text.encode()), MAX_TESTS)
    if unpacking.unconsumed_tail:
        raise ValueError("too large")
    return json.loads(TextAlone(io.BytesIO(data)).load())


def read_tests(fields: dict) -> tuple[list[str], list[str], str | None]:
    """Inputs, expected outputs, and the method's name where it is not a program."""
    tests = [*json.loads(fields["public"]), *private_tests(fields["private"])]
    method = json.loads(fields["metadata"]).get("func_name")
    return [str(test["input"]) for test in tests], [str(test["output"]) for test in tests], method


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.strip().split("\n")]


def decimals(line: str) -> list[Decimal] | None:
    try:
        return [Decimal(word) for word in line.split()]
    except InvalidOperation:
        return None


def is_same_line(line: str, expected: str) -> bool:
    if line == expected:
        return True
    numbers, wanted = decimals(line), decimals(expected)
    try:
        return numbers is not None and wanted is not None and numbers == wanted
    except InvalidOperation:
        # A signalling NaN.
        return False


def is_same_text(text: object, expected: str) -> bool:
    if not isinstance(text, str):
        return False
    lines, wanted = lines_of(text), lines_of(expected)
    return len(lines) == len(wanted) and all(map(is_same_line, lines, wanted))


def difference(outputs: str, expected: list[str], method: str | None) -> str | None:
    written = outputs.split("\n")
    if written.pop() != "" or len(written) != len(expected):
        return f"it gave {len(written)} outputs for {len(expected)} tests"
    for index, (line, wanted) in enumerate(zip(written, expected)):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        if not isinstance(record, dict) or type(record.get("index")) is not int or record["index"] != index or "output" not in record:
            return f"its output {index + 1} is none"
        output = record["output"]
        try:
            same = is_same_text(output, wanted) if method is None else output == json.loads(wanted)
        except RecursionError:
            same = False
        if not same:
            return f"its output {index + 1} of {len(expected)} is another"
    return None


def main() -> None:
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(MAX_DIGITS)
    expected: list[str] = []
    method: str | None = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "tests" in request:
                inputs, expected, method = read_tests(request["tests"])
                reply = {"inputs": inputs, "method": method}
            else:
                reply = {"difference": difference(request["outputs"], expected, method)}
        except Exception as error:  # noqa: BLE001 - whatever a file of questions holds
            reply = {"error": type(error).__name__}
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
