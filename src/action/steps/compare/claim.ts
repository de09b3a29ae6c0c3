import type { EventContext, Pull } from '../../../github/event.ts';
import type { Objection } from './judge.ts';

/** Whose claim a record is that was made where its author holds the machine, or the workflow. */
export type Claimant = 'fork' | 'dependabot';

/**
 * Whose claim the record of a pull request is; null where it is none of these. A pull request from a fork, or of Dependabot's, is
 * evaluated by a run that its author controls. A run of the default branch's workflow that somebody who may write started for a full
 * sha is none: that is how a claim is confirmed.
 *
 * @param isKnown whether the run says which commit it evaluated.
 */
export function findClaimant(
  event: EventContext | null,
  pull: Pull | null,
  isKnown: boolean,
): Claimant | null {
  if (event === null || pull === null || isAskedFor(event, isKnown)) return null;
  const source = event.kind === 'workflow-run' ? event.source : null;
  if (pull.isFork || source?.isFork) return 'fork';
  return pull.isDependabot || source?.isDependabot ? 'dependabot' : null;
}

/** Whether somebody who may write had this very commit evaluated, by a workflow of the default branch. */
export function isAskedFor(event: EventContext | null, isKnown: boolean): boolean {
  return event?.kind === 'commit' && event.event.endsWith('_dispatch') && event.isDefaultBranch && isKnown;
}

/** What the reader of such a report has to know, whatever it found. */
function describeClaim(claimant: Claimant): string {
  const who = claimant === 'fork' ? 'a fork' : "Dependabot's pull request";
  return `This record is the claim of its author: it was made in a run of ${who}, and whoever controls that run controls what it says.`;
}

/** Why a claim decides nothing, and how a maintainer decides; empty for what is not a claim. */
export function objectionsTo(target: { claimant: Claimant | null; sha: string } | null): Objection[] {
  if (target?.claimant == null) return [];
  return [
    {
      conclusion: 'action_required',
      title: 'A claim, to be confirmed by a maintainer',
      text:
        `${describeClaim(target.claimant)} A drop that it shows fails the check; all else waits for a maintainer, who reads the change and has ` +
        'this very commit evaluated: by the on-demand workflow of the default branch, which a comment starts where the bot is installed. That report concludes the check. The comment:',
      command: `/sos-bench run ${target.sha}`,
    },
  ];
}
