"""Tiny models with random weights, one of each kind of cache, as the harness loads them."""

from __future__ import annotations

import sys
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
import transformers
from lm_eval.api.registry import get_model
from tiny_model import make_tokenizer

# A matrix of 32 columns is no faster on many threads, and much slower where others use them too.
torch.set_num_threads(1)

SMALL = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
LLAMA = {**SMALL, "num_key_value_heads": 2, "max_position_embeddings": 256}
GEMMA = {**LLAMA, "head_dim": 8, "query_pre_attn_scalar": 8}
MLA = {"num_key_value_heads": 4, "q_lora_rank": 16, "kv_lora_rank": 16, "qk_nope_head_dim": 8, "qk_rope_head_dim": 8, "v_head_dim": 8}
# With attention sinks.
GPT_OSS = {**LLAMA, "head_dim": 8, "num_local_experts": 4, "num_experts_per_tok": 2, "sliding_window": 16}

# By name: configuration class, and what it is built with.
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "Llama": ("LlamaConfig", {**LLAMA, "tie_word_embeddings": True}),
    "Llama, long": ("LlamaConfig", {**LLAMA, "max_position_embeddings": 4096}),
    "GPT-2": ("GPT2Config", {"n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 256}),
    "Qwen 2": ("Qwen2Config", LLAMA),
    "Qwen 3": ("Qwen3Config", {**LLAMA, "head_dim": 8}),
    "Gemma": ("GemmaConfig", {**LLAMA, "head_dim": 8}),
    "Mixtral": ("MixtralConfig", {**LLAMA, "num_local_experts": 4, "num_experts_per_tok": 2, "sliding_window": None}),
    "OPT": ("OPTConfig", {"hidden_size": 32, "word_embed_proj_dim": 32, "ffn_dim": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 256}),
    "GPT-NeoX": ("GPTNeoXConfig", {**SMALL, "max_position_embeddings": 256}),
    "Phi 3": ("Phi3Config", {**LLAMA, "pad_token_id": 1}),
    "Bloom": ("BloomConfig", {"hidden_size": 32, "n_layer": 2, "n_head": 4}),
    "Gemma 2": ("Gemma2Config", {**GEMMA, "sliding_window": 16}),
    "Gemma 3": ("Gemma3TextConfig", {**GEMMA, "sliding_window": 16}),
    "Mistral with a window": ("MistralConfig", {**LLAMA, "sliding_window": 16}),
    "GPT-Neo": ("GPTNeoConfig", {"hidden_size": 32, "intermediate_size": 64, "num_layers": 2, "num_heads": 4, "attention_types": [[["global", "local"], 1]], "window_size": 256, "max_position_embeddings": 2048}),
    "GPT-Neo without a window": ("GPTNeoConfig", {"hidden_size": 32, "intermediate_size": 64, "num_layers": 2, "num_heads": 4, "attention_types": [[["global"], 2]], "max_position_embeddings": 2048}),
    "Mamba": ("MambaConfig", {"hidden_size": 32, "num_hidden_layers": 2, "state_size": 4}),
    "Recurrent Gemma": ("RecurrentGemmaConfig", {**SMALL, "num_hidden_layers": 3, "lru_width": 32, "attention_window_size": 16}),
    "Qwen 3 Next": ("Qwen3NextConfig", {**LLAMA, "head_dim": 8, "num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 16, "shared_expert_intermediate_size": 16, "linear_num_value_heads": 2, "linear_num_key_heads": 2, "linear_key_head_dim": 8, "linear_value_head_dim": 8}),
    "Llama with stretched positions": ("LlamaConfig", {**LLAMA, "rope_parameters": {"rope_type": "dynamic", "factor": 2.0, "rope_theta": 10000.0}}),
    "DeepSeek V3 with YaRN": ("DeepseekV3Config", {**SMALL, **MLA, "max_position_embeddings": 256, "first_k_dense_replace": 1, "n_routed_experts": 4, "num_experts_per_tok": 2, "n_group": 1, "topk_group": 1, "moe_intermediate_size": 16, "rope_parameters": {"rope_type": "yarn", "factor": 4.0, "rope_theta": 10000.0, "original_max_position_embeddings": 64}}),
    "GPT-OSS": ("GptOssConfig", GPT_OSS),
    "GPT-OSS without windows": ("GptOssConfig", {**GPT_OSS, "layer_types": ["full_attention", "full_attention"]}),
    "OLMo 2": ("Olmo2Config", LLAMA),
    "Cohere 2": ("Cohere2Config", {**LLAMA, "sliding_window": 16}),
    "Llama 4": ("Llama4TextConfig", {**LLAMA, "head_dim": 8, "intermediate_size_mlp": 64, "num_local_experts": 4, "num_experts_per_tok": 1, "attention_chunk_size": 16}),
    "Llama 4 without chunks": ("Llama4TextConfig", {**LLAMA, "head_dim": 8, "intermediate_size_mlp": 64, "num_local_experts": 4, "num_experts_per_tok": 1, "layer_types": ["full_attention", "full_attention"], "no_rope_layer_interval": 2, "floor_scale": 100}),
    "Phi 3 with LongRoPE": ("Phi3Config", {**LLAMA, "pad_token_id": 1, "original_max_position_embeddings": 64, "rope_parameters": {"rope_type": "longrope", "rope_theta": 10000.0, "short_factor": [1.0] * 4, "long_factor": [4.0] * 4, "original_max_position_embeddings": 64}}),
    "Jamba": ("JambaConfig", {**LLAMA, "num_experts": 4, "mamba_d_state": 4, "attn_layer_period": 2, "attn_layer_offset": 1, "use_mamba_kernels": False}),
    "Falcon H1": ("FalconH1Config", {**LLAMA, "mamba_d_ssm": 64, "mamba_n_heads": 4, "mamba_d_head": 16, "mamba_d_state": 4}),
    "Granite hybrid": ("GraniteMoeHybridConfig", {**LLAMA, "num_local_experts": 4, "num_experts_per_tok": 2, "shared_intermediate_size": 32, "layer_types": ["mamba", "attention"], "mamba_n_heads": 4, "mamba_d_head": 16, "mamba_d_state": 4}),
    "Mamba 2": ("Mamba2Config", {"hidden_size": 32, "num_hidden_layers": 2, "state_size": 4, "num_heads": 4, "head_dim": 16, "n_groups": 1}),
    "T5": ("T5Config", {"d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4}),
}


@lru_cache(maxsize=None)
def folder_of(kind: str) -> str:
    name, settings = KINDS[kind]
    torch.manual_seed(1)
    tokenizer = make_tokenizer()
    config = getattr(transformers, name)(
        vocab_size=len(tokenizer), bos_token_id=0, eos_token_id=1, **{"pad_token_id": 1, **settings}
    )
    auto = transformers.AutoModelForSeq2SeqLM if kind == "T5" else transformers.AutoModelForCausalLM
    model = auto.from_config(config)
    # Wider than the usual start, so that answers differ.
    with torch.no_grad():
        for weights in model.parameters():
            if weights.dim() > 1:
                weights.normal_(std=0.2)
    folder = tempfile.mkdtemp(prefix="tiny-")
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def load(kind: str, **arguments: Any) -> Any:
    return load_folder(folder_of(kind), **arguments)


def load_folder(folder: str, **arguments: Any) -> Any:
    return get_model("hf").create_from_arg_obj(
        {"pretrained": folder, "dtype": "float32", **arguments}, {"batch_size": 8, "device": "cpu"}
    )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[3] / "worker"))
    from sosbench_worker.scoring.engine import Engine

    for kind in KINDS:
        try:
            lm = load(kind)
            engine = Engine.choose(lm)
            print(kind, engine.name, engine.reason)
        except Exception as error:
            print(kind, "RAISED", type(error).__name__, str(error)[:300])
