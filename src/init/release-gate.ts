import type { Choices } from './choices.ts';
import { job, own } from './jobs.ts';
import { lines } from './pull-request.ts';
import { comment, indent } from './yaml-text.ts';

/** Before a release: what the store knows of a commit, against the last release and main. */
export function gateWorkflow(choices: Choices): string {
  return lines([
    ...comment(
      "Before a release: is this commit's model not worse than the last release's and main's? Reads stored records, evaluates nothing.",
    ),
    'name: SOS-Bench gate',
    'on: workflow_dispatch',
    'permissions: {}',
    'jobs:',
    ...indent(
      job('gate', null, [
        'runs-on: ubuntu-latest',
        'timeout-minutes: 15',
        'permissions:',
        '  contents: read # the releases, the commits, the records',
        'steps:',
        `  - uses: ${own(choices, 'gate')}`,
        '    with:',
        '      rule: not-worse',
      ]),
      2,
    ),
  ]);
}
