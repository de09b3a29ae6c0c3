/**
 * The real loggers, each in its own environment by its lock (built once, kept in the cache): one comparison by the command line, read back with
 * each library's own reader; a real MLflow server; and what becomes of a logger that is not let in, finds no network, or is killed.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { type LogDocument, makeLogDocument } from '../../src/loggers/document.ts';
import { loggerEnvironment } from '../../src/loggers/environment.ts';
import { type LogMeans, logTo } from '../../src/loggers/log-to.ts';
import { type Logger, parseLogTarget } from '../../src/loggers/target.ts';
import { readRecord } from '../../src/record/read.ts';
import { writeRecord } from '../../src/record/write.ts';
import { cacheRoot } from '../../src/system/paths.ts';
import { managedPython } from '../../src/system/python/managed.ts';
import { compare } from '../../src/verdict/compare.ts';
import { DEFAULT_POLICY } from '../../src/verdict/policy.ts';
import type { Verdict } from '../../src/verdict/schema.ts';
import { summarise } from '../../src/verdict/summary.ts';
import { startCli } from '../support/cli.ts';
import { HALF, after as lost } from '../support/comparisons.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endAfterTests, type RunningProcess, startProcess } from '../support/process.ts';
import { testPython } from '../support/python.ts';
import { makeRecord } from '../support/records.ts';
import { rejectsWith } from '../support/reject.ts';

const folder = temporaryFolder();
const cache = cacheRoot(process.env);
const main = makeRecord({ model: 'main', benchmarks: { bbq: { scores: HALF } } });
const worse = makeRecord({ model: 'pr', benchmarks: { bbq: { scores: lost(300, 20) } } });
const finished = Date.parse(worse.record.finished!) / 1000;
const earlier = finished - 86_400;

/** With a commit of main before. */
const document: LogDocument = makeLogDocument({
  summary: summarise(worse),
  verdict: compare(main, worse, { policy: DEFAULT_POLICY }),
  record: worse.record,
  history: [{ created: new Date(earlier * 1000).toISOString(), scores: { wk: 0.25, if: null, safety: 0.5 } }],
  ...{ version: '1.2.3', series: ['pr-7'], pull: 7, isClaim: false, run: null, now: new Date() },
});

/** What every machine has, and nothing that names a server or an account. */
const plain = { PATH: process.env.PATH, HOME: folder, TRACKIO_DIR: join(folder, 'trackio') };
const KEY = '0123456789abcdef'.repeat(3).slice(0, 40);

async function log(text: string, { environment, ...more }: Partial<LogMeans> = {}) {
  const target = parseLogTarget(text);
  assert.ok(typeof target !== 'string');
  return await logTo(target, document, {
    ...{ python: 'managed', cwd: folder, cache, folder, note: () => undefined },
    environment: { ...plain, ...environment },
    ...more,
  });
}

async function pythonOf(logger: Logger): Promise<string> {
  const spec = loggerEnvironment(logger);
  return await managedPython({ cache, environment: process.env, spec, note: () => undefined });
}

/** What a library's own reader finds. */
// biome-ignore lint/suspicious/noExplicitAny: what it prints is looked at field by field
async function read(logger: Logger, where: string, name = ''): Promise<any> {
  const script = join(import.meta.dirname, '..', 'support', 'read_logged.py');
  const variables = { ...plain, MLFLOW_ALLOW_FILE_STORE: 'true', MLFLOW_DISABLE_TELEMETRY: 'true' };
  const { stdout } = await execa(await pythonOf(logger), [script, logger, where, name], {
    ...{ env: variables, extendEnv: false },
  });
  return JSON.parse(stdout);
}

const close = (found: unknown, expected: number) =>
  assert.ok(Math.abs(Number(found) - expected) < 1e-6, `${found} is not ${expected}`);

