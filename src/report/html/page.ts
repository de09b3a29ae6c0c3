import type { JudgeScore } from '../../verdict/judge-summary.ts';
import type { Verdict } from '../../verdict/schema.ts';
import type { BenchmarkChanges } from '../../verdict/signs/changes.ts';
import type { Summary } from '../../verdict/summary.ts';
import type { ShownObjection } from '../comment/objections.ts';
import type { TrendPoint } from '../comment/trend.ts';
import type { ShownTexts } from './flips/texts.ts';

/** All that a report page shows. Whatever comes from a model or a change is a name, a number or a hash: no question but `texts`, no answer. */
export interface ReportPage {
  /** Null without a baseline: then the page has the scores alone. */
  verdict: Verdict | null;
  /** Whether the policy fails a model that there is nothing to compare with; not where left out. */
  failsWithoutBaseline?: boolean;
  summary: Summary;
  /** What changed, question by question; none without a baseline. */
  changes: readonly BenchmarkChanges[];
  /** What judges said of the candidate, each the end of a line of the trend; left out where nothing was judged. */
  judged?: readonly JudgeScore[];
  /** Main's last records, oldest first; none where no store is known. */
  trend: readonly TrendPoint[];
  /** The candidate's own label in the trend. */
  label: string;
  /** Why the report does not pass, beside what the comparison found. */
  objections: readonly ShownObjection[];
  /** What else the reader should know. */
  notes: readonly string[];
  now: Date;
  /** Commits between the baseline and the commit that was looked for; null where unknown. */
  distance: number | null;
  /** The command line that gives the same verdict; null for none. */
  reproduce: string | null;
  /** Questions from the data of this machine, for a page that stays on it; left out for all others. */
  texts?: ShownTexts;
  /** Addresses of the web alone. */
  links: { run?: string; docs?: string; baselineCommit?: string; candidateCommit?: string };
}
