/** Checks the workflows of this repository and of docs/workflows, and every action.yml, with actionlint and zizmor. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { ACTIONS } from '../src/settings/action-inputs.ts';
import { cacheRoot } from '../src/system/paths.ts';
import { pypiTools } from './pypi-tools.ts';

const ACTIONLINT = 'v1.7.12';
const ZIZMOR = '1.32.0';

const workflows = ['docs/workflows', '.github/workflows'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yml'))
    .map((name) => join(folder, name)),
);
const actions = ACTIONS.map((action) => join(action, 'action.yml'));
const run = (program: string, args: string[]) => execa(program, args, { stdio: 'inherit', reject: false });

const results = [
  await run(await actionlint(), ['-config-file', '.github/actionlint.yaml', ...workflows]),
  // What is not a fault here is listed with its reason in the configuration.
  await run(await zizmor(), [
    ...['--offline', '--no-progress', '--quiet', '--persona', 'auditor', '--config', '.github/zizmor.yml'],
    ...workflows,
    ...actions,
  ]),
];
process.exitCode = results.every(({ exitCode }) => exitCode === 0) ? 0 : 1;

/** Built from source, at the pinned version. */
async function actionlint(): Promise<string> {
  const folder = join(cacheRoot(process.env), 'tools', `actionlint-${ACTIONLINT}`);
  const path = join(folder, 'actionlint');
  if (existsSync(path)) return path;
  await execa('go', ['install', `github.com/rhysd/actionlint/cmd/actionlint@${ACTIONLINT}`], {
    env: { GOBIN: folder, GOFLAGS: '-modcacherw' },
  });
  return path;
}

async function zizmor(): Promise<string> {
  return join(await pypiTools(`zizmor-${ZIZMOR}`, [`zizmor==${ZIZMOR}`]), 'bin', 'zizmor');
}
