/** One of the reports that a run may make. */
export interface ReportPart {
  reportId: string;
  /** What tells the job apart among several that share the report; null or left out for a job of its own. */
  leg?: string | null;
  /** Number of the pull request, where the run reports on several with one head. */
  pull?: number | null;
}

/** Name of an artifact that belongs to a report, each of several jobs that share it having its own; ids may hold what names may not. */
export function reportArtifact(prefix: string, { reportId, leg = null, pull = null }: ReportPart): string {
  const encode = (text: string) => encodeURIComponent(text).replaceAll('*', '%2A');
  // No encoded text has a plus.
  return `${prefix}-${encode(reportId)}${leg === null ? '' : `+${encode(leg)}`}${pull === null ? '' : `+${pull}`}`;
}
