import type { Environment } from '../process/child-environment.ts';

/** How untrusted code is kept apart; `none` where the machine offers nothing. */
export type SandboxKind = 'bubblewrap' | 'namespaces' | 'none';

export interface Sandbox {
  kind: SandboxKind;
  /** For `none`: why there is nothing better. Otherwise what it is, for a record. */
  detail: string;
  /** A Python (3.10 or newer) that runs the sandbox's own programs, inside and outside of it. */
  python: string;
  /** Folders that this Python needs, read-only inside. */
  pythonFolders: string[];
  environment: Environment;
  /** Whether its programs are nobody outside, where we are root; a plain user's are that user. */
  asNobody: boolean;
  /** What this machine's sandbox does not have that others have, in words. */
  lacks: string[];
}

/** What a job may use. Sizes are bytes. */
export interface Limits {
  /** Milliseconds from start to end. */
  wallMs: number;
  /** Milliseconds without growth of a watched file. */
  silenceMs: number;
  /** Processor time of each process. */
  cpuSeconds: number;
  /** Address space of each process. */
  addressSpace: number;
  /** Resident memory of all processes together. */
  memory: number;
  processes: number;
  /** Of one file. */
  fileSize: number;
  /** Of the scratch folder beside the copied input, and of /tmp, each. */
  scratchSize: number;
}

export interface SandboxJob {
  /** Folder whose copy is the working folder inside. */
  input: string;
  command: string[];
  /** Files and folders the command reads, at the same paths inside. */
  readOnly: string[];
  /** Files below these that are empty inside. */
  hidden: string[];
  /** All there is of an environment. */
  environment: Record<string, string>;
  /** Glob patterns, from the working folder, of the files to hand back. */
  watch: string[];
  limits: Limits;
  /** Existing folder on a disk with room; only `none` writes there. */
  scratchParent: string;
  signal?: AbortSignal | undefined;
  /** Told of whole lines as a watched file gains them. */
  onLines?: (file: string, text: string) => void;
  /** Told what it prints, as it comes: the result has only the end of it. */
  onPrinted?: (text: string) => void;
}

/** Why a job was ended from outside. */
export type SandboxStop = 'wall' | 'silence' | 'memory' | 'processes' | 'output';

export interface SandboxResult {
  /** As shells count: 128 + signal for a killed one; null where it was ended from outside. */
  exitCode: number | null;
  stopped: SandboxStop | null;
  /** What the sandbox did not have, in words. */
  lacks: string[];
  /** Whether there was no more room for files in the scratch folder or /tmp. */
  full: boolean;
  /** What the watched files held at the end, by path in the working folder; null where the end was not reached. */
  files: Map<string, string> | null;
  /** The end of what it printed. */
  printed: string;
}

/** In words, for messages. */
export function describeStop(stop: SandboxStop, limits: Limits): string {
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  switch (stop) {
    case 'wall':
      return `it ran longer than ${Math.round(limits.wallMs / 1000)} s`;
    case 'silence':
      return `it gave no sign for ${Math.round(limits.silenceMs / 1000)} s`;
    case 'memory':
      return `it used more than ${megabytes(limits.memory)} of memory`;
    case 'processes':
      return `it started more than ${limits.processes} processes`;
    case 'output':
      return 'it wrote too much';
  }
}
