"""The demonstration's damaged model: `MODEL OUT --seed N --strength S`.

A copy with seeded Gaussian noise in its MLP weights, as a training run with a far too high learning rate would
leave it. S is the noise's standard deviation in units of each weight matrix's own.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"


def damage(source: Path, out: Path, seed: int, strength: float) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model = AutoModelForCausalLM.from_pretrained(source, dtype=torch.float32)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in sorted(model.named_parameters()):
            if ".mlp." in name and weight.dim() == 2:
                weight += torch.randn(weight.shape, generator=generator) * weight.std() * strength
    AutoTokenizer.from_pretrained(source).save_pretrained(out)
    model.save_pretrained(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--strength", type=float, required=True)
    arguments = parser.parse_args()
    damage(arguments.model, arguments.out, arguments.seed, arguments.strength)


if __name__ == "__main__":
    main()
