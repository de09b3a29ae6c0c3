"""Loads a model through the harness's registry and says what it is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from lm_eval.api.registry import get_model

from sosbench_worker.encodings import keep_encoded
from sosbench_worker.engine_end import tell_end
from sosbench_worker.flight import chunks_in_flight
from sosbench_worker.generation import Thinking, read_end, tell_thinking
from sosbench_worker.log_probabilities import advice, probe, take_null_for_nan
from sosbench_worker.scoring.budget import token_budget
from sosbench_worker.scoring.engine import HARNESS, Engine
from sosbench_worker.template_source import may_be_told
from sosbench_worker.versions import versions
from sosbench_worker.vllm_arguments import vllm_arguments
from sosbench_worker.watcher import start_watcher


# Backends whose engines run in processes of their own.
ENGINES = ("vllm", "sglang")
# Of `batchSize`: batches are cut by a budget of tokens.
BY_TOKENS = "tokens"
# Requests in a batch of what goes the harness's way then.
HARNESS_ROWS = 8


@dataclass
class OpenModel:
    """The loaded model and the settings every chunk shares."""

    lm: Any
    backend: str
    apply_chat_template: bool
    system_instruction: str | None
    batch_size: int | str
    seed: int
    thinking: Thinking
    tells_template: bool = True
    # Tokens that a batch may hold; None where the harness cuts all batches.
    batch_tokens: int | None = None
    engine: Engine = field(default_factory=lambda: Engine(HARNESS))
    # Chunks of written answers that it takes at once.
    chunks_in_flight: int = 1

    @classmethod
    def load(cls, request: dict[str, Any]) -> OpenModel:
        """`request`: {backend, args, batchSize, device, applyChatTemplate: bool | 'auto', systemInstruction, seed, thinking?, engine?}.

        `thinking`: {enabled: bool | None, end: str | None}, see `Thinking`. `engine`: `harness` where the run went that way before.
        """
        from sosbench_worker.seeds import reseed

        reseed(request["seed"])
        by_tokens = request["batchSize"] == BY_TOKENS
        batch_size = HARNESS_ROWS if by_tokens else request["batchSize"]
        if request["backend"].startswith(ENGINES):
            start_watcher()
        args = vllm_arguments(request["args"]) if request["backend"] == "vllm" else request["args"]
        lm = get_model(request["backend"]).create_from_arg_obj(
            args,
            {"batch_size": batch_size, "device": request["device"] or default_device()},
        )
        if request["backend"] == "vllm":
            tell_end(lm)
        require_template(lm)
        keep_encoded(lm)
        take_null_for_nan(lm)
        thinking = request.get("thinking") or {}
        tell_thinking(lm, thinking.get("enabled"))
        wanted = request["applyChatTemplate"]
        batch_tokens = token_budget(lm) if by_tokens and request["backend"] == "hf" else None
        return cls(
            lm=lm,
            backend=request["backend"],
            apply_chat_template=_has_template(lm) if wanted == "auto" else bool(wanted),
            system_instruction=request.get("systemInstruction"),
            batch_size=batch_size,
            seed=request["seed"],
            thinking=Thinking(thinking.get("enabled"), read_end(lm, thinking.get("end"))),
            tells_template=may_be_told(getattr(lm, "tokenizer", None), request["args"].get("subfolder")),
            batch_tokens=batch_tokens,
            engine=Engine.choose(lm, why_harness(request), batch_tokens),
            chunks_in_flight=chunks_in_flight(lm, by_tokens),
        )

    def hello(self) -> dict[str, Any]:
        """Versions, device and the parts of protocol and subject that only the loaded model knows."""
        inner = getattr(self.lm, "model", None)
        config = getattr(inner, "config", None)
        template = _template(self.lm)
        quantisation = getattr(config, "quantization_config", None)
        return {
            "versions": versions(),
            "device": device_facts(self.lm, self.backend),
            "dtype": _dtype(inner),
            "quantisation": _plain(quantisation),
            "parameters": _parameters(inner),
            "maxLength": _attempt(lambda: int(self.lm.max_length)),
            "chatTemplateApplied": self.apply_chat_template,
            "chatTemplate": template if self.tells_template else None,
            "chatTemplateSha256": hashlib.sha256(template.encode()).hexdigest() if template else None,
            "tokenizerSha256": _tokenizer_digest(self.lm),
            **({} if self.batch_tokens is None else {"batchTokens": self.batch_tokens}),
            **({} if self.chunks_in_flight == 1 else {"chunksInFlight": self.chunks_in_flight}),
            "engine": self.engine.name,
            "engineReason": self.engine.reason,
        }

    def probe(self) -> dict[str, str] | None:
        """What is wrong with its log-probabilities, and what to check; None where nothing is."""
        # `auto` would measure a batch size for it.
        self.set_batch_size(1)
        fault = probe(self.lm)
        self.set_batch_size(self.batch_size)
        return None if fault is None else {"fault": fault, "advice": advice(self.backend)}

    def set_batch_size(self, batch_size: int | str) -> None:
        """Changes the batch size of a loaded model; the harness's model classes keep it under three names."""
        value = int(batch_size) if str(batch_size).isdigit() else batch_size
        for name in ("batch_size_per_gpu", "_batch_size", "batch_size"):
            if hasattr(self.lm, name):
                try:
                    setattr(self.lm, name, value)
                except AttributeError:  # a property without setter; the next name holds the value
                    continue
                return


