import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Stands for actions/checkout where a commit is named, which act would fetch from GitHub: a fake that clones from this machine. */
export function writeCheckoutAction(folder: string, repository: string): Record<string, string> {
  const path = join(folder, 'actions-checkout');
  mkdirSync(path, { recursive: true });
  const run = 'git clone --quiet "$CLONE_FROM" . && git checkout --quiet --detach "$COMMIT"';
  const env = { CLONE_FROM: repository, COMMIT: '$'.concat('{{ inputs.ref }}') };
  const inputs = { ref: {}, 'persist-credentials': {} };
  const runs = { using: 'composite', steps: [{ run, shell: 'bash', env }] };
  writeFileSync(
    join(path, 'action.yml'),
    JSON.stringify({ name: 'fake', description: 'fake', inputs, runs }),
  );
  return { 'actions/checkout@v5': path };
}
