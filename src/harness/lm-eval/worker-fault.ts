/**
 * Why a request got no answer. `oom`, `device`, `data`, `model` and `internal` are the worker's own words; `host-oom`
 * (killed by the kernel because memory ran out), `died`, `stalled` and `garbage` are what its caller saw.
 */
export type FaultKind =
  | 'oom'
  | 'device'
  | 'data'
  | 'model'
  | 'internal'
  | 'host-oom'
  | 'died'
  | 'stalled'
  | 'garbage';

export class WorkerFault extends Error {
  readonly kind: FaultKind;

  constructor(kind: FaultKind, message: string) {
    super(message);
    this.name = 'WorkerFault';
    this.kind = kind;
  }

  /**
   * Whether the worker process can serve no more. One that ran out of memory still runs, its memory in pieces; after
   * an error of the device every later call in the same process fails.
   */
  get ended(): boolean {
    return !(this.kind === 'data' || this.kind === 'model' || this.kind === 'internal');
  }
}
