import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { execa } from 'execa';
import { packageRoot } from '../../src/system/paths.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';

// The harness's own model classes, which read what a fake model, engine or server gave them. vLLM and SGLang are not
// installed here: what stands for them has their class names and reports an answer as they do.

interface Case {
  title: string;
  backends?: string[];
  says: string;
  /** Whether it ended because there was no more room. */
  full?: boolean;
  thinking?: { enabled: boolean | null; end: string } | null;
  /** What a server gave as reasoning by itself. */
  reasoning?: string;
  answer: string;
  facts: { cut?: boolean; unended?: boolean };
}

const ALL = ['hf', 'vllm', 'sglang', 'local-completions', 'local-chat-completions'];
const END = { enabled: true, end: '</think>' };
const CASES: Case[] = [
  { title: 'an answer that ends by itself', says: 'Paris', answer: 'Paris', facts: { cut: false } },
  {
    title: 'an answer cut at the token limit',
    says: 'Paris is',
    full: true,
    answer: 'Paris is',
    facts: { cut: true },
  },
  {
    title: 'reasoning, its end, an answer',
    says: 'Rome? No.</think>\n\nParis',
    thinking: END,
    answer: 'Paris',
    facts: { cut: false, unended: false },
  },
  {
    title: 'reasoning that holds a stop sequence of the task',
    says: 'Rome?\nNo.</think>Paris\nBerlin',
    thinking: END,
    answer: 'Paris',
    facts: { cut: false, unended: false },
  },
  {
    title: 'two ends of reasoning: what comes after the last',
    says: 'a</think>b</think>Paris',
    thinking: END,
    answer: 'Paris',
    facts: { cut: false, unended: false },
  },
  {
    title: 'an answer cut after its reasoning',
    says: 'Rome?</think>Par',
    full: true,
    thinking: END,
    answer: 'Par',
    facts: { cut: true, unended: false },
  },
  {
    title: 'an answer that a stop sequence ends, after which the model went on to the limit',
    says: 'Rome?</think>Paris\nBerlin\nRome',
    full: true,
    thinking: END,
    answer: 'Paris',
    facts: { cut: false, unended: false },
  },
  {
    title: 'reasoning that is cut before its end: no answer',
    says: 'Rome? Paris? The',
    full: true,
    thinking: END,
    answer: '',
    facts: { cut: true, unended: true },
  },
  {
    title: 'reasoning that was begun and ends without an end: no answer',
    says: '<think>Rome? Paris.',
    thinking: END,
    answer: '',
    facts: { cut: false, unended: true },
  },
  {
    title: 'an answer without any reasoning',
    says: 'Paris',
    thinking: END,
    answer: 'Paris',
    facts: { cut: false, unended: true },
  },
  {
    title: 'thinking turned off: an answer is what was said',
    says: 'Paris',
    full: true,
    thinking: { enabled: false, end: '</think>' },
    answer: 'Paris',
    facts: { cut: true },
  },
  {
    title: 'thinking as the model likes',
    says: 'Rome?</think>Paris',
    thinking: { enabled: null, end: '</think>' },
    answer: 'Paris',
    facts: { cut: false, unended: false },
  },
  {
    title: 'an end that is given as the id of its token',
    backends: ['hf'],
    says: 'Rome?~Paris',
    thinking: { enabled: true, end: 'ID OF ~' },
    answer: 'Paris',
    facts: { cut: false, unended: false },
  },
  {
    title: 'an end that decoding leaves out: a special token that no list of the tokenizer names',
    backends: ['hf'],
    says: 'Rome?\nNo.<end_of_thought>Paris',
    thinking: { enabled: true, end: '<end_of_thought>' },
    answer: 'Paris',
    facts: { cut: false, unended: false },
  },
  {
    title: 'an end of several tokens, some of which decoding leaves out',
    backends: ['hf'],
    says: '<|channel|>analysis<|message|>Rome? No.<|channel|>final<|message|>Paris',
    thinking: { enabled: true, end: '<|channel|>final<|message|>' },
    answer: 'Paris',
    facts: { cut: false, unended: false },
  },
  {
    title: 'of an end of several tokens only some: no end',
    backends: ['hf'],
    says: '<|channel|>analysis<|message|>Rome? The',
    full: true,
    thinking: { enabled: true, end: '<|channel|>final<|message|>' },
    answer: '',
    facts: { cut: true, unended: true },
  },
  {
    title: 'a server that parts reasoning from the answer',
    backends: ['local-chat-completions'],
    says: 'Paris',
    reasoning: 'Rome? No.',
    thinking: END,
    answer: 'Paris',
    facts: { cut: false, unended: false },
  },
  {
    title: 'a server that parts reasoning from the answer, of which there is none',
    backends: ['local-chat-completions'],
    says: '',
    full: true,
    reasoning: 'Rome? Paris? The',
    thinking: END,
    answer: '',
    facts: { cut: true, unended: true },
  },
];

