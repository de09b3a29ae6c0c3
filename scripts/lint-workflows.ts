/** Checks the workflows of this repository and of docs/workflows, and every action.yml, with actionlint and zizmor. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { ACTIONS } from '../src/settings/action-inputs.ts';
import { findActionlint, findZizmor } from './workflow-linters.ts';

const workflows = ['docs/workflows', '.github/workflows'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yml'))
    .map((name) => join(folder, name)),
);
const actions = ACTIONS.map((action) => join(action, 'action.yml'));
const run = (program: string, args: string[]) => execa(program, args, { stdio: 'inherit', reject: false });

const results = [
  await run(await findActionlint(), ['-config-file', '.github/actionlint.yaml', ...workflows]),
  // What is not a fault here is listed with its reason in the configuration.
  await run(await findZizmor(), [
    ...['--offline', '--no-progress', '--quiet', '--persona', 'auditor', '--config', '.github/zizmor.yml'],
    ...workflows,
    ...actions,
  ]),
];
process.exitCode = results.every(({ exitCode }) => exitCode === 0) ? 0 : 1;
