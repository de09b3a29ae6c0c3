"""`served_adapter.py MODEL ADAPTER`: whether a served model with an adapter is what the harness evaluates.

Makes a LoRA adapter for the model, loads both the way the server does, and compares with PEFT's own loading, which the
harness uses. Prints JSON: the largest difference from that, and from the model without its adapter.
"""

from __future__ import annotations

import json
import sys

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM
from transformers.cli.serving.model_manager import ModelManager

from sosbench_worker.serve import put_on

path, adapter = sys.argv[1:]
torch.manual_seed(1)
settings = LoraConfig(r=4, target_modules=["q_proj", "v_proj"], init_lora_weights=False)
get_peft_model(AutoModelForCausalLM.from_pretrained(path), settings).save_pretrained(adapter)

plain = AutoModelForCausalLM.from_pretrained(path)
tokens = torch.arange(2, 40).unsqueeze(0)
with torch.no_grad():
    without = plain(tokens).logits
    expected = PeftModel.from_pretrained(plain, adapter)(tokens).logits
    put_on(adapter)
    manager = ModelManager(device="cpu", dtype="float32", force_model=path)
    (served,) = [entry.model for entry in manager.loaded_models.values()]
    found = served(tokens).logits
print(json.dumps({"harness": (found - expected).abs().max().item(), "without": (found - without).abs().max().item()}))
manager.shutdown()
