/** Why one file, or one task of it, cannot be taken. The rest may still be. */
export class Refusal extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Refusal';
  }
}

/** Why one record of a file cannot be taken. Its question is left out and counted; the others are read. */
export class BadRecord extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'BadRecord';
  }
}

/** Counts the records that cannot be used, by reason, beside those that can. */
export class BadRecords {
  readonly reasons = new Map<string, number>();
  count = 0;
  #first: string | null = null;

  /** @param detail where and what, for the message of a file that is refused; the reason alone where left out. */
  add(reason: string, detail = reason): void {
    this.count++;
    this.#first ??= detail;
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
  }

  /**
   * A file most of which cannot be read is refused: what is left of it would be no fair part.
   *
   * @param good records that can be used.
   * @throws Refusal with the first reason.
   */
  requireMinority(good: number): void {
    if (this.count <= good) return;
    const more = this.count > 1 ? ` (and ${this.count - 1} more of ${this.count + good} records)` : '';
    throw new Refusal(`${this.#first}${more}`);
  }
}
