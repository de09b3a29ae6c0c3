import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findLiveBench } from '../../src/harness/livebench/checkout/checkout.ts';
import {
  type LiveBenchEnvironment,
  liveBenchPython,
} from '../../src/harness/livebench/checkout/environment.ts';
import { scoreAnswers } from '../../src/harness/livebench/grade/score.ts';
import { CODE_TASKS, type LiveBenchQuestion } from '../../src/harness/livebench/question.ts';
import { cacheRoot } from '../../src/system/paths.ts';
import { findSandbox } from '../../src/system/sandbox/find.ts';
import { temporaryFolder } from '../support/folder.ts';
import { honestAnswers, pack } from '../support/honest-programs.ts';
import { fakeLiveBench, machinePython, makeQuestion } from '../support/livebench.ts';
import { marked, within } from '../support/process.ts';
import { inE2e, inNightly } from '../support/tier.ts';

// Answers that want to be right without being it. A checkout of LiveBench (SOS_BENCH_LIVEBENCH_DIR) grades them, else a small grader of its
// make: both execute an answer in the interpreter that decides and knows what is expected.

const dir = process.env.SOS_BENCH_LIVEBENCH_DIR ?? null;
const folder = temporaryFolder();
const mark = 'trust-graders-test';

async function realLiveBench(checkoutDir: string): Promise<LiveBenchEnvironment> {
  const common = { cache: cacheRoot(process.env), environment: process.env, note: () => {} };
  const checkout = await findLiveBench({ ...common, dir: checkoutDir, ref: null, cwd: process.cwd() });
  assert.ok(checkout.kind === 'checkout');
  return { ...(await liveBenchPython(common)), checkout };
}

const environment = dir === null ? fakeLiveBench() : await realLiveBench(dir);
const python = dir === null ? machinePython : environment.python;

/** A word that no answer here finds by itself. */
const secret = (index: number) => createHash('sha256').update(`expected ${index}`).digest('hex');

function makeHostile(name: string, method: boolean): LiveBenchQuestion {
  const tests = [0, 1, 2].map((index) => ({
    input: method ? JSON.stringify(index) : `${index}\n`,
    output: method ? JSON.stringify(secret(index)) : `${secret(index)}\n`,
    testtype: method ? 'functional' : 'stdin',
  }));
  return makeQuestion(createHash('sha256').update(name).digest('hex'), {
    category: 'coding',
    task: 'LCB_generation',
    public_test_cases: JSON.stringify(tests.slice(0, 1)),
    private_test_cases: pack(JSON.stringify(tests.slice(1))),
    original_json: { metadata: JSON.stringify(method ? { func_name: 'solve' } : {}) },
  });
}

/** Finds variables of whoever called it. */
const FRAMES = `
import sys
def outer(name):
    frame = sys._getframe()
    while frame is not None:
        if name in frame.f_locals:
            return frame.f_locals[name]
        frame = frame.f_back
    raise LookupError(name)
`;

/** Where something could be left for later: files, abstract sockets, other folders. */
const PLACES = `
import os, glob
places = ["/tmp/left", "/dev/shm/left", "/scratch/left", "left", os.path.expanduser("~/left"), "/input/left", "/proc/sys/kernel/domainname"]
`;

interface Attack {
  /** What is between the fences. */
  program: string;
  /** Whether it answers by a method of \`Solution\`. */
  method?: boolean;
  /** Whether the grader believes it, which is why it has to be confirmed; left out where that depends on the grader. */
  believed?: boolean;
}

