import type { Readable } from 'node:stream';

/**
 * Reads a stream line by line, to its end. A line without an end takes no more memory than the bound: what comes after it
 * is passed over.
 *
 * @param most characters of a line.
 * @param onTooLong told once, when a line has more.
 */
export async function readLines(
  stream: Readable,
  most: number,
  { onLine, onTooLong }: { onLine: (line: string) => void; onTooLong: () => void },
): Promise<void> {
  let rest = '';
  let over = false;
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    if (over) return;
    const lines = text.split('\n');
    lines[0] = rest + lines[0]!;
    rest = lines.pop()!;
    for (const line of lines) onLine(line);
    if (rest.length <= most) return;
    over = true;
    rest = '';
    onTooLong();
  });
  await new Promise<void>((resolve) => stream.on('close', resolve));
}
