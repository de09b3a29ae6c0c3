/** The signature of a text: hex digits that only who has the key can make. */
export type Sign = (text: string) => string;

const SIGNATURE = /,"signature":"([0-9a-f]{64})"\}$/;

/**
 * A line of a journal with its signature as the last field. It is of the line and of the header, so that no line passes for one of
 * another journal.
 *
 * @param text the entry as JSON.
 * @param header the journal's header as JSON, without signature; null where this is it.
 */
export function signLine(text: string, header: string | null, sign: Sign): string {
  return `${text.slice(0, -1)},"signature":"${sign(JSON.stringify([header, text]))}"}`;
}

/** An entry as JSON without its signature. */
export function unsignedLine(line: string): string {
  return line.replace(SIGNATURE, '}');
}

/**
 * The lines of a journal that are signed. Each stands for itself: one that is missing says nothing that is wrong.
 *
 * @param sign as the journal's writer had it.
 * @returns null where its header is not signed.
 */
export function keepSigned(journal: Buffer, sign: Sign): Buffer | null {
  const lines = journal.toString('utf8').split('\n').slice(0, -1);
  const header = unsignedLine(lines[0] ?? '');
  const signed = lines.filter(
    (line, index) => line === signLine(unsignedLine(line), index === 0 ? null : header, sign),
  );
  return signed.length > 0 && signed[0] === lines[0]
    ? Buffer.from(signed.map((line) => `${line}\n`).join(''))
    : null;
}