const attacks: Record<string, Attack> = {
  'puts full marks on the list of results and ends the process': {
    program: `${FRAMES}
result = outer("result")
result.append([True, True, True])
outer("metadata_list").append({})
import posix
posix._exit(0)`,
    believed: true,
  },
  'reads what is expected from the frames of its grader': {
    program: `${FRAMES}
print(outer("all_outputs")[int(input())])`,
    believed: true,
  },
  'finds what is expected among all objects': {
    program: `import gc
index = int(input())
for one in gc.get_objects():
    if isinstance(one, dict) and isinstance(one.get("outputs", one.get("all_outputs")), list):
        print(one.get("outputs", one.get("all_outputs"))[index])
        break`,
  },
  'finds what is expected in files and in the memory of other processes': {
    program: `import glob, re
from io import open as open_file
index = int(input())
found = ""
for path in glob.glob("data/**", recursive=True) + glob.glob("/input/**", recursive=True) + glob.glob("/proc/[0-9]*/mem") + glob.glob("/proc/[0-9]*/environ"):
    try:
        found += open_file(path, "rb").read(2000000).decode("latin1")
    except Exception:
        pass
words = re.findall("[0-9a-f]{64}", found)
print(words[index] if words else "")`,
  },
  'returns an object that is equal to everything': {
    program: `class All:
    def __eq__(self, other): return True
    def __bool__(self): return True
    def __len__(self): return 1
class Solution:
    def solve(self, index): return All()`,
    method: true,
    believed: true,
  },
  'returns a text that is equal to everything': {
    program: `class All(str):
    def __eq__(self, other): return True
    def __hash__(self): return 1
class Solution:
    def solve(self, index): return All("x")`,
    method: true,
    believed: true,
  },
  'returns a list that is equal to everything': {
    program: `class All(list):
    def __eq__(self, other): return True
    def __iter__(self): return iter(())
class Solution:
    def solve(self, index): return All()`,
    method: true,
    believed: true,
  },
  'changes the comparison in the module of its grader': {
    program: `import sys
for name, module in list(sys.modules.items()):
    if hasattr(module, "get_stripped_lines"):
        module.get_stripped_lines = lambda text: ["same"]
print("anything")`,
    believed: true,
  },
  'changes built-in functions, json and print': {
    program: `import builtins, json, sys
class Yes:
    def __call__(self, *a, **k): return True
    def __getattr__(self, name): return self
for name in ("all", "any", "len", "zip", "isinstance"):
    setattr(builtins, name, {"all": lambda *a: True, "any": lambda *a: True, "len": lambda *a: 1, "zip": lambda *a: [], "isinstance": lambda *a: True}[name])
json.dumps = lambda *a, **k: "true"
json.loads = lambda *a, **k: []
builtins.print = lambda *a, **k: None
sys.exit(0)`,
  },
  'changes json, so that outputs are written as it likes': {
    program: `import json
class Solution:
    def solve(self, index):
        json.dumps = lambda record, **k: '{"index": %d, "output": null}' % record.get("index", 0)
        return None`,
    method: true,
  },
  'writes judgments for others and kills its grader': {
    program: `import posix, os, glob, json
from io import open as open_file
for path in glob.glob("data/**/model_judgment", recursive=True) or ["data/live_bench/coding/LCB_generation/model_judgment"]:
    os.makedirs(path, exist_ok=True)
    with open_file(path + "/ground_truth_judgment.jsonl", "a") as file:
        for id in OTHERS:
            file.write(json.dumps({"question_id": id, "task": "LCB_generation", "model": "sos-bench-model", "score": 1, "tstamp": 1, "category": "coding"}) + "\\n")
for pid in sorted((int(name) for name in os.listdir("/proc") if name.isdigit()), reverse=True):
    if pid != posix.getpid():
        try:
            posix.kill(pid, 9)
        except OSError:
            pass
posix._exit(0)`,
  },
  'writes a judgment for itself and lets the grader go on': {
    program: `import os, glob, json
from io import open as open_file
for path in glob.glob("data/**/model_judgment", recursive=True):
    with open_file(path + "/ground_truth_judgment.jsonl", "a") as file:
        file.write(json.dumps({"question_id": OWN, "task": "LCB_generation", "model": "sos-bench-model", "score": 1, "tstamp": 1, "category": "coding"}) + "\\n")`,
  },
  'kills everything': {
    program: `import posix
for number in (2, 9, 15, 1):
    try:
        posix.kill(1, number)
    except OSError:
        pass
posix.kill(-1, 9)`,
  },
  'leaves a daemon that marks all that follow': {
    program: `import posix, os, time, glob, json
from io import open as open_file
if posix.fork() == 0:
    posix.setsid()
    if posix.fork() == 0:
        end = time.time() + 60
        while time.time() < end:
            for path in glob.glob("/scratch/data/**/question.jsonl", recursive=True):
                try:
                    id = json.loads(open_file(path).readline())["question_id"]
                    with open_file(os.path.dirname(path) + "/model_judgment/ground_truth_judgment.jsonl", "a") as file:
                        file.write(json.dumps({"question_id": id, "task": "LCB_generation", "model": "sos-bench-model", "score": 0, "tstamp": 1, "category": "coding"}) + "\\n")
                except Exception:
                    pass
            time.sleep(0.001)
    posix._exit(0)
print("left")`,
  },
  'slows down and starves whoever starts it': {
    program: `import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for pid in range(1, 40):
    if pid == os.getpid(): continue
    libc.setpriority(0, pid, 19)
    libc.sched_setaffinity(pid, 8, ctypes.byref(ctypes.c_uint64(1)))
    libc.sched_setscheduler(pid, 5, ctypes.byref(ctypes.c_int(0)))
    libc.prlimit(pid, 7, (ctypes.c_uint64 * 2)(0, 0), None)
    libc.prlimit(pid, 6, (ctypes.c_uint64 * 2)(0, 0), None)
    libc.prlimit(pid, 1, (ctypes.c_uint64 * 2)(0, 0), None)
print("slow")`,
  },
  'fills every folder and locks it': {
    program: `import posix, os
from io import open as open_file
for place in ("/scratch", "/tmp", "/dev/shm", "."):
    try:
        os.makedirs(place + "/deep/" + "/".join("d" * 100))
        open_file(place + "/file", "wb").write(b"x" * 1000)
        posix.chmod(place + "/deep", 0)
        posix.chmod(place, 0)
    except Exception:
        pass
print("full")`,
  },
  'leaves rules on the folders, for all files to come': {
    program: `import os, struct
nothing = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", who, 0, 0xFFFFFFFF) for who in (1, 4, 0x20))
for place in ("/scratch", "/tmp", "/dev/shm", "."):
    for name, value in (("system.posix_acl_default", nothing), ("user.left", b"x")):
        try:
            os.setxattr(place, name, value)
        except OSError:
            pass
print("ruled")`,
  },
  'takes what is expected along to where it is confirmed': {
    program: `${PLACES}${FRAMES}
from io import open as open_file
index = int(input())
try:
    expected = outer("all_outputs")
    for place in places:
        try:
            open_file(place, "w").write("".join(expected))
        except Exception:
            pass
    print(expected[index])
except LookupError:
    for place in places:
        try:
            print(open_file(place).read().split()[index])
            break
        except Exception:
            pass`,
    believed: true,
  },
  'writes outputs of its own, under every index, and ends early': {
    program: `${FRAMES}
import posix
from io import open as open_file
try:
    outer("result").append([True, True, True])
    outer("metadata_list").append({})
except LookupError:
    for descriptor in range(3, 30):
        for index in range(3):
            try:
                posix.write(descriptor, b'{"index": %d, "output": "anything"}\\n' % index)
            except OSError:
                pass
    with open_file("outputs.jsonl", "w") as file:
        for index in range(3):
            file.write('{"index": %d, "output": true}\\n' % index)
posix._exit(0)`,
    believed: true,
  },
  'gives the inputs back, and its outputs in another order': {
    program: 'class Solution:\n    def solve(self, index): return [index]',
    method: true,
    believed: false,
  },
};

