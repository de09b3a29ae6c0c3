"""Greedy answers in batches by a budget of tokens, from which a sequence leaves as soon as it has ended.

The harness generates a batch until its slowest answer has ended, and lets an answer go on after its stop sequence until all others
have one too. Everything else stays its own: prompts, truncation, settings, stop sequences, what becomes of the text. Only which requests
share a batch is decided here, and the loop around the model's forward is ours (`custom_generate`, a parameter of transformers).
"""

from __future__ import annotations

import contextlib
import inspect
import json
from typing import TYPE_CHECKING, Any

from lm_eval.models.utils import has_bos_prefix, normalize_gen_kwargs
from tqdm import tqdm

from sosbench_worker.replaced import replaced
from sosbench_worker.scoring.budget import split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import torch

# Generating holds keys and values, and neither activations nor logits of what it has read: twice as many tokens fit.
HELD_PER_READ = 2

# What a request may ask for: anything else may need what the harness does with a whole batch.
KNOWN_SETTINGS = frozenset({"until", "max_gen_toks", "do_sample", "temperature", "top_p", "top_k"})
# What a model's own generation settings may have to be another search than the greedy one, and what they are for that.
GREEDY = {"num_beams": 1, "num_beam_groups": 1, "num_return_sequences": 1, "penalty_alpha": None, "dola_layers": None,
          "prompt_lookup_num_tokens": None, "cache_implementation": None, "token_healing": False, "constraints": None,
          "force_words_ids": None, "watermarking_config": None, "guidance_scale": None}  # fmt: skip
# Cache layers whose rows are independent, so that one may be taken out.
SEPARABLE_LAYERS = frozenset({"DynamicLayer", "DynamicSlidingWindowLayer"})
# Of a model's inputs those that have a row for each sequence.
ROW_INPUTS = ("attention_mask", "position_ids", "token_type_ids")
# Processors that know nothing of rows but what they are given. The first two look at the tokens themselves: they must see no padding.
READING_PROCESSORS = frozenset({"RepetitionPenaltyLogitsProcessor", "NoRepeatNGramLogitsProcessor"})
KNOWN_PROCESSORS = READING_PROCESSORS | {
    "MinLengthLogitsProcessor", "MinNewTokensLengthLogitsProcessor", "SuppressTokensLogitsProcessor",
    "SuppressTokensAtBeginLogitsProcessor", "ForcedBOSTokenLogitsProcessor", "ForcedEOSTokenLogitsProcessor",
    "InfNanRemoveLogitsProcessor", "NoBadWordsLogitsProcessor", "SequenceBiasLogitsProcessor",
}  # fmt: skip


@contextlib.contextmanager
def by_tokens(lm: Any, batch_tokens: int | None) -> Iterator[None]:
    """While it is entered, `lm.generate_until` makes batches by tokens; without a budget, or for a model that cannot, it does not."""
    if batch_tokens is None or why_not(lm) is not None:
        yield
        return
    own = lm.generate_until

    def generate_until(requests: list[Any], disable_tqdm: bool = False) -> list[str]:
        return _generate(lm, own, requests, batch_tokens, disable_tqdm)

    with replaced(lm, generate_until=generate_until):
        yield


def why_not(lm: Any) -> str | None:
    """Why a model's answers are generated in the harness's way; None where they need not be."""
    if "HFLM" not in {base.__name__ for base in type(lm).__mro__}:
        return "its backend makes batches itself"
    if getattr(lm, "backend", None) != "causal":
        return "it is an encoder-decoder"
    if getattr(lm, "world_size", 1) != 1:
        return "it is spread over processes"
    model = lm.model
    # Of a PEFT model `generate` passes on what it is given.
    inner = getattr(model, "base_model", None)
    if not _takes_loop(model) and not _takes_loop(getattr(inner, "model", inner)):
        return "its transformers version takes no loop from outside"
    settings = getattr(model, "generation_config", None)
    odd = [name for name, value in GREEDY.items() if getattr(settings, name, None) not in (None, value)]
    if odd:
        return f"its generation settings have {', '.join(odd)}"
    layers = _layers(model)
    if not layers or not layers <= SEPARABLE_LAYERS:
        return f"rows cannot be taken out of its cache ({', '.join(sorted(layers)) or 'unknown'})"
    return None


def _takes_loop(model: Any) -> bool:
    """Whether `generate` runs a loop from outside, and the parts of transformers' own that `decode` uses are as since 5.3."""
    needed = {"generate": "custom_generate", "_prefill": "is_first_iteration"}
    methods = {name: getattr(model, name, None) for name in needed}
    return all(method and needed[name] in inspect.signature(method).parameters for name, method in methods.items())


def _layers(model: Any) -> set[str]:
    """Names of the layers of the cache that transformers builds for this model; none where it builds none."""
    from transformers import DynamicCache

    try:
        return {type(layer).__name__ for layer in DynamicCache(config=model.config).layers}
    except (AttributeError, KeyError, TypeError, ValueError):
        return set()


