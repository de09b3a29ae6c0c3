import * as core from '@actions/core';
import { FACTORS } from '../suite/benchmark.ts';
import type { Verdict } from '../verdict/schema.ts';
import type { Summary } from '../verdict/summary.ts';

export interface StepOutputs {
  summary: Summary;
  /** Null without a baseline. */
  verdict: Verdict | null;
  passed: boolean;
  recordPath: string;
  reportPath: string;
  /** The report's page; null where it could not be made. */
  pagePath: string | null;
  /** Null where nothing was posted. */
  commentUrl: string | null;
}

/** Sets the step's outputs; scores and differences are fractions of 1, empty where unknown. */
export function setOutputs(outputs: StepOutputs): void {
  const { summary, verdict, passed, recordPath, reportPath, pagePath, commentUrl } = outputs;
  core.setOutput('verdict', verdict?.verdict ?? 'no-baseline');
  core.setOutput('passed', String(passed));
  core.setOutput('record-path', recordPath);
  core.setOutput('report-path', reportPath);
  core.setOutput('report-html', pagePath ?? '');
  core.setOutput('comment-url', commentUrl ?? '');
  for (const factor of FACTORS) {
    core.setOutput(`${factor}-score`, text(summary.factors.find(({ id }) => id === factor)?.score));
    core.setOutput(`${factor}-delta`, text(verdict?.factors.find(({ id }) => id === factor)?.delta.estimate));
  }
}

function text(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}