describe('one comparison on the command line, logged to five', () => {
  const texts = [
    'wandb:team/evals',
    'trackio:evals',
    'tensorboard:tb',
    'mlflow:sqlite:///runs.db',
    'mlflow:./runs',
  ];
  let stderr = '';

  before(async () => {
    await writeRecord(join(folder, 'main'), main.record, main.items);
    await writeRecord(join(folder, 'pr'), worse.record, worse.items);
    const words = ['compare', '--baseline', 'main', '--candidate', 'pr', '--json', '--log', texts.join()];
    const environment = { ...plain, PATH: plain.PATH ?? '', WANDB_MODE: 'offline', SOS_BENCH_CACHE: cache };
    const said = await startCli(words, { cwd: folder, environment }).result;
    stderr = said.stderr;
    assert.equal(said.exitCode, 1, said.stderr);
    const verdict: Verdict = JSON.parse(said.stdout);
    assert.deepEqual([verdict.verdict, verdict.passed], ['regressed', false]);
  });

  test('each says where', () => {
    for (const text of texts) assert.ok(stderr.includes(`Logged to ${text}: `), stderr);
    assert.doesNotMatch(stderr, /warning/);
  });

  test('W&B: the run file of an offline run', async () => {
    const [name] = readdirSync(join(folder, 'wandb')).filter((one) => one.startsWith('offline-run-'));
    const { run, config, summary, history, environment, exit } = await read(
      'wandb',
      join(folder, 'wandb', name!),
    );
    const { branch } = worse.record;
    assert.deepEqual(run, {
      ...{ project: 'evals', entity: 'team', group: branch, job: 'sos-bench' },
      name: `${branch} ${worse.record.commit?.slice(0, 7)}`,
    });
    assert.equal(config.commit, worse.record.commit);
    assert.equal(summary['sos-bench/verdict'], 'regressed');
    assert.deepEqual([summary['sos-bench/bbq/lost'], summary['sos-bench/bbq/gained']], [300, 20]);
    close(summary['sos-bench/safety/delta'], -0.28);
    assert.deepEqual(
      history.map((row: Record<string, unknown>) => [row['sos-bench/time'], row._timestamp]),
      [[finished, finished]],
    );
    assert.equal(history[0]['sos-bench/benchmarks/nrows'], 1);
    // Nothing of the machine: no host, no user, no program, no git.
    assert.deepEqual([environment, exit], [[], 0]);
    const files = readdirSync(join(folder, 'wandb', name!), { recursive: true, encoding: 'utf8' });
    assert.doesNotMatch(files.join('\n'), /requirements\.txt|wandb-metadata\.json|diff\.patch/);
  });

  test('trackio: its database', async () => {
    const { runs, logs, config } = await read('trackio', '', 'evals');
    assert.equal(runs.length, 1);
    close(logs[0].at(-1)['sos-bench/safety/score'], 0.22);
    assert.equal(config['sos-bench/verdict'], 'regressed');
    assert.match(JSON.stringify(logs[0].at(-1)['sos-bench/benchmarks']), /"lost": ?300/);
  });

  test('TensorBoard: its events', async () => {
    const { scalars, texts: shown } = await read('tensorboard', join(folder, 'tb', worse.record.branch!));
    const [step, time, value] = scalars['sos-bench/safety/score'][0];
    assert.deepEqual([step, time], [finished, finished]);
    close(value, 0.22);
    assert.match(shown['sos-bench/run'], /\| sos-bench\/verdict \| regressed \|/);
    assert.match(shown['sos-bench/benchmarks'], /\| bbq \| regressed \|.*\| 20 \| 300 \| 1000 \|/);
  });

  for (const uri of ['sqlite', 'file']) {
    test(`MLflow: its ${uri} store`, async () => {
      const path = join(folder, uri === 'sqlite' ? 'runs.db' : 'runs');
      const { runs } = await read(
        'mlflow',
        uri === 'sqlite' ? `sqlite:///${path}` : `file://${path}`,
        'sos-bench',
      );
      assert.equal(runs.length, 1);
      assertRun(runs[0]);
    });
  }
});

// biome-ignore lint/suspicious/noExplicitAny: as the reader prints it
function assertRun({ status, metrics, params, tags, artifacts }: any): void {
  assert.equal(status, 'FINISHED');
  assert.deepEqual([metrics['sos-bench/bbq/lost'], metrics['sos-bench/passed']], [300, 0]);
  close(metrics['sos-bench/safety/delta'], -0.28);
  assert.equal(params.commit, worse.record.commit);
  assert.equal(tags['sos-bench/verdict'], 'regressed');
  assert.deepEqual(artifacts, ['sos-bench/benchmarks.json']);
}