def _generate(
    lm: Any, own: Callable[..., list[str]], requests: list[Any], budget: int, disable_tqdm: bool
) -> list[str]:
    """`lm.generate_until` for these requests; `own`: the harness's."""
    answers: dict[int, str] = {}
    rows = lm.batch_size_per_gpu
    with tqdm(total=len(requests), disable=disable_tqdm, desc="Running generate_until requests") as bar:
        try:
            for group, sizes in _groups(lm, requests):
                if sizes is None:
                    answers |= zip(group, own([requests[index] for index in group], disable_tqdm=True), strict=True)
                    bar.update(len(group))
                    continue
                for batch in split(sizes, HELD_PER_READ * budget):
                    picked = [group[index] for index in batch]
                    lm.batch_size_per_gpu = len(picked)
                    with _looped(lm, bar):
                        texts = own([requests[index] for index in picked], disable_tqdm=True)
                    answers |= zip(picked, texts, strict=True)
        finally:
            lm.batch_size_per_gpu = rows
    return [answers[index] for index in range(len(requests))]


def _groups(lm: Any, requests: list[Any]) -> Iterator[tuple[list[int], list[int] | None]]:
    """Indices of requests that may share a batch, with the most tokens each may come to; None for those of the harness's way.

    The harness looks at the first prompt of a batch alone to see whether it brings its own beginning of a text.
    """
    groups: dict[tuple[str, bool], list[int]] = {}
    bos = getattr(lm.tokenizer, "bos_token", None)
    for index, request in enumerate(requests):
        context, settings = request.args[:2]
        key = json.dumps(settings, sort_keys=True, default=repr)
        groups.setdefault((key, has_bos_prefix(context, bos)), []).append(index)
    for indices in groups.values():
        settings = requests[indices[0]].args[1]
        room = _room(lm, settings)
        if room is None:
            yield indices, None
            continue
        lengths = [
            min(len(lm.tok_encode(requests[index].args[0])), max(1, lm.max_length - room)) for index in indices
        ]
        # Its prompts alone are read in one call, which takes what reading takes.
        yield indices, [max(length + room, HELD_PER_READ * length) for length in lengths]


def _room(lm: Any, settings: Any) -> int | None:
    """The most tokens an answer may have; None where it is not the greedy one of plain settings."""
    if not isinstance(settings, dict):
        return None
    asked = normalize_gen_kwargs(settings, lm.max_gen_toks)
    if asked.get("do_sample") or not set(asked) <= KNOWN_SETTINGS:
        return None
    return int(asked["max_gen_toks"])


@contextlib.contextmanager
def _looped(lm: Any, bar: tqdm) -> Iterator[None]:
    """While it is entered, the harness's `_model_generate` has transformers run our loop."""
    generate = lm._model_generate
    ended = 0

    def tell(rows: int) -> None:
        nonlocal ended
        ended += rows
        bar.update(rows)

    def loop(model: Any, input_ids: torch.Tensor, **kwargs: Any) -> torch.Tensor:
        return decode(model, input_ids, tell=tell, **kwargs)

    def model_generate(*args: Any, **kwargs: Any) -> torch.Tensor:
        nonlocal ended
        ended = 0
        rows = generate(*args, custom_generate=loop, **kwargs)
        bar.update(rows.shape[0] - ended)
        return rows

    with replaced(lm, _model_generate=model_generate):
        yield


def decode(
    model: Any,
    input_ids: torch.Tensor,
    logits_processor: Any,
    stopping_criteria: Any,
    generation_config: Any,
    tell: Callable[[int], None] = lambda rows: None,
    **inputs: Any,
) -> torch.Tensor:
    """Greedy search as transformers' own loop does it for each row alone; a row leaves the batch with the step that ends it.

    `input_ids`: rows x tokens, padded on the left; `inputs`: what `generate` prepared for the model. Returns rows x tokens, padded on the
    right with the token of `generation_config`. `tell` gets the number of rows that a step ended. What this cannot do is left to
    transformers' own loop: unknown caches, processors and inputs.
    """
    import torch

    if not _may_leave(input_ids, logits_processor, inputs):
        return type(model)._sample(
            model, input_ids, logits_processor, stopping_criteria, generation_config=generation_config, **inputs
        )
    device = input_ids.device
    padding = _padding(input_ids, inputs.get("attention_mask"))
    alive = torch.arange(input_ids.shape[0], device=device)
    done: dict[int, torch.Tensor] = {}
    start = input_ids.shape[1]
    ids = input_ids
    outputs = model._prefill(ids, generation_config, inputs, is_first_iteration=True)
    with model._optimize_model_for_decode():
        while True:
            inputs = model._update_model_kwargs_for_generation(outputs, inputs, is_encoder_decoder=False)
            logits = outputs.logits[:, -1].to(copy=True, dtype=torch.float32, device=device)
            del outputs
            scores = _process(logits_processor, ids, padding, logits)
            ids = torch.cat([ids, torch.argmax(scores, dim=-1)[:, None]], dim=-1)
            ended = _ended(stopping_criteria, ids, start)
            if bool(ended.any()):
                for row in ended.nonzero().flatten().tolist():
                    done[int(alive[row])] = ids[row]
                tell(int(ended.sum()))
                stay = (~ended).nonzero().flatten()
                if stay.numel() == 0:
                    break
                alive, ids, padding = alive[stay], ids[stay], [padding[row] for row in stay.tolist()]
                _keep_rows(inputs, stay)
                _keep_paddings(logits_processor, stay)
            prepared = model.prepare_inputs_for_generation(ids, next_sequence_length=1, **inputs)
            outputs = model(**prepared, return_dict=True)
    width = max(row.shape[0] for row in done.values())
    whole = input_ids.new_full((input_ids.shape[0], width), int(generation_config._pad_token_tensor))
    for index, row in done.items():
        whole[index, : row.shape[0]] = row
    return whole


