/** The reusable workflow on three runners: planned, one shard killed and run again alone, reported. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { mergeFolders } from '../../src/evaluate/merge.ts';
import { createClient } from '../../src/github/client.ts';
import { branchFiles, DEFAULT_BRANCH } from '../../src/history/backends/branch-files.ts';
import { recordBaseline } from '../../src/history/store/record-baseline.ts';
import { createStore } from '../../src/history/store/store.ts';
import { readRecord } from '../../src/record/read.ts';
import { unpackRunFolder } from '../../src/record/unpack.ts';
import { writeRecord } from '../../src/record/write.ts';
import {
  findAct,
  type JobResult,
  makeRepository,
  OWN_ACTION,
  readyWorkflow,
  runWorkflow,
} from '../support/act.ts';
import { runCli, testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { type EmulatedGitHub, startEmulator } from '../support/emulator.ts';
import { pullPayload } from '../support/events.ts';
import { writeArtifactActions } from '../support/fake-artifact-actions.ts';
import { type FakeArtifacts, startFakeArtifacts } from '../support/fake-artifacts.ts';
import { type FakeGitHub, startFakeGitHub } from '../support/fake-github-proxy.ts';
import { temporaryFolder } from '../support/folder.ts';
import { ONE_THREAD } from '../support/process.ts';
import { testPython } from '../support/python.ts';

const act = await findAct();
const RUN = 4711;

interface Workflow {
  jobs: Record<string, { needs?: unknown }>;
}

/** Kills the action of shard 2/3 once it has done a chunk, in the first attempt alone; else only starts the worker. */
const FATAL_LAUNCHER = `#!/bin/bash
action=$PPID
variables=$(tr '\\0' '\\n' < /proc/$action/environ)
if grep -qx INPUT_SHARD=2/3 <<< "$variables" && grep -qx GITHUB_RUN_ATTEMPT=1 <<< "$variables"; then
  temporary=$(sed -n s/^RUNNER_TEMP=//p <<< "$variables")
  (
    until grep -qs '^{"type":"chunk"' "$temporary"/sos-bench-*/record/journal.ndjson; do sleep 0.02; done
    kill -KILL $action
  ) < /dev/null > /dev/null 2>&1 &
fi
exec "$@"
`;