const script = `
import json, sys
import torch
from tokenizers import AddedToken
from lm_eval.api.instance import Instance
from lm_eval.api.model import CacheHook
from lm_eval.api.registry import get_model
from lm_eval.models.utils import postprocess_generated_text
from sosbench_worker.generation import Generation, Thinking, read_end, tell_thinking

folder, cases = sys.argv[1], json.load(sys.stdin)
ROOM = 128

class FakeOutput:
    def __init__(self, text, full): self.outputs = [self]; self.text, self.finish_reason = text, "length" if full else "stop"

class Engine:
    tokenizer = None
    def __init__(self): self.cache_hook, self.think_end_token = CacheHook(None), None
    def generate_until(self, requests):
        outputs = self._model_generate(requests=[r.args[0] for r in requests], generate=True)
        answers = []
        for request, output in zip(requests, outputs):
            text = output["text"] if isinstance(output, dict) else output.text
            answers.append(postprocess_generated_text(text, request.args[1]["until"], self.think_end_token))
            self.cache_hook.add_partial("generate_until", request.args, answers[-1])
        return answers

class VLLM(Engine):
    def _model_generate(self, requests, generate): return [FakeOutput(*script[r]) for r in requests]

class SGLangLM(Engine):
    def _model_generate(self, requests, generate):
        return [{"text": script[r][0], "meta_info": {"finish_reason": {"type": "length" if script[r][1] else "stop"}}} for r in requests]

script = {}

def hf():
    lm = get_model("hf").create_from_arg_obj({"pretrained": folder}, {"batch_size": 2, "device": "cpu"})
    # As gpt-oss and others have them: special by their own flag.
    special = [AddedToken(name, special=True) for name in ("<end_of_thought>", "<|channel|>", "<|message|>")]
    lm.tokenizer.backend_tokenizer.add_special_tokens(special)
    def generate(input_ids, max_length, **kwargs):
        rows = []
        for row in input_ids.tolist():
            text, full = script[lm.tokenizer.decode([t for t in row if t != lm.tokenizer.pad_token_id])]
            tokens = lm.tokenizer(text, add_special_tokens=False)["input_ids"]
            # The room of one that is cut is just what it says.
            tokens = tokens + ([] if full else [lm.eot_token_id])
            rows.append(row + tokens)
        width = input_ids.shape[1] + max(len(row) - input_ids.shape[1] for row in rows)
        return torch.tensor([row + [lm.tokenizer.pad_token_id] * (width - len(row)) for row in rows])
    lm.model.generate = generate
    return lm

def server(name):
    lm = get_model(name).create_from_arg_obj(
        {"model": "m", "base_url": "http://127.0.0.1:9", "tokenizer_backend": None, "tokenized_requests": False}, {"batch_size": 1}
    )
    def call(messages, generate, gen_kwargs=None, **kwargs):
        [context] = messages
        key = json.loads(context.prompt)[0]["content"] if hasattr(context, "prompt") else context
        text, full = script[key]
        reason = "length" if full else "stop"
        message = {"content": text or None, **({"reasoning_content": reasoning[key]} if key in reasoning else {})}
        return {"choices": [{"index": 0, "text": text, "message": message, "finish_reason": reason}]}
    lm.model_call = call
    return lm

reasoning = {}
BACKENDS = {
    "hf": hf, "vllm": VLLM, "sglang": SGLangLM,
    "local-completions": lambda: server("local-completions"), "local-chat-completions": lambda: server("local-chat-completions"),
}
found = []
for case in cases:
    row = {}
    for name in case["backends"]:
        lm = BACKENDS[name]() if name not in row else None
        prompt = "question " + case["title"]
        script.clear(); reasoning.clear()
        # Another answer beside it, so that each has to find its own facts.
        script[prompt] = (case["says"], case["full"]); script["other"] = ("Yes", False)
        if case["reasoning"]: reasoning[prompt] = case["reasoning"]
        room = len(case["says"].encode()) if case["full"] else ROOM
        if name == "hf" and case["full"]: room = len(lm.tokenizer(case["says"], add_special_tokens=False)["input_ids"])
        context = prompt
        if name == "local-chat-completions":
            from lm_eval.models.api_models import JsonChatStr
            context = JsonChatStr(json.dumps([{"role": "user", "content": prompt}]))
            other = JsonChatStr(json.dumps([{"role": "user", "content": "other"}]))
        else: other = "other"
        settings = {"until": ["\\n"], "max_gen_toks": max(room, 1), "do_sample": False}
        requests = [
            Instance("generate_until", {}, (text, dict(settings)), 0, ("t", place, 1)) for place, text in enumerate([other, context])
        ]
        told = case["thinking"]
        end = None if told is None else told["end"]
        if end == "ID OF ~": end = str(lm.tokenizer("~", add_special_tokens=False)["input_ids"][0])
        thinking = Thinking() if told is None else Thinking(told["enabled"], read_end(lm, end))
        generation = Generation(lm, thinking)
        with generation:
            answers = lm.generate_until(requests)
        row[name] = {"answer": answers[1], "facts": generation.facts(1), "measured": generation.answer(1), "other": [answers[0], generation.facts(0)], "hook": type(lm.cache_hook).__name__}
    found.append(row)

chat = server("local-chat-completions")
tell_thinking(chat, True)
payload = chat._create_payload([{"role": "user", "content": "q"}], generate=True, gen_kwargs={"max_gen_toks": 4})
completions = get_model("local-completions").create_from_arg_obj(
    {"model": "m", "base_url": "http://127.0.0.1:9", "tokenizer": folder, "tokenizer_backend": "huggingface"}, {"batch_size": 1}
)
completions.tokenizer.chat_template = "{{ 'on' if enable_thinking else 'off' }}"
templates = []
for enabled in (False, True):
    tell_thinking(completions, enabled)
    templates.append(completions.apply_chat_template([{"role": "user", "content": "q"}]))
print(json.dumps({"found": found, "payload": payload, "templates": templates}))
`;

