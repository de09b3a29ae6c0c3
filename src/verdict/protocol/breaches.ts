import type { RunRecord } from '../../record/schema.ts';
import { findBenchmark } from '../../suite/catalogue.ts';

/** How a model was to be evaluated; what is left out was nobody's to say. */
export interface RequestedProtocol {
  suite?: string | undefined;
  backend?: string | undefined;
  seed?: number | undefined;
  includePaths?: readonly string[] | undefined;
  /** Null where the model decides. */
  chatTemplate?: boolean | null | undefined;
  /** `not set` where nobody says so. */
  enableThinking?: boolean | 'not set' | undefined;
  /** `not set` where nobody says so. */
  thinkEndToken?: string | undefined;
  systemInstruction?: string | undefined;
  maxGenToks?: number | undefined;
}

/** Where a record was not evaluated as was asked. */
export interface Breach {
  /** As the setting is called. */
  what: string;
  asked: string;
  found: string;
}

/**
 * Where a record says that it was evaluated in another way than was asked for. What it does not say (an import's unknown fields) is
 * no breach. A record of a hostile machine can claim anything: this finds what a change of settings does.
 */
export function findBreaches(record: RunRecord, asked: RequestedProtocol): Breach[] {
  const { protocol, suite, imported } = record;
  const unset = imported === null ? 'not set' : null;
  // Older versions do not say.
  const thinkEnd = protocol.thinkEndToken === undefined ? null : (protocol.thinkEndToken ?? unset);
  const longest = Math.max(
    ...Object.values(protocol.tasks).map(({ generation }) => Number(generation?.max_gen_toks ?? 0)),
    0,
  );
  const differs: [what: string, asked: unknown, found: unknown][] = [
    ['suite', asked.suite, suite],
    ['backend', asked.backend, protocol.backend],
    ['seed', asked.seed, record.seed],
    ['apply-chat-template', asked.chatTemplate, protocol.chatTemplateApplied],
    ['enable-thinking', asked.enableThinking, protocol.enableThinking ?? unset],
    ['think-end-token', asked.thinkEndToken, thinkEnd],
    ['system-instruction', asked.systemInstruction, protocol.systemInstruction ?? unset],
    ['max-gen-toks', asked.maxGenToks, longest > (asked.maxGenToks ?? Infinity) ? longest : asked.maxGenToks],
  ];
  return [
    ...differs.flatMap(([what, wanted, found]) =>
      wanted == null || found === null || wanted === found
        ? []
        : [{ what, asked: String(wanted), found: String(found) }],
    ),
    ...foreignFolders(asked.includePaths, protocol.includePaths),
    ...(record.imported === null ? foreignTasks(record) : []),
  ];
}

/** A checkout of the base beside the change has the same folder under another one. */
function foreignFolders(asked: RequestedProtocol['includePaths'], found: readonly string[] | null): Breach[] {
  if (asked === undefined || found === null) return [];
  const isSame = (path: string, wanted: string) =>
    path === wanted || path.endsWith(`/${wanted.replace(/^\.\//, '')}`);
  const isRequested =
    found.length === asked.length && found.every((path, index) => isSame(path, asked[index]!));
  const list = (paths: readonly string[]) => paths.join(', ') || 'none';
  return isRequested ? [] : [{ what: 'include-path', asked: list(asked), found: list(found) }];
}

/** Benchmarks that have the name of one of SOS-Bench's and are made of other tasks. */
function foreignTasks({ benchmarks }: RunRecord): Breach[] {
  return benchmarks.flatMap(({ id, tasks }) => {
    const own = findBenchmark(id)?.tasks.map(({ name }) => name);
    const foreign = own === undefined ? [] : tasks.filter(({ task, n }) => n > 0 && !own.includes(task));
    return foreign.length === 0
      ? []
      : [{ what: `tasks of ${id}`, asked: "SOS-Bench's", found: foreign.map(({ task }) => task).join(', ') }];
  });
}
