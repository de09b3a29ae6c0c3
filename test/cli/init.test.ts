/** `sos-bench init` in real repositories: what it finds out by itself, what it writes, and what it leaves alone. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import { execa } from 'execa';
import { findAction } from '../../src/cli/init/find-action.ts';
import { apiOf, repositoryOf } from '../../src/cli/init/find-repository.ts';
import { writeFiles } from '../../src/cli/init/write-files.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runMain } from '../support/runtime.ts';

const SHA = '0123456789abcdef0123456789abcdef01234567';
const ACTION = ['--action', `octo/sos-bench@${SHA}`];
const ENVIRONMENT = { PATH: process.env.PATH ?? '', HOME: temporaryFolder() };
const WORKFLOWS = '.github/workflows';

const git = (folder: string, ...args: string[]) =>
  execa('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.org', ...args], { cwd: folder });

/** A repository with these files. */
async function makeRepository({
  branch = 'main',
  remote,
  files = {},
}: {
  branch?: string;
  remote?: string;
  files?: Record<string, string>;
} = {}): Promise<string> {
  const folder = join(temporaryFolder(), 'a repository');
  mkdirSync(folder);
  await git(folder, 'init', '--quiet', `--initial-branch=${branch}`);
  if (remote !== undefined) await git(folder, 'remote', 'add', 'origin', remote);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

const init = (cwd: string, ...args: string[]) =>
  runMain(['init', ...ACTION, ...args], { cwd, environment: ENVIRONMENT });
const read = (folder: string, path: string) => readFileSync(join(folder, path), 'utf8');
const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes(`${folder}/.git/`))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.startsWith('.git/'))
    .sort();