test('run logs the record that it leaves', async () => {
  const model = await makeTinyModel(await testPython(), join(folder, 'tiny'));
  const words = [
    ...['run', '--model', model, '--model-args', 'dtype=float32', '--device', 'cpu', '--suite', 'mini'],
    ...['--benchmarks', 'gpqa', '--stages', 'lm-eval', '--output', 'record', '--log', 'tensorboard:of-run'],
  ];
  const environment = { ...plain, PATH: plain.PATH ?? '', SOS_BENCH_CACHE: cache };
  const said = await startCli(words, { cwd: folder, environment }).result;
  assert.equal(said.exitCode, 0, said.stderr);
  const { record } = await readRecord(join(folder, 'record'));
  const { scalars } = await read('tensorboard', join(folder, 'of-run', 'tiny'));
  const [[step, , questions]] = scalars['sos-bench/gpqa/questions'];
  assert.deepEqual([step, questions], [Math.floor(Date.parse(record.finished!) / 1000), record.totals.items]);
  close(scalars['sos-bench/gpqa/score'][0][2], record.benchmarks.find(({ id }) => id === 'gpqa')!.mean!);
});

describe('a real MLflow server on loopback', () => {
  const servers: RunningProcess[] = [];
  endAfterTests(servers);
  let address: string;

  before(async () => {
    const [, version] = /mlflow-skinny==(\S+)/.exec(
      readFileSync(join(import.meta.dirname, '..', '..', 'worker', 'loggers', 'mlflow.in'), 'utf8'),
    )!;
    const program = process.env.SOS_BENCH_MLFLOW ?? (await installServer(version!));
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    const store = ['--backend-store-uri', `sqlite:///${join(folder, 'server.db')}`];
    const artifacts = ['--artifacts-destination', join(folder, 'server-artifacts')];
    const words = ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
    servers.push(
      startProcess([program, ...words, ...store, ...artifacts], {
        environment: {
          ...plain,
          PATH: plain.PATH ?? '',
          MLFLOW_DISABLE_TELEMETRY: 'true',
          // Half of what it would start.
          MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
        },
        cwd: folder,
      }),
    );
    const answers = async () => (await fetch(`${address}/health`).catch(() => null))?.ok ?? false;
    while (!(await answers())) await sleep(500);
  });

  test('takes scores, outcomes, main’s curve and the table', async () => {
    const { where, note } = await log(`mlflow:${address}#gate`);
    assert.equal(note, null);
    assert.match(where, new RegExp(`^${address}/#/experiments/\\d+/runs/[0-9a-f]+$`));
    const { runs } = await read('mlflow', address, 'gate');
    assertRun(runs[0]);
    assert.equal(runs[0].params.pull_request, '7');
    const point = (time: number, value: number) => [time, time * 1000, value];
    const { 'sos-bench/safety/score': own } = document.point.metrics;
    assert.deepEqual(runs[0].history, [point(earlier, 0.5), point(finished, own!)]);
  });
});

