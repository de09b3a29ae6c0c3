import type { Conclude } from '../../github/check/check-run.ts';
import type { Conclusion } from '../../github/check/check-sections.ts';
import type { JobsResult } from './result.ts';

interface Outcome {
  conclusion: Conclusion;
  title: string;
  text: string;
}

/** A check that was opened and never concluded: what is known is how the job ended, and no more. */
const OPEN: Record<JobsResult, Outcome> = {
  failure: {
    conclusion: 'failure',
    title: 'Ended without a verdict',
    text: 'The job failed and left no verdict here: its machine was lost, its process was killed, or GitHub did not take the verdict.',
  },
  cancelled: {
    conclusion: 'cancelled',
    title: 'Cancelled',
    text: 'The job was cancelled, or ran out of its time (`timeout-minutes`), before it had a verdict.',
  },
  skipped: { conclusion: 'neutral', title: 'Skipped', text: 'The job that evaluates was skipped.' },
  success: {
    conclusion: 'neutral',
    title: 'The verdict did not arrive here',
    text: 'The job ended well, but GitHub did not take its verdict. The job summary has the report.',
  },
};

/**
 * No check at all: whether the evaluation began is not known, since opening the check may have failed as well. Null where
 * none is wanted.
 */
const MISSING: Record<JobsResult, Outcome | null> = {
  failure: {
    conclusion: 'failure',
    title: 'Ended without a verdict',
    text: 'The job failed and left no check here: it did not get as far as the evaluation, or GitHub took neither the check nor the verdict.',
  },
  cancelled: {
    conclusion: 'cancelled',
    title: 'Cancelled',
    text: 'The job was cancelled, or ran out of its time, and left no check here.',
  },
  skipped: null,
  success: {
    conclusion: 'neutral',
    title: 'The verdict did not arrive here',
    text: 'The job ended well, but GitHub took neither its check nor its verdict. The job summary has the report.',
  },
};

/** How the check of a job that ended so is concluded, where it is open and where there is none. */
export function outcomesOf(
  result: JobsResult,
  runUrl: string | null,
): { open: Conclude; missing: Conclude | null } {
  const missing = MISSING[result];
  return { open: say(OPEN[result], runUrl), missing: missing && say(missing, runUrl) };
}

function say({ conclusion, title, text }: Outcome, runUrl: string | null): Conclude {
  const log =
    runUrl === null ? '' : `\n\n[The run's log](${runUrl}) says more. Running the job again is safe.`;
  return { conclusion, output: { title, summary: () => text + log } };
}
