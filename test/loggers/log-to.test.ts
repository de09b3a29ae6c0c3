/** A logger's process, whatever becomes of it: the real one on the machine's Python, with fake libraries where the real ones would be. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { makeLogDocument } from '../../src/loggers/document.ts';
import { type LogMeans, logTo } from '../../src/loggers/log-to.ts';
import { parseLogTarget } from '../../src/loggers/target.ts';
import { summarise } from '../../src/verdict/summary.ts';
import { HALF, of } from '../support/comparisons.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';

const folder = temporaryFolder();
const record = of('pr', { bbq: { scores: HALF } });
const document = makeLogDocument({
  ...{ summary: summarise(record), verdict: null, record: record.record, version: '1', series: [] },
  ...{ pull: null, isClaim: false, run: null, history: [], now: new Date() },
});
const KEY = 'fake-key-of-wandb-0123456789';

/** Itself, and no launcher of it that takes half a second. */
const { stdout: python } = await execa('python3', ['-c', 'import sys; print(sys.executable)']);
let made = 0;

/** Logs by a fake library `wandb` of this code. */
function log(
  code: string | null,
  { text = 'wandb:evals', ...more }: Partial<LogMeans> & { text?: string } = {},
) {
  const packages = join(folder, `packages-${++made}`);
  mkdirSync(packages);
  if (code !== null) writeFileSync(join(packages, 'wandb.py'), code);
  const target = parseLogTarget(text);
  assert.ok(typeof target !== 'string');
  return logTo(target, document, {
    ...{ python, cwd: folder, cache: join(folder, 'cache'), folder, note: assert.fail },
    environment: {
      ...{ PATH: process.env.PATH, HOME: folder, PYTHONPATH: packages, WANDB_API_KEY: KEY },
      ...{ WANDB_MODE: 'offline', MLFLOW_TRACKING_TOKEN: 'of-another', HF_TOKEN: 'of-another' },
      ...{ GITHUB_TOKEN: 'of-another', INPUT_X: 'of-another', OPENAI_API_KEY: 'of-another' },
    },
    ...more,
  });
}

const SETTINGS = 'class Settings:\n  def __init__(self, **all): self.all = all\n';
const TABLE = 'class Table:\n  def __init__(self, columns, data): self.rows = data\n';
/** Takes what it is given, and keeps it in a file. */
const FAKE = `
import json, os
print("wandb: a line that a library prints")
${SETTINGS}${TABLE}
class Run:
  url, dir, summary = "https://wandb.example.com/run", "/x/files", {}
  def define_metric(self, *all, **more): pass
  def log(self, row): self.row = row
  def finish(self):
    with open(os.path.join(os.environ["HOME"], "seen.json"), "w") as file:
      json.dump({"row": {k: v for k, v in self.row.items() if not isinstance(v, Table)}, "environment": dict(os.environ), "said": said, "settings": said["settings"].all, "summary": self.summary}, file, default=str)
def init(**all):
  global said
  said = all
  return Run()
def teardown(): pass
`;

test('a logger that works: its answer, whatever its library prints; it gets its own variables and no other key', async () => {
  assert.deepEqual(await log(FAKE), { where: 'https://wandb.example.com/run', note: null });
  const { default: seen } = await import(join(folder, 'seen.json'), { with: { type: 'json' } });
  assert.deepEqual([seen.environment.WANDB_API_KEY, seen.environment.WANDB_MODE], [KEY, 'offline']);
  assert.doesNotMatch(JSON.stringify(seen.environment), /of-another/);
  assert.equal(seen.row['sos-bench/bbq/score'], 0.5);
  assert.equal(seen.summary['sos-bench/verdict'], 'no-baseline');
  assert.deepEqual([seen.said.project, seen.said.entity, seen.said.group], ['evals', null, document.series]);
  const { disable_git, disable_code, x_disable_meta, save_code, console } = seen.settings;
  assert.deepEqual(
    [disable_git, disable_code, x_disable_meta, save_code, console],
    [true, true, true, false, 'off'],
  );
});

test('a secret that the repository does not have is none, and garbles no words', async () => {
  const environment = { PATH: process.env.PATH, HOME: folder, WANDB_API_KEY: '' };
  const says = (PYTHONPATH: string) => ({ environment: { ...environment, PYTHONPATH } });
  const packages = join(folder, 'empty-key');
  mkdirSync(packages);
  writeFileSync(
    join(packages, 'wandb.py'),
    `import os\n${SETTINGS}def init(**all):\n  raise ValueError("key: " + str(os.environ.get("WANDB_API_KEY")))\n`,
  );
  const error = await rejectsWith(() => log(null, says(packages)), 'logger-failed');
  assert.match(error.message, /: ValueError: key: None$/);
});

test('folders of its variables count from where the caller is, not from where its process starts', async () => {
  const environment = { PATH: process.env.PATH, HOME: folder, WANDB_DIR: 'runs', WANDB_CACHE_DIR: '~/kept' };
  const packages = join(folder, 'relative');
  mkdirSync(packages);
  writeFileSync(join(packages, 'wandb.py'), FAKE);
  await log(null, { environment: { ...environment, PYTHONPATH: packages } });
  const seen = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8'));
  assert.deepEqual([seen.said.dir, seen.environment.WANDB_CACHE_DIR], [join(folder, 'runs'), '~/kept']);
});

test('what TensorBoard shows as Markdown has no markup of a name', async () => {
  const hostile = 'a\\|b ![x](http://example.com/x.png) <img src=x> `c`';
  const code = 'import sys; from sosbench_loggers.to_tensorboard import cell; print(cell(sys.argv[1]))';
  const worker = join(import.meta.dirname, '..', '..', 'worker');
  const { stdout } = await execa(python, ['-c', code, hostile], { env: { PYTHONPATH: worker } });
  assert.equal(stdout, 'a\\\\\\|b !\\[x\\](http://example.com/x.png) &lt;img src=x> \\`c\\`');
});

