/** Which files of the change's folder may be opened while answers are scored: what the model itself opens, and nothing else. The real Python. */
import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';

const workspace = realpathSync(temporaryFolder());
for (const name of ['tasks', 'model']) mkdirSync(join(workspace, name));
for (const name of ['tasks/own.txt', 'rule.txt', 'model/weights.txt'])
  writeFileSync(join(workspace, name), '');
const python = await testPython();
const WORKER = join(import.meta.dirname, '..', '..', 'worker');

/** What is printed of each line of `code`, run while answers are scored: `opened`, or the name of the error. */
async function score(code: string): Promise<string> {
  const program = `
import sys
sys.path.insert(0, ${JSON.stringify(WORKER)})
from sosbench_worker.closed_folder import ClosedFolder
class FakeModel:
    def generate_until(self, name):
        open(name).close()
    def other(self, name):
        open(name).close()
lm = FakeModel()
before = dict(vars(lm))
closed = ClosedFolder(${JSON.stringify(workspace)}, [${JSON.stringify(join(workspace, 'tasks'))}])
try:
    with closed.watch_scoring(lm):
        ${code.replaceAll('\n', '\n        ')}
    print("opened")
except Exception as error:
    print(type(error).__name__)
assert vars(lm) == before
open("rule.txt").close()
`;
  return (await execa(python, ['-c', program], { cwd: workspace })).stdout;
}

const CASES: [title: string, code: string, outcome: string][] = [
  ['a file of include-path', 'open("tasks/own.txt")', 'opened'],
  ['a file beside it', 'open("rule.txt")', 'ClaimedFile'],
  ['a file beside it, by bytes', 'open(b"rule.txt")', 'ClaimedFile'],
  ['a file beside it, to write to it', 'open("made.txt", "w")', 'ClaimedFile'],
  ['one that the error is not told of', 'try: open("rule.txt")\nexcept Exception: pass', 'ClaimedFile'],
  ['a library', 'import ctypes\ntry: ctypes.CDLL("./rule.txt")\nexcept OSError: pass', 'ClaimedFile'],
  ["a file of the model's", 'open("model/weights.txt")', 'ClaimedFile'],
  ["a file of the model's, by the model", 'lm.generate_until("model/weights.txt")', 'opened'],
  ['by the model, but not as it answers', 'lm.other("model/weights.txt")', 'ClaimedFile'],
  [
    'a file beside it, after the model answered',
    'lm.generate_until("model/weights.txt")\nopen("rule.txt")',
    'ClaimedFile',
  ],
  [
    'a file beside it, after the model failed',
    'try: lm.generate_until("none")\nexcept OSError: pass\nopen("rule.txt")',
    'ClaimedFile',
  ],
  ['a file of the system', 'open("/proc/self/stat")', 'opened'],
];
for (const [title, code, outcome] of CASES)
  test(`${title}: ${outcome}`, async () => assert.equal(await score(code), outcome));
