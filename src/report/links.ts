/** Where a reader of a report gets on. All optional: outside of GitHub there is none. */
export interface ReportLinks {
  /** Page of the workflow run that reported. */
  run?: string;
  /** The artifact with the ids of the questions whose score changed. */
  flips?: string;
  /** The report with all details. */
  report?: string;
  /** The page that says how to read a report, of the version that wrote it. */
  docs?: string;
  /** The files of that version; its last word is the commit, or the version. */
  program?: string;
  baselineCommit?: string;
  candidateCommit?: string;
}

/** A longer address is none of ours. */
const MAX_LENGTH = 1000;

/** The links that are addresses of the web and can end neither a link of Markdown nor a cell of a table; the others are left out. */
export function checkLinks(
  links: Partial<Record<keyof ReportLinks, string | null | undefined>>,
): ReportLinks {
  const checked = Object.entries(links).flatMap(([name, address]) => {
    const safe = checkAddress(address ?? null);
    return safe === null ? [] : [[name, safe]];
  });
  return Object.fromEntries(checked) as ReportLinks;
}

/** The address as a browser reads it, with all that is markup written as a character code; null where it is no address of the web. */
export function checkAddress(address: string | null): string | null {
  if (address === null || address.length > MAX_LENGTH || !URL.canParse(address)) return null;
  const url = new URL(address);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  if (!isWeb || url.username !== '' || url.password !== '') return null;
  return url.href.replace(
    /[\s()<>"'`\\|*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/**
 * A link of Markdown, or the text alone where there is no address.
 *
 * @param text Markdown; text from outside has to be escaped before.
 * @param address of `checkLinks`.
 */
export function linkTo(text: string, address: string | undefined): string {
  return address === undefined ? text : `[${text}](${address})`;
}
