import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedAction } from './pinned-actions.ts';

/** Without a ref, GitHub's checkout of a pull request is at the test merge of its head and its base branch. */
const SCRIPT = `git clone --quiet "$CLONE_FROM" .
if [ -n "$COMMIT" ]; then git checkout --quiet --detach "$COMMIT"
elif [ -n "$HEAD" ]; then
  git -c user.name=test -c user.email=test@example.org merge --quiet --no-ff -m "Merge $HEAD" "$HEAD"
fi`;

/** Stands for actions/checkout, which would fetch from GitHub: a fake that clones from this machine. */
export function writeCheckoutAction(folder: string, repository: string): Record<string, string> {
  const path = join(folder, 'actions-checkout');
  mkdirSync(path, { recursive: true });
  const expression = (text: string) => `\${{ ${text} }}`;
  const env = {
    CLONE_FROM: repository,
    COMMIT: expression('inputs.ref'),
    HEAD: expression('github.event.pull_request.head.sha'),
  };
  const inputs = { ref: {}, 'persist-credentials': {} };
  const runs = { using: 'composite', steps: [{ run: SCRIPT, shell: 'bash', env }] };
  writeFileSync(
    join(path, 'action.yml'),
    JSON.stringify({ name: 'fake', description: 'fake', inputs, runs }),
  );
  return { [pinnedAction('actions/checkout')]: path };
}
