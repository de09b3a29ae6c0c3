"""What the other tests do with a few models, with all of them: `python -m unittest test_every_kind`."""

from __future__ import annotations

import itertools

import test_branching
import test_chunks
import test_reading


class Shapes(test_reading.Shapes):
    KINDS = ["Llama", "GPT-2", "Qwen 2", "Qwen 3", "Gemma", "Mixtral", "OPT", "GPT-NeoX"]
    # Yet others: positions by YaRN and attention by latent vectors, sinks, norms after the layers.
    KINDS += ["DeepSeek V3 with YaRN", "GPT-OSS without windows", "OLMo 2"]


class Branch(test_branching.Branch):
    LOADS = list(itertools.product(test_branching.SHARED, ("float32", "bfloat16")))


class Orders(test_chunks.Orders):
    ORDERS = list(itertools.permutations(range(len(test_chunks.CHUNKS))))
