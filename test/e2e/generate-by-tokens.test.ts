import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { execa } from 'execa';
import { packageRoot } from '../../src/system/paths.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';
import { isNightly } from '../support/tier.ts';

// Real transformers with tiny random models in float32 on the CPU: answers in batches by tokens beside the harness's own of one
// prompt at a time.

/** Kind of model (test/support/tiny_kinds.py), and why it keeps the harness's way; null where it need not. */
const ALL_KINDS: [kind: string, reason: RegExp | null][] = [
  ['llama', null],
  ['qwen2', null],
  ['gpt2', null],
  ['gpt-neox', null],
  ['bloom', null],
  ['gemma2', null],
  ['gemma3', null],
  ['mamba', /^rows cannot be taken out of its cache \(LinearAttentionLayer\)$/],
  ['t5', /^it is an encoder-decoder$/],
  ['llama with beams', /^its generation settings have num_beams$/],
];
/** In test/e2e one that keeps all it read, one that keeps a window of it, and one that has no such cache; the others in test/nightly. */
const KINDS = ALL_KINDS.filter(([kind]) => isNightly || ['llama', 'gemma3', 'mamba'].includes(kind));

const script = `
import json, sys
from pathlib import Path
import torch
import tiny_kinds
from lm_eval.api.instance import Instance
from lm_eval.api.registry import get_model
from sosbench_worker.faults import classify
from sosbench_worker.generation import Generation, Thinking, read_end
from sosbench_worker.scoring import generate

torch.set_num_threads(1)
root, kinds = Path(sys.argv[1]), json.load(sys.stdin)
ROOM = 24
# Of several lengths, one twice, one longer than the context, one that brings its own beginning of a text.
PROMPTS = ["word " * (n % 6 + 1) + f"number {n} is" for n in range(12)]
PROMPTS += [PROMPTS[3], "long " * 200, "<bos>begun"]

def load(kind):
    folder = root / kind.replace(" ", "-")
    if not folder.exists(): tiny_kinds.save(kind, folder)
    return get_model("hf").create_from_arg_obj({"pretrained": str(folder), "dtype": "float32"}, {"batch_size": 1, "device": "cpu"})

def requests(**more):
    settings = {"until": ["z", " q"], "max_gen_toks": ROOM, "do_sample": False, "temperature": 0.0, **more}
    return [Instance("generate_until", {}, (text, dict(settings)), 0, ("t", place, 1)) for place, text in enumerate(PROMPTS)]

steps = []
own_decode = generate.decode
def watched(model, input_ids, **kwargs):
    forward, had = model.forward, vars(model).get("forward")
    def counted(*args, **inputs):
        steps.append(inputs["input_ids"].shape)
        return forward(*args, **inputs)
    model.forward = counted
    try: return own_decode(model, input_ids, **kwargs)
    finally:
        if had is None: del model.forward
        else: model.forward = had
generate.decode = watched

def ask(lm, budget, thinking=Thinking(), **more):
    steps.clear()
    generation = Generation(lm, thinking)
    with generate.by_tokens(lm, budget), generation:
        answers = lm.generate_until(requests(**more), disable_tqdm=True)
    return {"answers": answers, "facts": [generation.facts(place) for place in range(len(PROMPTS))]}

found = {}
for kind in kinds:
    lm = load(kind)
    found[kind] = {"reason": generate.why_not(lm), "alone": ask(lm, None), "together": ask(lm, 300), "batches": len([s for s in steps if s[1] > 1])}
    found[kind]["left"] = [name for name in ("generate_until", "_model_generate") if name in vars(lm)] + [lm.batch_size_per_gpu]

lm = load("llama")
more = {"narrow": ask(lm, 1), "narrow_rows": max(s[0] for s in steps)}
more["wide"] = ask(lm, 8192)
# Rows at each step after the prompts, and tokens that were written.
more["rows"] = [s[0] for s in steps if s[1] == 1]
more["prefills"] = [s[0] for s in steps if s[1] > 1]
tokens = [len(lm.tok_encode(text)) for text in more["wide"]["answers"]]
more["slowest"] = max(tokens)
thinking = Thinking(True, read_end(lm, "o"))
more["thinking"] = [ask(lm, None, thinking), ask(lm, 300, thinking)]
torch.manual_seed(3)
sampled = ask(lm, None, do_sample=True, temperature=0.9)
torch.manual_seed(3)
more["sampled"] = [sampled, ask(lm, 300, do_sample=True, temperature=0.9), len(steps)]

own = lm.model.forward
def small(*args, **inputs):
    if inputs["input_ids"].shape[0] > 2: raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
    return own(*args, **inputs)
lm.model.forward = small
try: ask(lm, 4096)
except RuntimeError as error: more["fault"] = classify(error, during="evaluate")
more["after"] = [name for name in ("generate_until", "_model_generate") if name in vars(lm)] + [lm.batch_size_per_gpu]
more["half"] = ask(lm, 32)
del lm.model.forward

with torch.no_grad():
    for weights in lm.model.parameters(): weights.fill_(float("nan"))
more["nan"] = [ask(lm, None), ask(lm, 300)]
print(json.dumps({"found": found, "more": more}))
`;

