/**
 * A training job, which runs the change's code, uploads a journal with full marks under the name that the evaluating job's own would have,
 * and the evaluating job is run again. The built `run` action, the real harness and a tiny model; artifacts are a fake of GitHub's service.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { type FakeArtifacts, startFakeArtifacts } from '../support/fake-artifacts.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';
import { startStep } from '../support/runner.ts';
import { makeZip } from '../support/zip.ts';

const folder = temporaryFolder();
const RUN = 4711;
const KEY = '0123456789abcdef'.repeat(4);
const QUESTIONS = 300;
const NAME = 'sos-bench-record-1';
let service: FakeArtifacts;
let model: string;
let workspaces = 0;
/** Of the first attempt: its lines, and the items of its record. */
let lines: string[];
let items: Buffer;

before(async () => {
  service = await startFakeArtifacts('http://127.0.0.1:9');
  model = await makeTinyModel(await testPython(), join(folder, 'model'), 4);
  writeQuestions(join(folder, 'data'), 'xstest/test', xstestQuestions(QUESTIONS));
  const { exitCode, stdout, record } = await evaluate(1, { 'resume-key': KEY });
  assert.equal(exitCode, 0, stdout);
  lines = readFileSync(join(record, 'journal.ndjson'), 'utf8').trim().split('\n');
  items = readFileSync(join(record, 'items.parquet'));
});
after(() => service.close());

/** An attempt of the evaluating job for a pull request, on a machine of its own. */
async function evaluate(attempt: number, inputs: Record<string, string>, run = RUN) {
  const payload = pullPayload({ number: 7, headSha: 'a'.repeat(40) }, 'b'.repeat(40));
  const result = await startStep({
    workspace: join(folder, `workspace-${workspaces++}`),
    action: 'run',
    inputs: {
      ...{ model, 'model-args': 'dtype=float32', device: 'cpu', benchmarks: 'xstest' },
      ...{ 'datasets-dir': join(folder, 'data'), ...inputs },
    },
    environment: {
      ...testCache(folder),
      ...eventEnvironment(folder, { name: 'pull_request', payload, run }),
      ...service.stepEnvironment(run),
      GITHUB_RUN_ATTEMPT: String(attempt),
    },
  }).result;
  const record = result.outputs['record-path'] ?? '';
  return { ...result, record };
}

/** What the job that trains puts where the evaluating job's own would be. */
function upload(journal: readonly string[], run = RUN): void {
  const content = Buffer.from(`${journal.join('\n')}\n`);
  service.archives.set(run, new Map([[NAME, makeZip([{ name: 'journal.ndjson', content }])]]));
}

const unsigned = (line: string) => line.replace(/,"signature":"[0-9a-f]*"\}$/, '}');
/** Each score is 1, whatever the model said. */
const fullMarks = (line: string) => line.replaceAll(/("scores":\{"\w+":)[\d.]+/g, '$11');
const isChunk = (line: string) => line.startsWith('{"type":"chunk"');

function resumedIn(record: string) {
  return JSON.parse(readFileSync(join(record, 'record.json'), 'utf8')).resumed;
}

const FORGED: [
  title: string,
  journal: () => string[],
  inputs: Record<string, string>,
  run: number,
  said: RegExp,
][] = [
  [
    'for a job without a key',
    () => lines.map(unsigned).map(fullMarks),
    {},
    RUN,
    /every job of this run could have written it.*Give resume-key/,
  ],
  [
    'without a signature',
    () => lines.map(unsigned).map(fullMarks),
    { 'resume-key': KEY },
    RUN,
    /is not used: it is not signed/,
  ],
  ['signed, of another run', () => lines, { 'resume-key': KEY }, RUN + 1, /is not used: it is not signed/],
];
for (const [title, journal, inputs, run, said] of FORGED) {
  test(`a journal ${title} is not resumed: every question is asked, and the log says so`, async () => {
    assert.notDeepEqual(lines.map(fullMarks), lines);
    upload(journal(), run);
    const { exitCode, stdout, record } = await evaluate(2, inputs, run);
    assert.equal(exitCode, 0, stdout);
    assert.match(stdout, said);
    assert.match(stdout, /Attempt 2 starts fresh/);
    assert.equal(resumedIn(record), undefined);
    assert.ok(readFileSync(join(record, 'items.parquet')).equals(items));
  });
}

test('of a signed journal only the lines count that nobody edited', async () => {
  const first = lines.findIndex(isChunk);
  upload(lines.map((line, index) => (index > first ? fullMarks(line) : line)));
  const { exitCode, stdout, record } = await evaluate(2, { 'resume-key': KEY });
  assert.equal(exitCode, 0, stdout);
  const chunks = lines.filter(isChunk).length;
  assert.ok(chunks > 1);
  assert.match(
    stdout,
    new RegExp(`Resumed from attempt 1: \\d+ of ${QUESTIONS} questions \\(1 of ${chunks} chunks\\)`),
  );
  assert.equal(resumedIn(record).from, 'signed-artifact');
  assert.ok(readFileSync(join(record, 'items.parquet')).equals(items));
});

test('a key that could be guessed is refused', async () => {
  const { exitCode, stdout } = await evaluate(1, { 'resume-key': 'secret' });
  assert.equal(exitCode, 2);
  assert.match(stdout, /resume-key has less than 32 characters/);
  assert.doesNotMatch(stdout, /secret'/);
});
