"""`transformers serve` for one model on loopback, behind a key: `python -m sosbench_worker.serve MODEL ...`.

The server is transformers' own. What it lacks is added around it:

- a bearer key, from SOS_BENCH_SERVER_KEY (never argv): any process of the machine could ask otherwise;
- a name for the model other than its path;
- an adapter (`--peft`), put on as the harness does;
- the context's end: a longer prompt is refused with status 400, where transformers would go on and answer
  nonsense, and an answer ends where the context does;
- several requests at a time (`--at-a-time`, see `together.py`), and a header that says how many; one at a time with the
  reason in that header where it cannot be;
- a temperature above 0 samples, as the protocol says; transformers samples only where the model's own
  generation settings do.
"""

from __future__ import annotations

import argparse
import hmac
import json
import os
from typing import Any

from sosbench_worker.together import Refused, batch_requests


AT_A_TIME = b"x-sos-bench-at-a-time"


class KeyGuard:
    """An ASGI application that answers only requests that bring the key, and says in each answer how many it takes at a time."""

    def __init__(self, app: Any, key: str, at_a_time: str) -> None:
        self._app = app
        self._expected = f"Bearer {key}".encode()
        self._told = (AT_A_TIME, at_a_time.encode("ascii", "replace"))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan" and not self._may_pass(scope):
            headers = [(b"content-type", b"application/json"), (b"www-authenticate", b"Bearer")]
            await send({"type": "http.response.start", "status": 401, "headers": headers})
            await send({"type": "http.response.body", "body": b'{"error":{"message":"wrong or missing key"}}'})
            return

        async def told(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), self._told]}
            await send(message)

        await self._app(scope, receive, told)

    def _may_pass(self, scope: Any) -> bool:
        given = dict(scope.get("headers", ())).get(b"authorization", b"")
        return scope["type"] == "http" and hmac.compare_digest(given, self._expected)


def guard(key: str, path: str, at_a_time: int, device: str) -> None:
    """Also has it answer several requests at a time, where that was asked for: the model is there by then."""
    from transformers.cli.serving import server

    build = server.build_server

    def guarded(manager: Any, *args: Any, generation_state: Any, **kwargs: Any) -> KeyGuard:
        told = "1"
        if at_a_time > 1:
            try:
                batch_requests(generation_state, manager, path, at_a_time, device)
                told = str(at_a_time)
            except Refused as reason:
                told = f"1; {reason}"
        return KeyGuard(build(manager, *args, generation_state=generation_state, **kwargs), key, told)

    server.build_server = guarded


def name_model(name: str, path: str) -> None:
    from transformers.cli.serving.utils import BaseHandler

    resolve = BaseHandler._resolve_model

    def named(self: Any, body: dict[str, Any]) -> Any:
        return resolve(self, {**body, "model": path} if body.get("model") == name else body)

    BaseHandler._resolve_model = named


def put_on(adapter: str) -> None:
    from transformers.cli.serving.model_manager import ModelManager

    load = ModelManager._load_model
    load_processor = ModelManager._load_processor

    def adapted(self: Any, model_id: str, *args: Any, **kwargs: Any) -> Any:
        model = load(self, model_id, *args, **kwargs)
        tokens = len(load_processor(self, model_id))
        # An adapter trained with added tokens brings their rows; the harness makes room the same way.
        if model.config.vocab_size < tokens:
            model.resize_token_embeddings(tokens)
        model.load_adapter(adapter)
        return model

    ModelManager._load_model = adapted


def end_at_context(limit: int | None) -> None:
    """`limit`: tokens; None takes the model's own."""
    from transformers.cli.serving import utils

    for name in ("GenerateManager", "CBGenerateManager"):
        if hasattr(utils, name):
            _end_at_context(getattr(utils, name), limit)


def _end_at_context(manager: Any, limit: int | None) -> None:
    generate = manager.generate_non_streaming
    stream = manager.generate_streaming

    def fit(model: Any, inputs: Any, settings: Any) -> None:
        context = limit or context_length(model.config)
        if context is None:
            return
        # One at a time they are a tensor, in a batch a list.
        ids = inputs["input_ids"]
        prompt = len(ids) if isinstance(ids, list) else ids.shape[-1]
        if prompt >= context:
            from fastapi import HTTPException

            raise HTTPException(
                status_code=400,
                detail=f"This model's maximum context length is {context} tokens; the prompt has {prompt}.",
            )
        settings.max_new_tokens = min(settings.max_new_tokens or context, context - prompt)

    def generate_within(self: Any, model: Any, processor: Any, inputs: Any, settings: Any, *args: Any, **kwargs: Any):
        fit(model, inputs, settings)
        return generate(self, model, processor, inputs, settings, *args, **kwargs)

    def stream_within(self: Any, model: Any, processor: Any, inputs: Any, settings: Any, *args: Any, **kwargs: Any):
        fit(model, inputs, settings)
        return stream(self, model, processor, inputs, settings, *args, **kwargs)

    manager.generate_non_streaming = generate_within
    manager.generate_streaming = stream_within


def context_length(config: Any) -> int | None:
    """Tokens the model's positions reach, where its configuration says so."""
    inner = config.get_text_config()
    for name in ("max_position_embeddings", "n_positions", "max_sequence_length", "seq_length"):
        value = getattr(inner, name, None)
        if isinstance(value, int) and value > 0:
            return value
    return None


def sample_above_zero() -> None:
    from transformers.cli.serving.utils import BaseHandler

    build = BaseHandler._build_generation_config

    def sampling(self: Any, body: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        settings = build(self, body, *args, **kwargs)
        temperature = body.get("temperature")
        if temperature is not None:
            settings.do_sample = float(temperature) > 0
        return settings

    BaseHandler._build_generation_config = sampling


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--dtype", default="auto")
    parser.add_argument("--attn-implementation")
    parser.add_argument("--trust-remote-code", action="store_true")
    parser.add_argument("--peft")
    parser.add_argument("--max-length", type=int)
    parser.add_argument("--at-a-time", type=int, default=1)
    parser.add_argument("--chat-template-kwargs", type=json.loads, default={})
    wanted = parser.parse_args()
    # Taken out of the environment, so that no code of the model finds it there.
    key = os.environ.pop("SOS_BENCH_SERVER_KEY")

    from transformers.cli.serve import Serve

    guard(key, wanted.model, wanted.at_a_time, wanted.device)
    name_model(wanted.name, wanted.model)
    end_at_context(wanted.max_length)
    sample_above_zero()
    if wanted.peft is not None:
        put_on(wanted.peft)
    Serve(
        force_model=wanted.model,
        host="127.0.0.1",
        port=wanted.port,
        device=wanted.device,
        dtype=wanted.dtype,
        attn_implementation=wanted.attn_implementation,
        trust_remote_code=wanted.trust_remote_code,
        chat_template_kwargs=json.dumps(wanted.chat_template_kwargs),
    )


if __name__ == "__main__":
    main()