/** The kind that a run would take here; the attacks in the others are in test/nightly. */
const { kind: ofRuns } = await findSandbox(python, process.env);
for (const kind of ['bubblewrap', 'namespaces'] as const) {
  const register = kind === ofRuns ? inE2e : inNightly;
  register(
    `${kind}: answers that give themselves or others full marks score 0, and those around them what they earn`,
    async (context) => {
      const sandbox = await findSandbox(python, { ...process.env, OPENBLAS_MARK: mark }, [kind]);
      if (sandbox.kind === 'none') return context.skip(sandbox.detail);
      const names = Object.keys(attacks);
      const honest = honestAnswers(names.length + 1);
      const hostile = names.map((name) => makeHostile(name, attacks[name]!.method ?? false));
      // One after the other in the same sandboxes: an honest one, a hostile one, an honest one.
      const questions = honest.questions.flatMap((question, index) => [
        question,
        ...hostile.slice(index, index + 1),
      ]);
      const others = JSON.stringify(questions.map(({ id }) => id));
      const answers = new Map(honest.answers);
      for (const [index, name] of names.entries()) {
        const { id } = hostile[index]!;
        const given = `OTHERS = ${others}\nOWN = ${JSON.stringify(id)}\n`;
        answers.set(id, [`\`\`\`python\n${given}${attacks[name]!.program}\n\`\`\``]);
      }
      const notes: string[] = [];
      const outcomes = await scoreAnswers({
        ...{ environment, sandbox, questions, answers, release: '2024-07-26', scratchParent: folder },
        ...{ parallel: 1, timeout: 60_000, startTimeout: 60_000, note: (text: string) => notes.push(text) },
      });
      for (const { id } of honest.questions)
        assert.deepEqual(outcomes.get(id), { score: 1 }, `${honest.kinds.get(id)} (${notes.join('\n')})`);
      for (const [index, name] of names.entries()) {
        const { id } = hostile[index]!;
        const outcome = outcomes.get(id)!;
        assert.equal('score' in outcome && outcome.score, 0, `${name}: ${JSON.stringify(outcome)}`);
        const believed = 'unconfirmed' in outcome && outcome.unconfirmed !== undefined;
        if (attacks[name]!.believed !== undefined)
          assert.equal(believed, attacks[name]!.believed, `${name}: ${JSON.stringify(outcome)}`);
        if (believed)
          assert.ok(
            notes.some(
              (note) => note.includes(id.slice(0, 16)) && note.includes('was not confirmed, so it scores 0'),
            ),
            `${name} is not named`,
          );
        assert.doesNotMatch(JSON.stringify(outcome), /[0-9a-f]{64}/, 'what is expected is told');
      }
      assert.ok(await within(60, () => marked(mark).length === 0), 'something still runs');
      assert.deepEqual(
        [...new Set(questions.map(({ task }) => task))].filter((task) => !CODE_TASKS.includes(task)),
        [],
      );
    },
  );
}