test('MLflow gets the keys of the Databricks and the S3 that it writes to, no file of them, and repeats none', async () => {
  const packages = join(folder, 'mlflow');
  mkdirSync(packages);
  writeFileSync(
    join(packages, 'mlflow.py'),
    `import json, os
with open(os.path.join(os.environ["HOME"], "seen-mlflow.json"), "w") as file: json.dump(dict(os.environ), file)
raise RuntimeError(os.environ["DATABRICKS_TOKEN"] + " " + os.environ["AWS_SECRET_ACCESS_KEY"])
`,
  );
  const own = {
    ...{ DATABRICKS_HOST: 'https://example.org', DATABRICKS_TOKEN: 'fake-databricks-0123456789' },
    ...{ AWS_ACCESS_KEY_ID: 'fake-id-0123456789', AWS_SECRET_ACCESS_KEY: 'fake-secret-0123456789' },
  };
  const others = { AWS_CONFIG_FILE: 'of-another', DATABRICKS_CONFIG_FILE: 'of-another', WANDB_API_KEY: KEY };
  const environment = { PATH: process.env.PATH, HOME: folder, PYTHONPATH: packages, ...own, ...others };
  const error = await rejectsWith(
    () => log(null, { text: 'mlflow:databricks', environment }),
    'logger-failed',
  );
  assert.match(error.message, /RuntimeError: \[redacted\] \[redacted\]$/);
  const seen = JSON.parse(readFileSync(join(folder, 'seen-mlflow.json'), 'utf8'));
  assert.deepEqual({ ...seen, ...own }, seen);
  assert.ok(Object.keys(others).every((name) => !(name in seen)));
});

describe('a logger that fails is an error of one line with what to do', () => {
  const raises = (error: string) => `${SETTINGS}${TABLE}def init(**all):\n  ${error}\n`;
  const CASES: [what: string, code: string | null, says: RegExp, hint: RegExp][] = [
    [
      'without credentials',
      raises('raise ValueError("No API key configured. Use wandb login to log in.")'),
      /logging to wandb:evals failed: ValueError: No API key configured/,
      /WANDB_API_KEY.*wandb login.*WANDB_MODE=offline/,
    ],
    [
      'with a project that refuses',
      raises('raise RuntimeError("permission denied (403)\\n  in two lines")'),
      /RuntimeError: permission denied \(403\) in two lines$/,
      /WANDB_API_KEY/,
    ],
    [
      'that repeats the key',
      raises('import os; raise RuntimeError("bad key " + os.environ["WANDB_API_KEY"])'),
      /bad key \[redacted\]$/,
      /WANDB_API_KEY/,
    ],
    ['whose library is missing', null, /python3?[\d.]* has no wandb$/, /-m pip install wandb/],
    ['whose library is broken', 'import not_there_either', /ModuleNotFoundError.*not_there_either/, /WANDB/],
    [
      'that is killed',
      'import os, signal; os.kill(os.getpid(), signal.SIGKILL)',
      /its process ended/,
      /WANDB/,
    ],
    [
      'that says success and nothing else',
      'import os; os._exit(0)',
      /logging to wandb:evals failed: its process ended$/,
      /WANDB/,
    ],
    [
      'whose words end in the middle of the key',
      raises('import os; raise RuntimeError("x" * 270 + " " + os.environ["WANDB_API_KEY"])'),
      /x \[redact/,
      /WANDB_API_KEY/,
    ],
    [
      'that prints without an end',
      'import sys\nwhile True: sys.stderr.write("x" * 9999 + "\\n")',
      /it printed more than 4 MB and was ended$/,
      /WANDB/,
    ],
    [
      'that is switched off',
      FAKE.replace('class Run:', 'class Run:\n  disabled = True'),
      /W&B is switched off here \(WANDB_MODE=disabled\)/,
      /WANDB/,
    ],
  ];
  for (const [what, code, says, hint] of CASES)
    test(what, async () => {
      const error = await rejectsWith(() => log(code), 'logger-failed');
      assert.match(error.message, says);
      assert.match(error.hint ?? '', hint);
      assert.doesNotMatch(error.message + error.hint, new RegExp(KEY.slice(0, 12)));
    });

  test('a Python that is none', async () => {
    await rejectsWith(() => log(FAKE, { python: './no-python' }), 'python-missing', './no-python');
  });
});

describe('a logger that waits for a network that is not there', () => {
  const WAITS =
    'import os, time\nopen(os.path.join(os.environ["HOME"], "waits"), "w").close()\ntime.sleep(600)\n';

  test('is ended after its time, with what to do', async () => {
    const error = await rejectsWith(
      () => log(WAITS, { timeout: 1500 }),
      'logger-failed',
      'did not end within 2 s',
    );
    assert.match(error.hint ?? '', /WANDB_MODE=offline/);
  });
  test('is ended with the run that waits for it', async () => {
    const waits = join(temporaryFolder(), 'home');
    mkdirSync(waits);
    const controller = new AbortController();
    const environment = { PATH: process.env.PATH, HOME: waits, PYTHONPATH: '' };
    const packages = join(folder, 'waiting');
    mkdirSync(packages);
    writeFileSync(join(packages, 'wandb.py'), WAITS);
    const logging = rejectsWith(
      () => log(null, { signal: controller.signal, environment: { ...environment, PYTHONPATH: packages } }),
      'interrupted',
    );
    while (!existsSync(join(waits, 'waits'))) await sleep(20);
    controller.abort();
    await logging;
  });
});
