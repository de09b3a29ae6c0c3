"""Brings a model from the Hub: `python -m sosbench_worker.fetch_model ORG/NAME [--revision REV]`.

Prints one JSON document: {"path": folder, "revision": commit}. Weights in pickle formats are left out.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


PATTERNS = ["*.json", "*.txt", "*.model", "*.jinja", "*.tiktoken", "*.safetensors", "*.gguf"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository")
    parser.add_argument("--revision", default=None)
    parser.add_argument("--code", action="store_true", help="also fetch Python files (remote code)")
    parser.add_argument("--pickle", action="store_true", help="also fetch weights in pickle formats")
    arguments = parser.parse_args()

    from huggingface_hub import snapshot_download

    patterns = [*PATTERNS, *(["*.py"] if arguments.code else []), *(["*.bin", "*.pt"] if arguments.pickle else [])]
    path = snapshot_download(arguments.repository, revision=arguments.revision, allow_patterns=patterns)
    print(json.dumps({"path": path, "revision": Path(path).name}))


if __name__ == "__main__":
    try:
        main()
    except Exception as error:  # noqa: BLE001 - the caller shows one line
        sys.exit(f"{type(error).__name__}: {' '.join(str(error).split())[:1000]}")
