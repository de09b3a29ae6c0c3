/** The commands of a page: lines of its shell blocks, with what a backslash joins, without comments. */
export function commandsOf(page: string): string[] {
  return blocksOf(page)
    .flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'))
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter(Boolean);
}

/** Blocks in a shell's language, or in none that is named. */
function blocksOf(page: string): string[] {
  const blocks: string[] = [];
  let block: string[] | null = null;
  let fence = '';
  for (const line of page.split('\n')) {
    const [, marks, language] = /^ *(`{3,})(\w*)/.exec(line) ?? [];
    if (fence === '' && marks !== undefined) {
      fence = marks;
      block = ['', 'sh', 'bash'].includes(language!) ? [] : null;
    } else if (fence !== '' && line.trim() === fence) {
      if (block !== null) blocks.push(block.join('\n'));
      fence = '';
    } else if (fence !== '') block?.push(line);
  }
  return blocks;
}