interface Found {
  answer: string;
  facts: Case['facts'];
  /** Whose style is measured; null for no answer. */
  measured: string | null;
  other: [string, Case['facts']];
  hook: string;
}

describe('generated answers', () => {
  let found: Record<string, Found>[];
  let payload: Record<string, unknown>;
  let templates: string[];

  before(async () => {
    const python = await testPython();
    const folder = await makeTinyModel(python, join(temporaryFolder(), 'model'));
    const input = CASES.map((one) => ({
      ...{ backends: ALL, full: false, thinking: null, reasoning: null },
      ...one,
    }));
    const { stdout } = await execa(python, ['-c', script, folder], {
      env: { PYTHONPATH: join(packageRoot(), 'worker'), PYTHONDONTWRITEBYTECODE: '1' },
      input: JSON.stringify(input),
    });
    ({ found, payload, templates } = JSON.parse(stdout.trim().split('\n').at(-1)!));
  });

  for (const [index, { title, backends = ALL, answer, facts, thinking }] of CASES.entries())
    for (const backend of backends)
      test(`${backend}: ${title}`, () => {
        const own = found[index]![backend]!;
        assert.deepEqual([own.answer, own.facts], [answer, facts]);
        const isAnswer = answer !== '' || facts.unended !== true;
        assert.equal(own.measured, isAnswer ? answer : null, 'style is measured of what is scored');
        const other = thinking == null || thinking.enabled === false ? {} : { unended: true };
        assert.deepEqual(own.other, ['Yes', { cut: false, ...other }], 'the answer beside it');
        assert.equal(own.hook, 'CacheHook', 'the model is left as it was');
      });

  test('a chat server is told to think in its own words', () => {
    assert.deepEqual(payload.chat_template_kwargs, { enable_thinking: true });
  });

  test("a template that the harness's class does not tell is told through the tokenizer", () => {
    assert.deepEqual(templates, ['off', 'on']);
  });
});