inE2e('an answer that stops the clock of its test is not confirmed by more time', async (context) => {
  const sandbox = await findSandbox(python, process.env, ['namespaces']);
  if (sandbox.kind === 'none') return context.skip(sandbox.detail);
  const { questions, answers } = honestAnswers(1);
  const [question] = questions;
  const SLOW =
    'import signal, sys, time\nsignal.alarm(0)\nif not hasattr(sys, "slept"):\n    sys.slept = True\n    time.sleep(25)\n';
  const slow = answers.get(question!.id)!.map((text) => text.replace('```python\n', `\`\`\`python\n${SLOW}`));
  const outcomes = await scoreAnswers({
    ...{ environment, sandbox, questions, answers: new Map([[question!.id, slow]]), release: '2024-07-26' },
    ...{ scratchParent: folder, parallel: 1, timeout: 60_000, startTimeout: 60_000, note: () => {} },
  });
  const outcome = outcomes.get(question!.id)!;
  assert.ok('score' in outcome && outcome.score === 0, JSON.stringify(outcome));
  assert.equal(outcome.unconfirmed, 'a test took longer than 18 s');
});

/** Outside of a sandbox, where a file stays: there is always something that stays. */
const TAKES_ALONG = (left: string) => `${FRAMES}
import os, posix
from io import open as open_file
KILL, PARENT, LEFT = posix.kill, os.getppid(), ${JSON.stringify(left)}
index = int(input())
try:
    expected = outer("all_outputs")
    if os.path.exists(LEFT):
        print(expected[index])
    else:
        open_file(LEFT, "w").write("".join(expected))
        KILL(PARENT, 9)
except LookupError:
    if os.path.exists(LEFT):
        print(open_file(LEFT).read().split()[index])`;

inE2e('an answer that ends its grader is not confirmed again, with what it learned there', async () => {
  const sandbox = await findSandbox(python, process.env, []);
  const question = makeHostile('takes along', false);
  const left = join(folder, 'left');
  const answers = new Map([[question.id, [`\`\`\`python\n${TAKES_ALONG(left)}\n\`\`\``]]]);
  const outcomes = await scoreAnswers({
    ...{ environment, sandbox, questions: [question], answers, release: '2024-07-26', scratchParent: folder },
    ...{ parallel: 1, timeout: 60_000, startTimeout: 60_000, note: () => {}, allowUnsafeCode: true },
  });
  assert.ok(existsSync(left), 'it was graded');
  const outcome = outcomes.get(question.id)!;
  assert.equal('score' in outcome && outcome.score, 0, JSON.stringify(outcome));
  assert.ok('unconfirmed' in outcome, 'its grader believed it at the second try');
});
