"""Writes a tiny model as GGUF, weights alone: `python tiny_gguf.py MODEL_FOLDER FILE`. The tokenizer stays in the folder."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import gguf
import numpy as np
from safetensors.numpy import load_file

NAMES = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}


def rotated(weights: np.ndarray, heads: int) -> np.ndarray:
    """Rows in the order in which llama.cpp rotates them."""
    pairs = weights.reshape(heads, 2, weights.shape[0] // heads // 2, *weights.shape[1:])
    return pairs.swapaxes(1, 2).reshape(weights.shape)


def main(folder: Path, target: Path) -> None:
    tensors = load_file(folder / "model.safetensors")
    config = json.loads((folder / "config.json").read_text())
    heads = config["num_attention_heads"]
    writer = gguf.GGUFWriter(target, "llama")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_vocab_size(config["vocab_size"])
    writer.add_rope_dimension_count(config["hidden_size"] // heads)
    writer.add_file_type(0)
    for name, source in (("token_embd", "embed_tokens"), ("output_norm", "norm"), ("output", "embed_tokens")):
        writer.add_tensor(f"{name}.weight", tensors[f"model.{source}.weight"].astype(np.float32))
    for layer in range(config["num_hidden_layers"]):
        for source, name in NAMES.items():
            weights = tensors[f"model.layers.{layer}.{source}.weight"].astype(np.float32)
            if name in ("attn_q", "attn_k"):
                weights = rotated(weights, heads)
            writer.add_tensor(f"blk.{layer}.{name}.weight", np.ascontiguousarray(weights))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
