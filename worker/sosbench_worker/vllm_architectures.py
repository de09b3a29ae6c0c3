"""How vLLM would run architectures: `python -m sosbench_worker.vllm_architectures NAME...`.

Prints one JSON line: each name with `own`, `transformers` (Transformers' class inside vLLM, slower) or null where neither knows it.
"""

from __future__ import annotations

import json
import os
import sys


def how(name: str) -> str | None:
    import transformers
    from vllm.model_executor.models.registry import ModelRegistry

    if name in ModelRegistry.get_supported_archs():
        return "own"
    found = getattr(transformers, name, None)
    # As vLLM's registry decides it.
    fits = found is not None and (found.is_backend_compatible() or found._can_set_attn_implementation())  # noqa: SLF001
    return "transformers" if fits else None


def main() -> None:
    # What imports print must not stand before the answer.
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    answer.write(json.dumps({name: how(name) for name in sys.argv[1:]}) + "\n")
    answer.close()


if __name__ == "__main__":
    main()
