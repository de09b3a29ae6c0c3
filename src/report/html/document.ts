import { effortChapter } from './effort.ts';
import { flipsChapter } from './flips/chapter.ts';
import { FLIPS_SCRIPT } from './flips/script.ts';
import { textsChapter } from './flips/texts.ts';
import { forestChapter } from './forest.ts';
import { guideChapter } from './guide.ts';
import { writeHeader } from './headline.ts';
import { judgesChapter } from './judges.ts';
import type { Chapter } from './markup.ts';
import type { ReportPage } from './page.ts';
import { partsChapter } from './parts.ts';
import { protocolChapter } from './protocol.ts';
import { scoresChapter } from './scores.ts';
import { isPageOf, writePage } from './skeleton.ts';
import { trendChapter } from './trend.ts';

const GENERATOR = 'sos-bench report';

/** Whether a text begins as a page of `renderReport` does. */
export function isReport(text: string): boolean {
  return isPageOf(GENERATOR, text);
}

/**
 * A comparison as one HTML file that needs nothing beside it: no network, no script. The one script it has filters and sorts, and is the only one that its
 * content security policy lets run. It holds ids, hashes and counts, and no text of a question or an answer, but where `texts` are given.
 */
export function renderReport(page: ReportPage): string {
  const chapters = chaptersOf(page).filter((chapter) => chapter !== null);
  const scripts = chapters.some(({ id }) => id === 'flips') ? [FLIPS_SCRIPT] : [];
  return writePage({
    generator: GENERATOR,
    title: 'SOS-Bench report',
    header: writeHeader(page),
    ...{ chapters, scripts },
  });
}

/** In the order in which a reader needs them. */
function chaptersOf(page: ReportPage): (Chapter | null)[] {
  const { verdict, summary, changes, reproduce, texts } = page;
  if (verdict === null) return [scoresChapter(summary), trendChapter(page)];
  return [
    forestChapter(verdict),
    flipsChapter(changes, { hasTexts: texts !== undefined }),
    texts === undefined ? null : textsChapter(texts),
    partsChapter(changes),
    trendChapter(page),
    judgesChapter(verdict),
    effortChapter(verdict),
    protocolChapter(verdict),
    guideChapter(verdict, reproduce),
  ];
}