# As src/model/text-files.ts has it: templates may come with a GGUF file or another tokenizer, too.
MAX_TEMPLATE_BYTES = 64 * 1024


def require_template(lm: Any) -> None:
    template = getattr(getattr(lm, "tokenizer", None), "chat_template", None)
    texts = template.values() if isinstance(template, dict) else [template]
    size = sum(len(text.encode()) for text in texts if isinstance(text, str))
    if size > MAX_TEMPLATE_BYTES:
        raise ValueError(f"the chat template has {size} bytes; at most {MAX_TEMPLATE_BYTES} are allowed")


def why_harness(request: dict[str, Any]) -> str | None:
    """Why a request to open a model asks for the harness's way; None where it does not. See `load`."""
    if request["batchSize"] != BY_TOKENS:
        return f"batch-size {request['batchSize']} asks for the harness's batches"
    if request.get("engine") == HARNESS:
        return "answers that the run has already were read that way"
    return None


def default_device() -> str:
    """A GPU where PyTorch sees one; left to itself the harness asks for CUDA anywhere."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def device_facts(lm: Any, backend: str) -> dict[str, Any]:
    """Where the model runs: type, name, count, memory in bytes where the device tells, CPU threads."""
    import torch

    if backend.startswith(("local-", "openai-", "anthropic-")):
        # Somebody's server; what it runs on is not for us to know.
        return {"type": "server", "name": backend, "count": 1, "memory": None, "threads": torch.get_num_threads()}
    # Engines such as vLLM choose their device and do not tell the harness.
    device = torch.device(str(getattr(lm, "device", None) or default_device()))
    if device.type == "cuda" and torch.cuda.is_available():
        properties = torch.cuda.get_device_properties(device)
        return {
            "type": "cuda",
            "name": properties.name,
            "count": torch.cuda.device_count(),
            "memory": properties.total_memory,
            "threads": torch.get_num_threads(),
        }
    return {"type": device.type, "name": _cpu_name(), "count": 1, "memory": None, "threads": torch.get_num_threads()}


def _cpu_name() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    import platform

    return platform.processor() or platform.machine()


def _dtype(model: Any) -> str | None:
    # vLLM keeps its model in another process, and tells its configuration.
    config = getattr(getattr(model, "llm_engine", None), "model_config", None)
    return str(getattr(config or model, "dtype", "")).removeprefix("torch.") or None


def _template(lm: Any) -> str | None:
    template = getattr(getattr(lm, "tokenizer", None), "chat_template", None)
    if isinstance(template, dict):
        template = template.get("default")
    return template if isinstance(template, str) else None


def _has_template(lm: Any) -> bool:
    return _template(lm) is not None


def _tokenizer_digest(lm: Any) -> str | None:
    tokenizer = getattr(lm, "tokenizer", None)
    if tokenizer is None or not hasattr(tokenizer, "get_vocab"):
        return None
    vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda entry: (entry[1], entry[0]))
    return hashlib.sha256(repr(vocabulary).encode()).hexdigest()


def _parameters(model: Any) -> int | None:
    return _attempt(lambda: int(sum(p.numel() for p in model.parameters())))


def _plain(config: Any) -> Any:
    if config is None or isinstance(config, (str, int, float, bool)):
        return config
    return _attempt(lambda: {k: str(v) for k, v in (config if isinstance(config, dict) else config.to_dict()).items()})


def _attempt(read: Any) -> Any:
    """A fact for information only: a model class that cannot tell it must not end the run."""
    try:
        return read()
    except Exception:  # noqa: BLE001
        return None
