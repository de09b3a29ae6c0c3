"""Logs one document: `{logger, target, folder, document}` on stdin, `{where, note}` on stdout, or one line of why not on stderr."""

from __future__ import annotations

import importlib
import json
import os
import sys

# Which library each logger needs, to tell that it is missing from what is wrong inside of it.
LIBRARIES = {"wandb": "wandb", "trackio": "trackio", "mlflow": "mlflow", "tensorboard": "tensorboard"}
MISSING = 3


def main() -> int:
    # Libraries print on stdout what they like: nothing of it may pass for the answer.
    answer = os.dup(1)
    os.dup2(2, 1)
    request = json.load(sys.stdin)
    logger = request["logger"]
    try:
        importlib.import_module(LIBRARIES[logger])
    except ModuleNotFoundError as error:
        say(error)
        return MISSING if error.name == LIBRARIES[logger] else 1
    except Exception as error:  # a library that is there and cannot be imported
        say(error)
        return 1
    try:
        module = importlib.import_module(f"sosbench_loggers.to_{logger}")
        where, note = module.log(request["target"], request["folder"], request["document"])
    except Exception as error:  # whatever a library raises is this logger's fault, and told in one line
        say(error)
        return 1
    os.write(answer, json.dumps({"where": where, "note": note}).encode())
    return 0


def say(error: BaseException) -> None:
    """In one line: the caller shows it."""
    words = " ".join(str(error).split())
    sys.stderr.write(f"\nError: {type(error).__name__}: {words}\n")


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads of a library may wait for a server that never answers; what was to be sent has been.
    os._exit(code)