describe('the reusable workflow with three shards', {
  skip: act === null && 'neither act nor Go to build it with is here',
}, () => {
  const folder = temporaryFolder();
  const repository = join(folder, 'repository');
  const cache = testCache(folder);
  const whole = join(folder, 'whole');
  let github: EmulatedGitHub;
  let api: FakeGitHub;
  let service: FakeArtifacts;
  let pull: { number: number; headSha: string };
  let first: Map<string, JobResult>;
  let second: Map<string, JobResult>;

  before(async () => {
    github = await startEmulator();
    api = await startFakeGitHub(github.url);
    service = await startFakeArtifacts(api.url);
    service.jobs.set(RUN, [
      { name: 'sos-bench / shard 1/3', conclusion: 'success', labels: ['gpu'], runner_name: 'gpu-1' },
      { name: 'sos-bench / shard 2/3', conclusion: 'failure', labels: ['gpu'], runner_name: 'gpu-7' },
    ]);
    const model = await makeTinyModel(await testPython(), join(folder, 'model'), 4);
    const data = join(folder, 'data');
    writeQuestions(data, 'xstest/test', xstestQuestions(700));
    const settings = [
      ['--model-args', 'dtype=float32', '--device', 'cpu', '--datasets-dir', data],
      ['--benchmarks', 'xstest', '--output', whole],
    ].flat();
    const unsharded = await runCli(['run', '--model', model, ...settings], { environment: cache });
    assert.equal(unsharded.exitCode, 0, unsharded.stderr);

    const launcher = join(folder, 'launch.sh');
    const config = `model-args: { dtype: float32 }\ndevice: cpu\ndatasets-dir: ${data}\nbenchmarks: [xstest]\nlauncher: [bash, ${launcher}]\n`;
    await makeRepository(repository, {
      '.github/workflows/reusable.yml': reusable(),
      '.github/workflows/call.yml': callerOf('reusable.yml', model),
      '.github/workflows/again.yml': '',
      '.github/workflows/call-again.yml': callerOf('again.yml', model),
      '.github/workflows/lost.yml': loseReport(),
      '.github/workflows/call-lost.yml': callerOf('lost.yml', model),
      '.github/sos-bench.yml': config,
      '../launch.sh': FATAL_LAUNCHER,
    });
    await github.api('PUT', '/repos/octo/models/contents/.github/sos-bench.yml', {
      message: 'Settings',
      content: Buffer.from(config).toString('base64'),
      branch: 'main',
    });
    pull = await github.openPull('change');
    await recordPerfectBaseline();
    first = await run('call.yml', 1);
  });

  after(async () => {
    service.close();
    api.close();
    await github.close();
  });

  /** The ready file. This runner fills the outputs of a matrix in once, at its first job, so no digest arrives by them. */
  function reusable(): string {
    return readyWorkflow('reusable.yml').replace(/^ +record-digest: .*toJSON.*\n/gm, '');
  }

  function callerOf(name: string, model: string): string {
    return readyWorkflow('call-reusable.yml')
      .replace('ORG/ci/.github/workflows/reusable.yml@main', `./.github/workflows/${name}`)
      .replace(/with: \{ model: ".*?" \}/, `with: { model: "${model}", shards: 3 }`);
  }

  /** Main's model answered every question right. */
  async function recordPerfectBaseline(): Promise<void> {
    const { record, items } = await readRecord(whole);
    const facts = { sha: await github.tip(), branch: 'main', event: 'push' };
    const perfect = join(folder, 'perfect');
    await writeRecord(
      perfect,
      {
        ...record,
        ...{ commit: facts.sha, branch: facts.branch, event: facts.event },
        model: { ...record.model, digest: 'sha256:perfect' },
        benchmarks: record.benchmarks.map((benchmark) => ({ ...benchmark, mean: 1, stderr: 0 })),
      },
      items.map((item) => ({ ...item, score: 1 })),
    );
    const client = createClient({
      token: github.people.owner,
      repository: 'octo/models',
      apiUrl: github.url,
      second: 10,
    });
    const store = createStore(branchFiles(client, { branch: DEFAULT_BRANCH }));
    const { admission } = await recordBaseline(
      store,
      perfect,
      { ...facts, parents: null, repository: 'octo/models', run: null, created: new Date(), verdict: null },
      null,
    );
    assert.ok(admission.admitted, admission.reason ?? '');
  }

  async function run(workflow: string, attempt: number, runId = RUN): Promise<Map<string, JobResult>> {
    const { jobs } = await runWorkflow(act!, {
      repository,
      workflow: `.github/workflows/${workflow}`,
      cache: join(folder, 'act'),
      token: await github.appToken(),
      secrets: { SOS_BENCH_RESUME_KEY: 'k'.repeat(32) },
      event: {
        name: 'pull_request',
        runId,
        payload: pullPayload(pull, await github.tip()),
      },
      actions: {
        [OWN_ACTION]: join(repository, 'sos-bench'),
        ...writeArtifactActions(join(folder, 'actions')),
      },
      environment: {
        ...cache,
        ...ONE_THREAD,
        ...service.stepEnvironment(runId),
        GITHUB_API_URL: service.url,
        GITHUB_RUN_ATTEMPT: String(attempt),
      },
    });
    return jobs;
  }

  /**
   * The workflow as GitHub runs it for 'Re-run failed jobs': what succeeded is left out, and the others see its outputs of
   * before. (The runner used here can run no part of a called workflow.)
   */
  function rerunWorkflow(): string {
    const { outputs } = first.get('plan')!;
    const failed = (JSON.parse(outputs.matrix!) as { include: { shard: string }[] }).include.filter(
      ({ shard }) => shard === '2/3',
    );
    const known: Record<string, string> = {
      ...outputs,
      'plan-artifact': outputs['artifact-id']!,
      matrix: JSON.stringify({ include: failed }),
    };
    const told = (text: string) =>
      text
        .replaceAll(/needs\.plan\.outputs\.([\w-]+)/g, (_, name: string) => `'${known[name]}'`)
        .replaceAll('needs.plan.result', "'success'");
    const workflow = parse(reusable(), (_, value: unknown) =>
      typeof value === 'string' ? told(value) : value,
    ) as Workflow;
    delete workflow.jobs.open;
    delete workflow.jobs.plan;
    delete workflow.jobs.shard!.needs;
    workflow.jobs.report!.needs = ['shard'];
    return stringify(workflow);
  }

  /** The workflow where nothing is evaluated, and the machine of the reporting job goes before it has said anything. */
  function loseReport(): string {
    const workflow = parse(reusable()) as Workflow;
    delete workflow.jobs.plan;
    delete workflow.jobs.shard;
    Object.assign(workflow.jobs.report!, { needs: ['open'], steps: [{ run: 'kill -KILL $$' }] });
    return stringify(workflow);
  }

  async function unpack(artifact: string): Promise<string> {
    const path = join(folder, 'unpacked', artifact);
    await unpackRunFolder(service.archives.get(RUN)!.get(artifact)!, path);
    return path;
  }

  const checks = async () =>
    (
      await github.api<{
        check_runs: { id: number; conclusion: string | null; output: { title: string } }[];
      }>('GET', `/repos/octo/models/commits/${pull.headSha}/check-runs?filter=all`)
    ).check_runs
      .sort((a, b) => a.id - b.id)
      .map(({ conclusion, output }) => `${conclusion}: ${output.title}`);

  const comments = () =>
    github.api<{ body: string }[]>('GET', `/repos/octo/models/issues/${pull.number}/comments`);

  test('attempt 1: one plan for all, three shards of it, each with an artifact of this attempt', async () => {
    assert.equal(first.get('plan')?.result, 'success', first.get('plan')?.log);
    assert.match(first.get('plan')!.summary, /Shard .*\n.*1\/3 .*33\.5%/);
    assert.deepEqual([...service.archives.get(RUN)!.keys()].filter((name) => name.endsWith('-1')).sort(), [
      'sos-bench-plan-1',
      'sos-bench-record-1of3-1',
      'sos-bench-record-2of3-1',
      'sos-bench-record-3of3-1',
    ]);
    for (const index of [1, 3]) {
      const { record } = await readRecord(await unpack(`sos-bench-record-${index}of3-1`));
      assert.deepEqual(record.shard, { index, of: 3 });
      assert.equal(record.planHash, first.get('plan')!.outputs['plan-hash']);
      assert.equal(record.model.digest, first.get('plan')!.outputs['model-digest']);
    }
  });

  test('attempt 1: the shard that was killed is named, with what its job says; no verdict in the check that was opened', async () => {
    assert.match(first.get('open')!.log, /The check 'SOS-Bench' is open/);
    const { result, outputs, errors, log } = first.get('report')!;
    assert.equal(result, 'failure', log);
    assert.deepEqual(outputs, {});
    assert.match(
      errors[0]!.text,
      /^shards are missing: 2\/3 \(its job: failure on gpu-7; sos-bench-record-2of3-1 has no record\.json\) \[merge-refused\]/,
    );
    assert.deepEqual(await checks(), ['failure: Could not run']);
    assert.equal(first.get('conclude')?.result, 'success', first.get('conclude')?.log);
    assert.match(first.get('conclude')!.log, /The check needs nothing/);
    assert.deepEqual(await comments(), []);
  });

  test('attempt 2: that shard alone goes on from where it was killed', async () => {
    writeFileSync(join(repository, '.github', 'workflows', 'again.yml'), rerunWorkflow());
    second = await run('call-again.yml', 2);
    const { result, log } = second.get('shard')!;
    assert.equal(result, 'success', log);
    assert.match(log, /Resumed from attempt 1: \d+ of \d+ questions \(1 of 2 chunks\)/);
    const chunks = (path: string) =>
      readFileSync(join(path, 'journal.ndjson'), 'utf8').match(/^\{"type":"chunk","chunk":"[^"]+"/gm)!;
    const [before, after] = [
      await unpack('sos-bench-record-2of3-1'),
      await unpack('sos-bench-record-2of3-2'),
    ];
    assert.equal(chunks(before).length, 1);
    assert.equal(chunks(after).length, 2);
    assert.equal(chunks(after)[0], chunks(before)[0]);
  });

  test('attempt 2: all three are put together to what one run gives, and reported', async () => {
    const { result, outputs, log } = second.get('report')!;
    assert.equal(result, 'failure', log);
    assert.deepEqual([outputs.verdict, outputs.passed], ['regressed', 'false'], log);
    const fetched = service.requests.flatMap(
      (asked) => /^GET \/blobs\/\d+\/(.+)\.zip/.exec(asked)?.[1] ?? [],
    );
    assert.deepEqual(fetched.slice(-3).sort(), [
      'sos-bench-record-1of3-1',
      'sos-bench-record-2of3-2',
      'sos-bench-record-3of3-1',
    ]);
    const parts = ['1of3-1', '2of3-2', '3of3-1'].map((name) => unpack(`sos-bench-record-${name}`));
    const merged = join(folder, 'merged');
    await mergeFolders(await Promise.all(parts), merged);
    const items = (path: string) => readFileSync(join(path, 'items.parquet'));
    assert.ok(items(merged).equals(items(whole)));
    const [comment, other] = await comments();
    assert.equal(other, undefined);
    assert.match(comment!.body, /The model got worse/);
    assert.deepEqual(await checks(), ['failure: Could not run', 'failure: The model got worse']);
  });

  test('a run whose reporting job is lost: the check that was opened is concluded all the same', async () => {
    const jobs = await run('call-lost.yml', 1, RUN + 1);
    const results = Object.fromEntries([...jobs].map(([id, { result }]) => [id, result]));
    assert.deepEqual(results, { open: 'success', report: 'failure', conclude: 'success' });
    assert.match(jobs.get('conclude')!.log, /The check was still open: concluded/);
    assert.equal((await checks()).at(-1), 'failure: Ended without a verdict');
  });
});