def _may_leave(input_ids: torch.Tensor, processors: Any, inputs: dict[str, Any]) -> bool:
    import torch

    layers = getattr(inputs.get("past_key_values"), "layers", None) or []
    others = [
        name for name, value in inputs.items() if isinstance(value, torch.Tensor) and name not in ROW_INPUTS and value.dim() > 0
    ]
    rows = [inputs[name] for name in ROW_INPUTS if isinstance(inputs.get(name), torch.Tensor)]
    return (
        bool(layers)
        and {type(layer).__name__ for layer in layers} <= SEPARABLE_LAYERS
        and not getattr(inputs["past_key_values"], "offloading", False)
        and {type(processor).__name__ for processor in processors} <= KNOWN_PROCESSORS
        and not others
        and all(tensor.dim() == 2 and tensor.shape[0] == input_ids.shape[0] for tensor in rows)
    )


def _padding(input_ids: torch.Tensor, mask: torch.Tensor | None) -> list[int]:
    """How many tokens on the left of each row are none of its own."""
    if mask is None:
        return [0] * input_ids.shape[0]
    return (mask.shape[1] - mask.sum(dim=-1)).tolist()


def _process(processors: Any, ids: torch.Tensor, padding: list[int], logits: torch.Tensor) -> torch.Tensor:
    """Processed logits; those that look at tokens see each row without its padding, as alone."""
    import torch

    for processor in processors:
        # Newer versions of transformers tell some of them where a row begins.
        told = isinstance(getattr(processor, "prompt_ignore_length", None), torch.Tensor)
        if type(processor).__name__ in READING_PROCESSORS and any(padding) and not told:
            rows = [processor(ids[row : row + 1, skip:], logits[row : row + 1]) for row, skip in enumerate(padding)]
            logits = torch.cat(rows)
        else:
            logits = processor(ids, logits)
    return logits


def _keep_paddings(processors: Any, rows: torch.Tensor) -> None:
    import torch

    for processor in processors:
        told = getattr(processor, "prompt_ignore_length", None)
        if isinstance(told, torch.Tensor):
            processor.prompt_ignore_length = told[rows]


def _ended(criteria: Any, ids: torch.Tensor, start: int) -> torch.Tensor:
    """Which rows have ended. The harness's stop sequences are looked for in each row as in a batch of one."""
    import torch

    ended = torch.zeros(ids.shape[0], dtype=torch.bool, device=ids.device)
    stops = []
    for one in criteria:
        if type(one).__name__ == "MultiTokenEOSCriteria":
            stops.append(one)
        else:
            ended |= one(ids, None)
    if stops:
        answers = ids[:, start:].tolist()
        for row in (~ended).nonzero().flatten().tolist():
            ended[row] = _is_stopped(answers[row], stops)
    return ended


def _is_stopped(answer: list[int], stops: list[Any]) -> bool:
    """As `MultiTokenEOSCriteria` has it: whether a stop sequence is in the text of as many last tokens as it has, and two."""
    texts: dict[int, str] = {}
    for stop in stops:
        if stop.sequence_id_len not in texts:
            # `batch_decode` of a list of rows decodes each by itself.
            texts[stop.sequence_id_len] = stop.tokenizer.decode(answer[-stop.sequence_id_len :])
        if stop.sequence in texts[stop.sequence_id_len]:
            return True
    return False


def _keep_rows(inputs: dict[str, Any], rows: torch.Tensor) -> None:
    """Takes all other rows out of the cache and of the model's inputs, and with them the columns that were padding in all that stay."""
    for name in ROW_INPUTS:
        if inputs.get(name) is not None:
            inputs[name] = inputs[name][rows]
    cache = inputs["past_key_values"]
    cache.batch_select_indices(rows)
    mask = inputs.get("attention_mask")
    if mask is None or any(type(layer).__name__ != "DynamicLayer" for layer in cache.layers):
        return
    columns = int((mask.shape[1] - mask.sum(dim=-1)).min())
    if columns > 0:
        inputs["attention_mask"] = mask[:, columns:]
        for layer in cache.layers:
            layer.keys, layer.values = layer.keys[:, :, columns:], layer.values[:, :, columns:]
    if bool((inputs["attention_mask"] == 1).all()):
        # Nothing is padding any more: the model need not look for it.
        inputs["attention_mask"] = None
