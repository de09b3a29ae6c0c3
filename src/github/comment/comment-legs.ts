import { z } from 'zod';
import { escapeMarkdown } from '../../markdown/escape.ts';
import { compareRuns, type Stamp, writeMarker } from './marker.ts';

/** One of several jobs that share a report: what tells it apart, and how many they are (0 where that is not known). */
export interface Leg {
  name: string;
  of: number;
}

/** What one job wrote into a comment that several share. */
export interface LegSection {
  leg: string;
  attempt: number;
  text: string;
}

const BEGIN = /^<!-- sos-bench:leg (\{.*\}) -->$/;
const END = '<!-- /sos-bench:leg -->';

const HeadSchema = z.object({ leg: z.string().min(1).max(100), attempt: z.int().positive() });

/** The sections of a comment, in its order; none in one that a single job wrote. No text of a report can begin or end one. */
export function readSections(body: string): LegSection[] {
  const sections: LegSection[] = [];
  let open: (Pick<LegSection, 'leg' | 'attempt'> & { lines: string[] }) | null = null;
  for (const line of body.split(/\r?\n/)) {
    const [, head] = BEGIN.exec(line) ?? [];
    if (head !== undefined) open = readHead(head);
    else if (line === END && open !== null) {
      const { leg, attempt, lines } = open;
      // The first line is the heading.
      sections.push({ leg, attempt, text: lines.slice(1).join('\n').trim() });
      open = null;
    } else open?.lines.push(line);
  }
  return sections;
}

/** Of each job what its newest attempt wrote; of two by one attempt the one that is named first. */
export function newestOfLegs(sections: readonly LegSection[]): LegSection[] {
  const newest = new Map<string, LegSection>();
  for (const section of sections) {
    const known = newest.get(section.leg);
    if (known === undefined || section.attempt > known.attempt) newest.set(section.leg, section);
  }
  return [...newest.values()].sort((a, b) => (a.leg < b.leg ? -1 : 1));
}

/** A comment of these sections, one per job. It says how many jobs have not reported yet. */
export function composeSections(stamp: Stamp, of: number, sections: readonly LegSection[]): string {
  const attempt = Math.max(stamp.attempt, ...sections.map((section) => section.attempt));
  const missing = of - sections.length;
  const parts = [
    missing > 0 && `_${sections.length} of ${of} jobs of this report have reported._`,
    ...sections.map(writeLeg),
  ];
  return `${writeMarker({ ...stamp, attempt })}\n${parts.filter(Boolean).join('\n\n')}`;
}

/** Whether a comment has just these sections, in whatever way GitHub keeps their text. */
export function holdsSections(body: string, sections: readonly LegSection[]): boolean {
  const found = readSections(body);
  return (
    found.length === sections.length &&
    sections.every(({ leg, attempt, text }, index) => {
      const one = found[index]!;
      return one.leg === leg && one.attempt === attempt && sameText(one.text, text);
    })
  );
}

/** How many jobs share a comment, where that is not known. */
const ASSUMED_LEGS = 4;

/** Bytes that the text of one job may take, of a whole comment's. */
export function shareOf(budget: number, { of }: Leg): number {
  return Math.floor((budget - 400) / (of || ASSUMED_LEGS)) - 600;
}

/** A text that is longer than its share all the same keeps its heading, the paragraph below it, which is the verdict, and a hidden last line. */
export function fitShare(text: string, share: number): string {
  if (Buffer.byteLength(text) <= share) return text;
  const paragraphs = text.split('\n\n', 2);
  const verdict = paragraphs.slice(0, text.startsWith('#') ? 2 : 1).join('\n\n');
  const last = text.split('\n').at(-1)!;
  const hidden = last.startsWith('<!-- ') ? `\n\n${last}` : '';
  return `${verdict}\n\nThe rest is left out for length; the job summary has it.${hidden}`;
}

/** Above 0 where a comment's run is newer than a stamp's, in which attempts of jobs stand side by side. */
export function compareForLeg(a: Stamp, b: Stamp): number {
  return compareRuns({ ...a, attempt: 1 }, { ...b, attempt: 1 });
}

function writeLeg({ leg, attempt, text }: LegSection): string {
  const head = JSON.stringify({ leg, attempt }).replace(
    /[<>&-]/g,
    (mark) => `\\u00${mark.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `<!-- sos-bench:leg ${head} -->\n## ${escapeMarkdown(leg)}\n\n${text}\n\n${END}`;
}

function readHead(json: string) {
  try {
    return { ...HeadSchema.parse(JSON.parse(json)), lines: [] as string[] };
  } catch {
    return null;
  }
}

function sameText(a: string, b: string): boolean {
  const plain = (text: string) => text.replaceAll('\r\n', '\n').trim();
  return plain(a) === plain(b);
}
