import type {
  BenchmarkComparison,
  FactorComparison,
  GroupComparison,
  Outcome,
  Verdict,
} from '../../verdict/schema.ts';
import { isWaived } from '../../verdict/waiver.ts';
import { writeHeadline } from '../comment/headline.ts';
import { formatDelta, formatPoints, formatScorePoints } from '../format.ts';
import { describeOutcome } from '../outcome-words.ts';

type Part = FactorComparison | BenchmarkComparison | GroupComparison;

const SUITES = ['Verdict', 'Factors', 'Benchmarks'] as const;

interface Case {
  suite: (typeof SUITES)[number];
  name: string;
  /** Said by a case that failed, or was not run. */
  failure?: string;
  skipped?: string;
  text: string;
}

/** What says nothing of the model. */
const NOT_RUN: readonly Outcome[] = ['skipped', 'failed', 'no-baseline', 'not-comparable'];

/**
 * A comparison as JUnit XML, which every CI shows: a test case for the verdict, and one a factor, benchmark and group of benchmarks tested
 * as one. The verdict's case fails where the policy does. Of the others those fail that the policy fails on, so a report that
 * passed has no failure; a benchmark without a result is skipped.
 */
export function renderJunit(verdict: Verdict): string {
  const { title, text } = writeHeadline(verdict, (name) => name);
  const whole: Case = { suite: 'Verdict', name: 'SOS-Bench', text: `${title}. ${text}` };
  if (!verdict.passed) whole.failure = title;
  const { factors, benchmarks, groups = [] } = verdict;
  const cases = [
    whole,
    ...factors.map((part) => caseOf('Factors', part, verdict)),
    ...[...benchmarks, ...groups].map((part) => caseOf('Benchmarks', part, verdict)),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="SOS-Bench" ${counts(cases)}>`,
    ...SUITES.flatMap((suite) => {
      const own = cases.filter((each) => each.suite === suite);
      return [`  <testsuite name="${suite}" ${counts(own)}>`, ...own.map(testCase), '  </testsuite>'];
    }),
    '</testsuites>',
    '',
  ].join('\n');
}

function caseOf(suite: Case['suite'], part: Part, { passed, waivers }: Verdict): Case {
  const { name, outcome, threshold, reason } = part;
  const found: Case = { suite, name, text: describe(part) };
  if (NOT_RUN.includes(outcome))
    found.skipped = [describeOutcome(outcome).word, reason].filter(Boolean).join(': ');
  else if (!passed && outcome === 'regressed' && threshold.level === 'error' && !isWaived(part, waivers))
    found.failure = `${name} is worse: ${formatDelta(part.delta)} points`;
  return found;
}

function describe({ outcome, baseline, candidate, delta, detectable, reason, ...part }: Part): string {
  const flips = 'flips' in part ? part.flips : null;
  return [
    describeOutcome(outcome).word,
    delta.estimate === null ? null : `difference ${formatDelta(delta)} points`,
    `${formatScorePoints(baseline.score)} before, ${formatScorePoints(candidate.score)} now`,
    flips && `${flips.lost} lost, ${flips.gained} gained`,
    detectable === null ? null : `detectable drop ${formatPoints(detectable)}`,
    reason,
  ]
    .filter(Boolean)
    .join('; ');
}

function testCase({ suite, name, failure, skipped, text }: Case): string {
  const attributes = `classname="SOS-Bench.${suite}" name="${escapeXml(name)}"`;
  const result =
    failure !== undefined
      ? `<failure message="${escapeXml(failure)}">${escapeXml(text)}</failure>`
      : skipped !== undefined
        ? `<skipped message="${escapeXml(skipped)}"/>`
        : `<system-out>${escapeXml(text)}</system-out>`;
  return `    <testcase ${attributes}>${result}</testcase>`;
}

function counts(cases: readonly Case[]): string {
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const skipped = cases.filter(({ skipped }) => skipped !== undefined).length;
  return `tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for XML 1.0, in content and in attributes; what XML has no character for becomes U+FFFD, line breaks a blank. */
function escapeXml(text: string): string {
  return text
    .replace(/[\t\n\r]+/g, ' ')
    .replace(/[\p{Cc}\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => ENTITIES[character]!);
}
