/** A text as one word of a shell: bash, zsh and fish read it alike where it holds no backslash. */
export function quote(text: string): string {
  return `'${text.replaceAll('\\', '').replaceAll("'", `'"'"'`)}'`;
}
