"""Tiny models with random weights of each kind of architecture, beside the tokenizer of `tiny_model.py`: `save(kind, folder)`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
import transformers
from tiny_model import make_tokenizer

COMMON = {"bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 1}
LAYERS = {"hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4}
GROUPED = {**LAYERS, "num_key_value_heads": 2, "max_position_embeddings": 512}
# Untied: with its scaled embeddings it would say its last token for ever.
GEMMA = {**GROUPED, "head_dim": 16, "sliding_window": 16, "tie_word_embeddings": False}

# Class, its configuration, and what the model's own generation settings say.
KINDS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "llama": ("LlamaForCausalLM", GROUPED, {}),
    "qwen2": ("Qwen2ForCausalLM", GROUPED, {"repetition_penalty": 1.3}),
    "gpt2": ("GPT2LMHeadModel", {"n_embd": 64, "n_layer": 2, "n_head": 4, "n_positions": 512}, {}),
    "gpt-neox": ("GPTNeoXForCausalLM", {**LAYERS, "max_position_embeddings": 512}, {}),
    "bloom": ("BloomForCausalLM", {"hidden_size": 64, "n_layer": 2, "n_head": 4}, {}),
    "gemma2": ("Gemma2ForCausalLM", GEMMA, {}),
    "gemma3": ("Gemma3ForCausalLM", GEMMA, {}),
    "mamba": ("MambaForCausalLM", {"hidden_size": 64, "num_hidden_layers": 2, "state_size": 8}, {}),
    "t5": ("T5ForConditionalGeneration", {"d_model": 64, "d_ff": 96, "d_kv": 16, "num_layers": 2, "num_heads": 4,
                                          "decoder_start_token_id": 0}, {}),
    "llama with beams": ("LlamaForCausalLM", GROUPED, {"num_beams": 2}),
}  # fmt: skip


def save(kind: str, folder: Path, seed: int = 1) -> None:
    torch.manual_seed(seed)
    name, settings, generation = KINDS[kind]
    tokenizer = make_tokenizer()
    tokenizer.model_max_length, tokenizer.pad_token = 512, tokenizer.eos_token
    cls = getattr(transformers, name)
    model = cls(cls.config_class(vocab_size=len(tokenizer), **COMMON, **settings))
    # Wider than the usual start, so that its answers differ from one question to the next.
    with torch.no_grad():
        for weights in model.parameters():
            if weights.dim() == 2:
                weights.normal_(std=0.3)
    model.generation_config.update(**generation)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
