import type { Command, Option } from 'commander';
import { wordsOf } from '../../settings/presentation/setting-words.ts';
import { SETTINGS, type SettingKey } from '../../settings/table.ts';

/** What may stand behind a flag. */
export interface ValueSpec {
  /** None where any text may. */
  words: readonly string[];
  /** Whether several words may, with commas between. */
  isList: boolean;
  /** Whether it names a file or folder. */
  isPath: boolean;
}

export interface FlagSpec {
  /** `--suite`. */
  flag: string;
  /** First sentence of what it does. */
  description: string;
  /** Null for a switch. */
  value: ValueSpec | null;
}

export interface CommandSpec {
  /** `run`, or `history list`; empty for the program itself. */
  path: string;
  /** Last word of the path. */
  name: string;
  description: string;
  flags: readonly FlagSpec[];
  /** Whether it takes files or folders without a flag. */
  takesPaths: boolean;
  /** Words of its own, where one has to be named. */
  words: readonly string[];
  commands: readonly CommandSpec[];
}

/** Placeholders of values that are looked for on the disk. */
const PATHS = /\b(DIR|FILE|PATH|RECORD|MODEL)\b/;

/** Flags of single commands that take the words of a setting. */
const LIKE_SETTINGS: Readonly<Record<string, SettingKey>> = { benchmark: 'benchmarks' };

/** What a shell has to know of a command, and of those in it. */
export function describeCommand(command: Command, parents: readonly string[] = []): CommandSpec {
  const name = parents.length === 0 && command.parent === null ? '' : command.name();
  const path = [...parents, name].filter((part) => part !== '');
  const help = { flag: '--help', description: 'Show help', value: null };
  return {
    path: path.join(' '),
    name,
    description: firstSentence(command.description()),
    flags: [
      ...command.options.filter(({ hidden }) => !hidden).flatMap((option) => flagOf(option) ?? []),
      help,
    ],
    takesPaths: command.registeredArguments.some((argument) => PATHS.test(argument.name().toUpperCase())),
    words: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    commands: command.commands.map((inner) => describeCommand(inner, path)),
  };
}

/** A command and all below it. */
export function allCommands(command: CommandSpec): CommandSpec[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

/** What stands before the cursor, as `command word`, where the word leads from a command to one within it. */
export function innerCommands(program: CommandSpec): { typed: string; command: CommandSpec }[] {
  return allCommands(program).flatMap(({ path, commands }) =>
    commands.map((command) => ({ typed: `${path} ${command.name}`, command })),
  );
}

/** What stands before the cursor, as `command --flag`, where a value of the flag is to follow. */
export function flagsWithValue(program: CommandSpec): { typed: string; value: ValueSpec }[] {
  return allCommands(program).flatMap(({ path, flags }) =>
    flags.flatMap(({ flag, value }) => (value === null ? [] : [{ typed: `${path} ${flag}`, value }])),
  );
}

function flagOf(option: Option): FlagSpec | null {
  if (option.long == null) return null;
  const description = firstSentence(option.description);
  if (!option.required && !option.optional) return { flag: option.long, description, value: null };
  const key = option.long.slice(2);
  const known = LIKE_SETTINGS[key] ?? key;
  const setting = Object.hasOwn(SETTINGS, known)
    ? wordsOf(known as SettingKey)
    : { words: [], isList: false };
  const placeholder = /<(.*)>/.exec(option.flags)?.[1] ?? '';
  return {
    flag: option.long,
    description,
    value: {
      words: option.argChoices ?? setting.words,
      isList: option.argChoices === undefined && setting.isList,
      isPath: PATHS.test(placeholder),
    },
  };
}

function firstSentence(text: string): string {
  return (/^.*?(?=[.:;](\s|$))/.exec(text)?.[0] ?? text).replaceAll(/\s+/g, ' ');
}
