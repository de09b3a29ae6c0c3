/** What a run leaves on a machine that others use too, and what its children get to see. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startCli, testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endAfterTests } from '../support/process.ts';
import { testPython } from '../support/python.ts';

const folder = temporaryFolder();
const data = join(folder, 'data');
writeQuestions(data, 'xstest/test', xstestQuestions(24));
const model = await makeTinyModel(await testPython(), join(folder, 'tiny'));
const [temporary, home, output] = ['tmp', 'home', 'output'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
for (const path of [temporary, home]) mkdirSync(path);

/** What runners and users have in their environment. */
const SECRETS: Record<string, string> = {
  GITHUB_TOKEN: 'ghs_secret-of-the-job',
  HF_TOKEN: 'hf_secret-of-the-hub',
  OPENAI_API_KEY: 'sk-secret-of-a-judge',
  AWS_SECRET_ACCESS_KEY: 'aws-secret',
  ACTIONS_RUNTIME_TOKEN: 'secret-of-the-artifacts',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret-of-oidc',
  'INPUT_HF-TOKEN': 'secret-of-an-input',
  SSH_AUTH_SOCK: '/secret/agent.sock',
  TORCH_AUTH_TOKEN: 'secret-behind-a-passed-prefix',
};
const values = Object.values(SECRETS);
const run = startCli(
  [
    ['run', '--model', model, '--model-args', 'dtype=float32', '--datasets-dir', data],
    ['--benchmarks', 'xstest', '--devices', 'cpu:2', '--output', output],
  ].flat(),
  {
    environment: {
      ...testCache(folder),
      ...SECRETS,
      TMPDIR: temporary,
      HOME: home,
      XDG_CACHE_HOME: join(home, '.cache'),
    },
    // Usual on servers: everybody may read what does not say otherwise.
    before: 'umask 022;',
  },
);
endAfterTests([run]);

/** Environments of workers, and command lines of all that was started, while it ran. */
const environments = new Map<number, string>();
const commands = new Set<string>();
let ended = false;
const result = run.result.finally(() => {
  ended = true;
});
while (!ended) {
  for (const { pid, command } of run.descendants()) {
    commands.add(command);
    if (!/launch\.py sosbench_worker\s*$/.test(command)) continue;
    try {
      environments.set(pid, readFileSync(`/proc/${pid}/environ`, 'utf8'));
    } catch {
      // It has ended meanwhile.
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
}
const { exitCode, stdout, stderr } = await result;
assert.equal(exitCode, 0, stderr);

test('nothing is left in the temporary folder', () => {
  assert.deepEqual(readdirSync(temporary, { recursive: true }), []);
});

test('the home folder holds nothing new but caches', () => {
  assert.deepEqual(
    readdirSync(home).filter((name) => name !== '.cache'),
    [],
  );
});

test('what a run writes is private to its user, whatever the umask', () => {
  const open: string[] = [];
  for (const entry of ['.', ...(readdirSync(output, { recursive: true }) as string[])]) {
    const { mode } = statSync(join(output, entry));
    if ((mode & 0o077) !== 0) open.push(`${entry} ${(mode & 0o777).toString(8)}`);
  }
  assert.deepEqual(open, []);
});

test('workers get what Python and the device need, and no secret', () => {
  assert.equal(environments.size, 2);
  for (const environment of environments.values()) {
    for (const [name, value] of Object.entries(SECRETS)) {
      assert.ok(!environment.includes(value), `the value of ${name}`);
      assert.ok(!environment.includes(`${name}=`), name);
    }
    assert.match(environment, /(^|\0)PATH=/);
    assert.match(environment, /\0HF_HUB_OFFLINE=1\0/);
  }
});

test('no secret is in a command line, in what is printed, or in a file', () => {
  assert.ok(commands.size >= 2);
  const look = (where: string, text: string) => {
    for (const secret of values) assert.ok(!text.includes(secret), `${secret} is in ${where}`);
  };
  look('command lines', [...commands].join('\n'));
  look('stdout', stdout);
  look('stderr', stderr);
  for (const root of [output, home, join(folder, 'cache', 'datasets')])
    for (const path of filesIn(root)) look(path, readFileSync(path, 'latin1'));
});

/** All files in a folder; links are not followed. */
function filesIn(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
    const path = join(root, entry.name);
    return entry.isDirectory() ? filesIn(path) : entry.isFile() ? [path] : [];
  });
}

test('no lock, no lease and no half-written file is left', () => {
  const left = readdirSync(output, { recursive: true }) as string[];
  assert.deepEqual(
    left.filter((name) => /\.lock|\.tmp$|\.removing/.test(name)),
    [],
  );
  const users = join(folder, 'cache', 'python');
  const leases = (readdirSync(users) as string[]).filter((name) => name.endsWith('.users'));
  for (const name of leases)
    assert.deepEqual(
      readdirSync(join(users, name)).filter((holder) => holder.endsWith(`-${run.pid}`)),
      [],
    );
  assert.ok(existsSync(join(output, 'record.json')));
});