test('MLflow in Databricks, by a fake server of its interface: host, token, an experiment that is a path', async () => {
  const asked: { path: string; authorization: string | undefined; body: string }[] = [];
  const info = {
    run_id: 'r1',
    run_uuid: 'r1',
    experiment_id: '7',
    status: 'RUNNING',
    artifact_uri: 'dbfs:/x',
  };
  const ANSWERS: Record<string, object> = {
    'experiments/create': { experiment_id: '7' },
    'runs/create': { run: { info, data: {} } },
    'runs/get': { run: { info, data: {} } },
    'runs/log-batch': {},
    'runs/update': { run_info: { ...info, status: 'FINISHED' } },
  };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const path = request.url!.replace(/\?.*/, '').replace('/api/2.0/mlflow/', '');
    asked.push({ path, authorization: request.headers.authorization, body });
    const answer = ANSWERS[path];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'none' }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const environment = { DATABRICKS_HOST: `http://127.0.0.1:${port}`, DATABRICKS_TOKEN: KEY };
  try {
    const { where, note } = await log('mlflow:databricks#/Users/me@example.org/evals', { environment });
    assert.equal(where, 'databricks, run r1');
    assert.match(note ?? '', /the table of benchmarks is no artifact of the run/);
    assert.doesNotMatch(note ?? '', new RegExp(KEY));
    const of = (path: string) => asked.filter((one) => one.path === path);
    assert.equal(JSON.parse(of('experiments/create')[0]!.body).name, '/Users/me@example.org/evals');
    assert.match(
      of('runs/log-batch')
        .map(({ body }) => body)
        .join(),
      /sos-bench\/safety\/delta/,
    );
    assert.match(of('runs/update')[0]!.body, /FINISHED/);
    for (const path of Object.keys(ANSWERS)) assert.equal(of(path)[0]!.authorization, `Bearer ${KEY}`, path);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

async function installServer(version: string): Promise<string> {
  const home = join(folder, 'mlflow');
  await execa('python3', ['-m', 'venv', home]);
  const python = join(home, 'bin', 'python');
  await execa(python, ['-m', 'pip', 'install', '--quiet', `mlflow==${version}`]);
  return python;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

describe('a real logger that cannot log', () => {
  test('W&B without credentials', async () => {
    const error = await rejectsWith(() => log('wandb:evals'), 'logger-failed', /API key|api_key|log ?in/i);
    assert.match(error.hint ?? '', /WANDB_API_KEY/);
  });

  test('W&B whose server refuses the project; the key is in no message', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(403, { 'content-type': 'application/json' });
      response.end('{"errors":[{"message":"permission denied"}]}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const environment = { WANDB_API_KEY: KEY, WANDB_BASE_URL: `http://127.0.0.1:${port}` };
    try {
      const error = await rejectsWith(() => log('wandb:evals', { environment }), 'logger-failed');
      assert.doesNotMatch(`${error.message}${error.hint}`, new RegExp(KEY));
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test('W&B without a network: ended after its time', async () => {
    // Takes connections and never answers.
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const environment = { WANDB_API_KEY: KEY, WANDB_BASE_URL: `http://127.0.0.1:${port}` };
    try {
      await rejectsWith(() => log('wandb:evals', { environment, timeout: 20_000 }), 'logger-failed', '20 s');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test('trackio whose server is gone: what it keeps on this machine is not passed off as sent', async () => {
    const environment = {
      TRACKIO_SERVER_URL: `http://127.0.0.1:${await freePort()}`,
      TRACKIO_WRITE_TOKEN: KEY,
    };
    const error = await rejectsWith(() => log('trackio:gone', { environment }), 'logger-failed');
    assert.doesNotMatch(`${error.message}${error.hint}`, new RegExp(KEY));
  });

  test('MLflow whose server is gone', async () => {
    const environment = { MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0' };
    const text = `mlflow:http://127.0.0.1:${await freePort()}`;
    await rejectsWith(() => log(text, { environment }), 'logger-failed', /HTTPConnectionPool|refused/);
  });

  test('TensorBoard in a folder that is a file', async () => {
    const text = `tensorboard:${join(import.meta.dirname, 'loggers.test.ts')}`;
    await rejectsWith(() => log(text), 'logger-failed', /NotADirectoryError|FileExistsError/);
  });
});

describe('a logger that was killed half-way leaves nothing that breaks the next', () => {
  const home = join(folder, 'killed');
  const CASES: [text: string, begun: string, logger: Logger, where: string, name: string][] = [
    [`mlflow:sqlite:///${home}/killed.db`, 'killed.db', 'mlflow', `sqlite:///${home}/killed.db`, 'sos-bench'],
    ['trackio:killed', '../trackio/killed.db', 'trackio', '', 'killed'],
    ['wandb:killed', 'wandb/latest-run', 'wandb', '', ''],
  ];
  for (const [text, begun, logger, where, name] of CASES)
    test(text.split(':')[0]!, async () => {
      mkdirSync(home, { recursive: true });
      const environment = { WANDB_MODE: 'offline' };
      const controller = new AbortController();
      const killed = log(text, { environment, folder: home, signal: controller.signal }).catch(
        (error) => error,
      );
      while (!existsSync(join(home, begun))) await sleep(5);
      controller.abort();
      await killed;
      const { where: said } = await log(text, { environment, folder: home });
      const found = await read(logger, where === '' ? said.replace(/ \(offline.*/, '') : where, name);
      const shown = JSON.stringify(found);
      assert.ok(
        shown.includes('"sos-bench/bbq/lost": 300') || /"sos-bench\/bbq\/lost":300/.test(shown),
        shown,
      );
    });
});
