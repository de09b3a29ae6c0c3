/** `max-gen-toks` as `maxGenToks`: the name that code has for a setting. */
export type CamelCase<Key extends string> = Key extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Key;

export function camelCase<Key extends string>(key: Key): CamelCase<Key> {
  return key.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase()) as CamelCase<Key>;
}