interface Asked {
  answers: string[];
  facts: object[];
}
interface Kind {
  reason: string | null;
  alone: Asked;
  together: Asked;
  batches: number;
  left: (string | number)[];
}

const support = join(packageRoot(), 'test', 'support');
const { stdout } = await execa(await testPython(), ['-c', script, temporaryFolder()], {
  env: { PYTHONPATH: `${join(packageRoot(), 'worker')}:${support}`, PYTHONDONTWRITEBYTECODE: '1' },
  input: JSON.stringify(KINDS.map(([kind]) => kind)),
});
const { found, more } = JSON.parse(stdout.trim().split('\n').at(-1)!) as {
  found: Record<string, Kind>;
  more: {
    narrow: Asked;
    narrow_rows: number;
    wide: Asked;
    rows: number[];
    prefills: number[];
    slowest: number;
    thinking: [Asked, Asked];
    sampled: [Asked, Asked, number];
    fault: string;
    after: (string | number)[];
    half: Asked;
    nan: [Asked, Asked];
  };
};

for (const [kind, reason] of KINDS)
  describe(`answers of ${kind}`, () => {
    const { alone, together, batches, left, ...told } = found[kind]!;

    test(reason === null ? 'are made in batches by tokens' : "are made in the harness's way", () => {
      if (reason === null) assert.deepEqual([told.reason, batches > 0 && batches < 10], [null, true]);
      else assert.match(told.reason ?? 'none', reason);
      if (reason !== null) assert.equal(batches, 0);
    });

    test("are those of the harness's class with one prompt at a time, and so is what was cut", () => {
      assert.deepEqual(together, alone);
      assert.ok(new Set(alone.answers).size > 5, 'answers differ from prompt to prompt');
    });

    test('leave the model as it was', () => assert.deepEqual(left, [1]));
  });

describe('batches by tokens', () => {
  const { alone } = found.llama!;

  test('of a budget that holds none: one prompt at a time', () => {
    assert.deepEqual([more.narrow, more.narrow_rows], [alone, 1]);
  });

  test('of a budget that holds all: two, since one prompt brings its own beginning', () => {
    assert.deepEqual([more.wide, more.prefills], [alone, [14, 1]]);
  });

  test('lose a row with the step that ends it', () => {
    const { rows } = more;
    const first = rows.slice(0, rows.lastIndexOf(Math.max(...rows)) + 1);
    assert.ok(
      rows.some((count) => count < 14 && count > 1),
      `${rows}`,
    );
    assert.ok(first.length < more.slowest, 'the widest part ends before the slowest answer');
    const falls = rows.slice(1).filter((count, index) => count > rows[index]!);
    assert.deepEqual(falls, [], 'no row comes back');
  });
});

test('reasoning is cut off, and what has no end is told, as with one prompt at a time', () => {
  const [one, batched] = more.thinking;
  assert.deepEqual(batched, one);
  assert.deepEqual(
    new Set(one.facts.map((facts) => (facts as { unended: boolean }).unended)),
    new Set([true, false]),
  );
});

test("answers that are drawn keep the harness's way: the same random numbers give the same answers", () => {
  const [alone, together, steps] = more.sampled;
  assert.deepEqual([together, steps], [alone, 0]);
});

test('out of memory in mid-batch: told as such, the model left as it was, and half the budget gives the same answers', () => {
  assert.deepEqual([more.fault, more.after], ['oom', [1]]);
  assert.deepEqual(more.half, found.llama!.alone);
});

test('a model of NaN answers as in the harness, and ends', () => {
  const [alone, together] = more.nan;
  assert.deepEqual(together, alone);
});