describe('in a repository', () => {
  test('writes the files, names them, and ends with what is left to set', async () => {
    const folder = await makeRepository({ remote: 'git@github.com:octo/models.git' });
    const { exitCode, stdout, stderr } = await init(folder, '--bot');
    assert.deepEqual([exitCode, stderr], [0, '']);
    const names = ['sos-bench.yml', 'sos-bench-main.yml', 'sos-bench-bot.yml', 'sos-bench-on-demand.yml'];
    const paths = [...names.map((name) => `${WORKFLOWS}/${name}`), '.github/sos-bench.yml'];
    assert.deepEqual(filesOf(folder), [...paths].sort());
    assert.ok(stdout.startsWith(`Written:\n${paths.map((path) => `  ${path}\n`).join('')}\n`), stdout);
    assert.match(stdout, /main requires the check SOS-Bench/);
    assert.match(stdout, /'sos-bench doctor --repository octo\/models' looks at 2, /);
  });

  test('a second time: nothing is written, and nothing is in the way', async () => {
    const folder = await makeRepository();
    await init(folder);
    const before = filesOf(folder).map((path) => read(folder, path));
    const { exitCode, stdout } = await init(folder);
    assert.equal(exitCode, 0);
    assert.match(stdout, /^There already, as they would be:\n/);
    assert.deepEqual(
      filesOf(folder).map((path) => read(folder, path)),
      before,
    );
  });

  test('a second time with more wishes: what the first wrote is not said to train as well', async () => {
    const folder = await makeRepository();
    await init(folder, '--train', 'make model', '--model', 'out');
    const { exitCode, stdout } = await init(folder, '--nightly');
    assert.equal(exitCode, 0);
    assert.match(stdout, /^Written:\n {2}\.github\/workflows\/sos-bench-nightly\.yml\n\n/);
    assert.doesNotMatch(stdout, /trains as well/);
  });

  test('a second time in a checkout with the line ends of Windows', async () => {
    const folder = await makeRepository();
    await init(folder);
    for (const path of filesOf(folder))
      writeFileSync(join(folder, path), read(folder, path).replaceAll('\n', '\r\n'));
    const { exitCode, stdout } = await init(folder);
    assert.equal(exitCode, 0);
    assert.match(stdout, /^There already, as they would be:\n/);
  });

  test('a file of another content is in the way: named, and nothing at all is written', async () => {
    const path = `${WORKFLOWS}/sos-bench-main.yml`;
    const folder = await makeRepository({ files: { [path]: 'on: push\n' } });
    const { exitCode, stdout, stderr } = await init(folder, '--nightly');
    assert.deepEqual([exitCode, stdout], [2, '']);
    assert.match(
      stderr,
      /nothing is written: \.github\/workflows\/sos-bench-main\.yml is there already, with other content \[files-exist\]\nhint: /,
    );
    assert.deepEqual(filesOf(folder), [path]);
    assert.equal(read(folder, path), 'on: push\n');
  });

  test('a configuration that is there stays, and is said to', async () => {
    const folder = await makeRepository({ files: { '.github/sos-bench.yml': 'suite: full\n' } });
    const { exitCode, stdout } = await init(folder);
    assert.equal(exitCode, 0);
    assert.match(stdout, /There already, and left as they are:\n {2}\.github\/sos-bench\.yml/);
    assert.equal(read(folder, '.github/sos-bench.yml'), 'suite: full\n');
  });

  test('--dry-run prints the files, those that are in the way too, and writes none', async () => {
    const path = `${WORKFLOWS}/sos-bench.yml`;
    const folder = await makeRepository({ files: { [path]: 'on: push\n' } });
    const { exitCode, stdout } = await init(folder, '--dry-run');
    assert.equal(exitCode, 0);
    assert.match(stdout, /^==> \.github\/workflows\/sos-bench\.yml <==\n# Pull requests from branches/);
    assert.match(
      stdout,
      /In the way, since another file of that name is there:\n {2}\.github\/workflows\/sos-bench\.yml/,
    );
    assert.deepEqual(filesOf(folder), [path]);
  });

  test('--json says the same as one document', async () => {
    const folder = await makeRepository({ remote: 'https://github.com/octo/models' });
    const { stdout } = await init(folder, '--json', '--dry-run', '--forks');
    const { files, steps, repository, dryRun } = JSON.parse(stdout) as {
      files: { path: string; state: string; content: string }[];
      steps: { check: string | null; what: string; how: string }[];
      repository: string;
      dryRun: boolean;
    };
    assert.deepEqual([repository, dryRun], ['octo/models', true]);
    assert.ok(files.every(({ state, content }) => state === 'new' && content.length > 0));
    const checks = steps.map(({ check }) => check);
    for (const id of ['branch-rules', 'workflow-guard', 'workflow-permissions', 'runner-group forks'])
      assert.ok(checks.includes(id), id);
    assert.deepEqual(filesOf(folder), []);
  });

  test('a file that stands where a folder is to be: nothing is written', async () => {
    const folder = await makeRepository();
    mkdirSync(join(folder, '.github'));
    writeFileSync(join(folder, WORKFLOWS), 'a file');
    const { exitCode, stderr } = await init(folder);
    assert.equal(exitCode, 2);
    assert.match(stderr, /\[permission-denied\]/);
    assert.deepEqual(filesOf(folder), [WORKFLOWS]);
  });

  test('a write that fails: what was written before it is taken back, with the folders that are empty then', async () => {
    const root = await makeRepository({ files: { '.github/kept': '', '.github/there': 'a file' } });
    const file = (path: string) => ({ path, content: 'x', state: 'new' as const });
    const files = [file(`${WORKFLOWS}/a.yml`), file('.github/there/b.yml')];
    await assert.rejects(writeFiles(root, files, new AbortController().signal), {
      code: 'permission-denied',
    });
    assert.deepEqual(filesOf(root), ['.github/kept', '.github/there']);
    assert.ok(!existsSync(join(root, WORKFLOWS)));
  });

  test('a file that came while somebody was asked stays', async () => {
    const path = `${WORKFLOWS}/b.yml`;
    const root = await makeRepository({ files: { [path]: 'theirs' } });
    const files = ['a', 'b'].map((name) => ({
      path: `${WORKFLOWS}/${name}.yml`,
      content: 'ours',
      state: 'new' as const,
    }));
    await assert.rejects(writeFiles(root, files, new AbortController().signal), { code: 'files-exist' });
    assert.deepEqual(filesOf(root), [path]);
    assert.equal(read(root, path), 'theirs');
  });

  test('a link out of the repository is not followed', async () => {
    const folder = await makeRepository();
    const elsewhere = temporaryFolder();
    symlinkSync(elsewhere, join(folder, '.github'));
    const { exitCode, stderr } = await init(folder);
    assert.equal(exitCode, 2);
    assert.match(stderr, /\.github is a link, and GitHub follows none/);
    assert.deepEqual(readdirSync(elsewhere), []);
  });
});

describe('finds out by itself', () => {
  const PLACES: [string, Parameters<typeof makeRepository>[0], string][] = [
    ['a default branch that is not main', { branch: 'trunk' }, 'trunk'],
    ['master', { branch: 'master' }, 'master'],
  ];
  for (const [what, options, branch] of PLACES)
    test(what, async () => {
      const folder = await makeRepository(options);
      await init(folder);
      assert.match(read(folder, `${WORKFLOWS}/sos-bench-main.yml`), new RegExp(`branches: \\[${branch}\\]`));
    });

  test('the default branch of the remote, from a branch of work', async () => {
    const origin = await makeRepository({ branch: 'develop', files: { a: '1' } });
    await git(origin, 'add', '.');
    await git(origin, 'commit', '--quiet', '-m', 'start');
    const folder = join(temporaryFolder(), 'clone');
    await execa('git', ['clone', '--quiet', origin, folder]);
    await git(folder, 'switch', '--quiet', '--create', 'work');
    await init(folder);
    assert.match(read(folder, `${WORKFLOWS}/sos-bench-main.yml`), /branches: \[develop\]/);
  });

  test('the branch of a clone that has one branch of work alone: the default has to be named', async () => {
    const origin = await makeRepository({ branch: 'develop', files: { a: '1' } });
    await git(origin, 'add', '.');
    await git(origin, 'commit', '--quiet', '-m', 'start');
    await git(origin, 'branch', 'work');
    const folder = join(temporaryFolder(), 'clone');
    await execa('git', ['clone', '--quiet', '--single-branch', '--branch', 'work', origin, folder]);
    assert.match((await init(folder)).stderr, /the default branch is not known/);
  });

  test('the default branch of the remote, beside a branch here that is called like one there', async () => {
    const origin = await makeRepository({ branch: 'develop', files: { a: '1' } });
    await git(origin, 'add', '.');
    await git(origin, 'commit', '--quiet', '-m', 'start');
    const folder = join(temporaryFolder(), 'clone');
    await execa('git', ['clone', '--quiet', origin, folder]);
    await git(folder, 'branch', 'origin/develop');
    await init(folder);
    assert.match(read(folder, `${WORKFLOWS}/sos-bench-main.yml`), /branches: \[develop\]/);
  });

  test('main of the remote, where only a branch of work is here and none of either is checked out', async () => {
    const folder = await makeRepository({ branch: 'work', files: { a: '1' }, remote: '/srv/none' });
    await git(folder, 'add', '.');
    await git(folder, 'commit', '--quiet', '-m', 'start');
    await git(folder, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
    await git(folder, 'checkout', '--quiet', '--detach');
    await init(folder);
    assert.match(read(folder, `${WORKFLOWS}/sos-bench-main.yml`), /branches: \[main\]/);
  });

  test('a server that is not github.com: its API is named, and what it does not take', async () => {
    const folder = await makeRepository({ remote: 'git@ghe.example.org:octo/models.git' });
    const { stdout } = await init(folder, '--dry-run');
    assert.match(
      stdout,
      / 1\. ghe\.example\.org is not github\.com: a GitHub Enterprise Server takes no artifacts/,
    );
    assert.match(
      stdout,
      /With a token in GITHUB_TOKEN and GITHUB_API_URL=https:\/\/ghe\.example\.org\/api\/v3, 'sos-bench doctor/,
    );
  });

  test('an origin that may be a fork: the remote upstream is told, and no more once the repository is named', async () => {
    const folder = await makeRepository({ remote: 'git@github.com:me/models.git' });
    await git(folder, 'remote', 'add', 'upstream', 'https://user:secret@github.com/octo/models.git');
    const { stdout } = await init(folder, '--dry-run');
    assert.match(
      stdout,
      / 1\. These files are for me\/models; the remote upstream is octo\/models\n.*--repository octo\/models/,
    );
    assert.doesNotMatch(stdout, /secret@/);
    const named = await init(folder, '--dry-run', '--repository', 'octo/models');
    assert.doesNotMatch(named.stdout, /upstream/);
    assert.match(named.stdout, /doctor --repository octo\/models'/);
  });

  test('an upstream of the same repository is nothing to tell', async () => {
    const folder = await makeRepository({ remote: 'git@github.com:octo/models.git' });
    await git(folder, 'remote', 'add', 'upstream', 'https://github.com/Octo/models');
    assert.doesNotMatch((await init(folder, '--dry-run')).stdout, /upstream/);
  });

  test('forks do not reach a disk: what trains for them instead is said', async () => {
    const folder = await makeRepository({ remote: 'https://github.com/octo/models' });
    const flags = ['--model-from', 'disk', '--model', '/shared', '--train', 'make', '--forks'];
    const { stdout } = await init(folder, ...flags);
    assert.match(stdout, / 2\. '\.\/train\.sh --output model' trains the model of a fork/);
    assert.match(
      read(folder, `${WORKFLOWS}/sos-bench-fork-reusable.yml`),
      /run: \.\/train\.sh --output model\n/,
    );
  });

  test('a folder that has a line break in its name is refused, not cut', async () => {
    const folder = await makeRepository({ files: { 'a\nb/x': '' } });
    const { exitCode, stderr } = await init(join(folder, 'a\nb'));
    assert.equal(exitCode, 2);
    assert.match(stderr, /cannot stand in a workflow \[usage\]/);
    assert.deepEqual(filesOf(folder), ['a\nb/x']);
  });

  test('the inside of a repository is said to be one', async () => {
    const folder = await makeRepository();
    const { exitCode, stderr } = await init(join(folder, '.git'));
    assert.equal(exitCode, 2);
    assert.match(
      stderr,
      /is the inside of a git repository, which has no files \[usage\]\nhint: start it in a checkout/,
    );
  });

  test('several branches and no remote: it has to be named', async () => {
    const folder = await makeRepository({ branch: 'a', files: { x: '1' } });
    await git(folder, 'add', '.');
    await git(folder, 'commit', '--quiet', '-m', 'start');
    await git(folder, 'branch', 'b');
    const { exitCode, stderr } = await init(folder);
    assert.equal(exitCode, 2);
    assert.match(stderr, /the default branch is not known \[usage\]\nhint: give --branch NAME/);
  });

  test('a folder of a repository of several models: files at its root, training in the folder', async () => {
    const folder = await makeRepository({ files: { 'packages/my model/train.sh': '' } });
    const { exitCode } = await init(join(folder, 'packages/my model'));
    assert.equal(exitCode, 0);
    assert.match(read(folder, `${WORKFLOWS}/sos-bench.yml`), /working-directory: "packages\/my model"/);
  });

  test('a workflow that trains already: its command and folder are taken, and it is named', async () => {
    const training = `on: push
jobs:
  fit:
    steps:
      - run: make weights
      - uses: actions/upload-artifact@v4
        with: { name: weights, path: out/weights }
`;
    const folder = await makeRepository({ files: { [`${WORKFLOWS}/train.yml`]: training } });
    const { stdout } = await init(folder);
    assert.match(
      stdout,
      /1\. \.github\/workflows\/train\.yml trains as well: its job fit uploads the artifact weights/,
    );
    assert.match(read(folder, `${WORKFLOWS}/sos-bench.yml`), /run: make weights\n[\s\S]*path: out\/weights/);
  });

  test('no repository: nothing is written', async () => {
    const folder = temporaryFolder();
    const { exitCode, stderr } = await init(folder);
    assert.equal(exitCode, 2);
    assert.match(stderr, /is in no git repository \[usage\]\nhint: .*git init/);
    assert.deepEqual(readdirSync(folder), []);
  });

  test('forks without a remote: the repository has to be named', async () => {
    const folder = await makeRepository();
    assert.match((await init(folder, '--forks')).stderr, /--forks needs to know this repository/);
    assert.equal((await init(folder, '--forks', '--repository', 'octo/models')).exitCode, 0);
    assert.match(
      read(folder, `${WORKFLOWS}/sos-bench-fork-evaluate.yml`),
      /uses: octo\/models\/\.github\/workflows\/sos-bench-fork-reusable\.yml@main /,
    );
  });
});

describe('the repository of an address', () => {
  for (const [url, expected] of [
    ['https://github.com/octo/models.git', 'octo/models'],
    ['https://user:secret@github.example.org/octo/models', 'octo/models'],
    ['git@github.com:octo/models.git', 'octo/models'],
    ['ssh://git@github.com:22/octo/models/', 'octo/models'],
    ['github-work:octo/models.git', 'octo/models'],
    ['ssh.github.com:octo/models', 'octo/models'],
    ['C:/octo/models', null],
    ['C:octo/models', null],
    ['./a:octo/models', null],
    ['file:///octo/models', null],
    ['/srv/git/models.git', null],
    ['https://example.org/a/b/c', null],
    ['', null],
  ] as const)
    test(url || 'none', () => assert.equal(repositoryOf(url), expected));
});

describe('the API of an address', () => {
  for (const [url, expected] of [
    ['https://github.com/octo/models.git', null],
    ['ssh://git@ssh.github.com:443/octo/models', null],
    ['git@github-work:octo/models.git', null],
    ['git@github.com-work:octo/models.git', null],
    ['git@github.company.org:octo/models.git', 'https://github.company.org/api/v3'],
    ['https://user:secret@ghe.example.org:8443/octo/models', 'https://ghe.example.org/api/v3'],
    ['git@GHE.example.org:octo/models.git', 'https://ghe.example.org/api/v3'],
    ['https://octo.ghe.com/octo/models', 'https://api.octo.ghe.com'],
    ['ghe.example.org:octo/models.git', 'https://ghe.example.org/api/v3'],
    ['github-work:octo/models.git', null],
    ['ghe.example.d/models', null],
    ['/srv/git/models.git', null],
    ['', null],
  ] as const)
    test(url || 'none', () => assert.equal(apiOf(url), expected));
});

describe('the commit of this action', () => {
  const find = (root: string) => findAction({ environment: ENVIRONMENT }, root);

  test('as the package says', async () => {
    const root = temporaryFolder();
    writeFileSync(
      join(root, 'release.json'),
      JSON.stringify({ repository: 'octo/sos-bench', commit: SHA, version: '1.2.3' }),
    );
    assert.deepEqual(await find(root), { repository: 'octo/sos-bench', ref: SHA, version: 'v1.2.3' });
  });

  test('nothing, where the package does not say it or says no commit', async () => {
    const root = temporaryFolder();
    assert.equal(await find(root), null);
    writeFileSync(
      join(root, 'release.json'),
      JSON.stringify({ repository: 'octo/sos-bench', commit: 'main', version: '1.2.3' }),
    );
    assert.equal(await find(root), null);
  });

  test('of a checkout whose commit is on its remote; of no other, which nobody could find', async () => {
    const root = await makeRepository({ remote: 'https://github.com/octo/sos-bench', files: { a: '1' } });
    await git(root, 'add', '.');
    await git(root, 'commit', '--quiet', '-m', 'start');
    assert.equal(await find(root), null);
    await git(root, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
    const { stdout } = await git(root, 'rev-parse', 'HEAD');
    assert.deepEqual(await find(root), { repository: 'octo/sos-bench', ref: stdout, version: null });
    await git(root, 'tag', 'v1.2.3');
    assert.equal((await find(root))?.version, 'v1.2.3');
  });

  test("not of another's checkout that the package lies in", async () => {
    const root = await makeRepository({
      remote: 'https://github.com/octo/models',
      files: { 'node_modules/sos-bench/a': '1' },
    });
    await git(root, 'add', '.');
    await git(root, 'commit', '--quiet', '-m', 'start');
    await git(root, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
    assert.equal(await find(join(root, 'node_modules/sos-bench')), null);
  });
});

describe('on a terminal', () => {
  /** Types each answer once its question is there. */
  function person(answers: readonly [question: RegExp, ...keys: string[]][]) {
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
    const output = Object.assign(new PassThrough(), { isTTY: true, columns: 100, rows: 40 });
    let shown = '';
    const left = [...answers];
    output.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
      const [question, ...keys] = left[0] ?? [];
      if (question?.test(shown) !== true) return;
      left.shift();
      shown = '';
      // After what is drawn now: the question listens by then.
      setImmediate(() => {
        for (const key of keys) input.write(key);
      });
    });
    return { asked: { input, output }, left };
  }
  const [DOWN, ENTER, BACKSPACE, CTRL_C] = ['\x1b[B', '\r', '\x7f', '\x03'] as const;

  test('asks for what no flag said, and writes it after a yes', async () => {
    const folder = await makeRepository();
    const { asked, left } = person([
      [/Where does the model/, DOWN, ENTER],
      [/The model: the repository on the Hub/, 'octo/model-7b', ENTER],
      [/Labels of the runners with a GPU/, ENTER],
      [/Which questions/, ENTER],
      [/What else/, DOWN, ' ', ENTER],
      [/Write them/, ENTER],
    ]);
    const { exitCode, stdout, stderr } = await runMain(['init', ...ACTION], {
      cwd: folder,
      environment: ENVIRONMENT,
      asked,
    });
    assert.deepEqual([exitCode, stderr, left], [0, '', []]);
    assert.match(stdout, /sos-bench-nightly\.yml/);
    assert.match(
      read(folder, `${WORKFLOWS}/sos-bench.yml`),
      /model: hf:octo\/model-7b@\$\{\{ github\.event\.pull_request\.head\.sha \}\}/,
    );
  });

  test('an answer that cannot be is said to be, and asked for again', async () => {
    const folder = await makeRepository();
    const { asked } = person([
      [/The model: the repository on the Hub/, 'model', ENTER],
      [/--model is 'model'/, ...Array(5).fill(BACKSPACE), 'octo/m', ENTER],
      [/Write them/, ENTER],
    ]);
    const args = ['init', ...ACTION, '--model-from', 'hub', '--runner', 'gpu', '--suite', 'pr', '--bot'];
    const { exitCode } = await runMain(args, { cwd: folder, environment: ENVIRONMENT, asked });
    assert.equal(exitCode, 0);
    assert.match(read(folder, `${WORKFLOWS}/sos-bench.yml`), /hf:octo\/m@/);
  });

  test('a group of forks that the own jobs run on is said to be, and a branch that cannot be', async () => {
    const folder = await makeRepository({ branch: 'a', files: { x: '1' } });
    await git(folder, 'add', '.');
    await git(folder, 'commit', '--quiet', '-m', 'start');
    await git(folder, 'branch', 'b');
    const { asked, left } = person([
      [/The runner group that takes forks/, ENTER],
      [/whose machines run this repository/, '2', ENTER],
      [/The default branch/, ' x', ENTER],
      [/--branch is 'main x'/, BACKSPACE, BACKSPACE, ENTER],
      [/Write them/, ENTER],
    ]);
    const flags = ['--model-from', 'hub', '--model', 'o/m', '--runner', 'group:forks', '--suite', 'pr'];
    const args = ['init', ...ACTION, ...flags, '--forks', '--repository', 'octo/models'];
    const { exitCode, stderr } = await runMain(args, { cwd: folder, environment: ENVIRONMENT, asked });
    assert.deepEqual([exitCode, stderr, left], [0, '', []]);
    assert.match(read(folder, `${WORKFLOWS}/sos-bench-fork-reusable.yml`), /group: forks2/);
  });

  for (const [what, question] of [
    ['at the first question', /Where does the model/],
    ['before the files are written', /Write them/],
  ] as const)
    test(`Ctrl-C ${what} leaves nothing`, async () => {
      const folder = await makeRepository();
      const flags = question.test('Write them')
        ? ['--model-from', 'hub', '--model', 'o/m', '--runner', 'gpu', '--suite', 'pr', '--bot']
        : [];
      const { asked } = person([[question, CTRL_C]]);
      const { exitCode, stdout, stderr } = await runMain(['init', ...ACTION, ...flags], {
        cwd: folder,
        environment: ENVIRONMENT,
        asked,
      });
      assert.deepEqual([exitCode, stdout], [2, '']);
      assert.match(stderr, /nothing is written \[interrupted\]/);
      assert.ok(!existsSync(join(folder, '.github')));
    });

  test('--yes asks nothing', async () => {
    const folder = await makeRepository();
    const { asked } = person([]);
    const { exitCode } = await runMain(['init', ...ACTION, '--yes'], {
      cwd: folder,
      environment: ENVIRONMENT,
      asked,
    });
    assert.equal(exitCode, 0);
    assert.equal(asked.output.readableLength, 0);
  });
});
