/** What a log says of one item. */
export interface LoggedItem {
  /** -1 where the log has none. */
  docId: number;
  docHash: bigint | null;
  promptHash: bigint | null;
  cluster: bigint | null;
  score: number;
  margin: number | null;
  prediction: string;
  /** As the digest of prompts takes it; null where it is not known. */
  target: string | null;
  /** Right options; null for free text. */
  gold: readonly number[] | null;
  instructions: Instructions | null;
}

/** IFEval: instructions given, followed strictly, followed loosely. */
export interface Instructions {
  total: number;
  strict: number;
  loose: number;
}

/** Enough for most logs; doubled where it is not. */
const FIRST = 4096;

/**
 * Items by column: a log of several GB has hundreds of thousands, and as objects they would keep the garbage collector
 * from giving memory back.
 */
export class ItemColumns {
  length = 0;
  private numbers = new Float64Array(FIRST * 3);
  private hashes = new BigInt64Array(FIRST * 3);
  /** Which of the nullable values are there, a bit each. */
  private present = new Uint8Array(FIRST);
  private readonly predictions: string[] = [];
  private readonly targets: (string | null)[] = [];
  private readonly golds: (readonly number[] | null)[] = [];
  private readonly instructions: (Instructions | null)[] = [];
  /** Texts and lists that many items share. */
  private readonly shared = new Map<string, readonly number[]>();

  push(item: LoggedItem): void {
    const at = this.length;
    if (at === this.present.length) this.grow();
    this.numbers.set([item.docId, item.score, item.margin ?? 0], at * 3);
    this.hashes[at * 3] = BigInt.asIntN(64, item.docHash ?? 0n);
    this.hashes[at * 3 + 1] = BigInt.asIntN(64, item.promptHash ?? 0n);
    this.hashes[at * 3 + 2] = BigInt.asIntN(64, item.cluster ?? 0n);
    const nullable = [item.docHash, item.promptHash, item.cluster, item.margin];
    this.present[at] = nullable.reduce<number>((bits, value, i) => bits | (value === null ? 0 : 1 << i), 0);
    this.predictions.push(item.prediction);
    this.targets.push(item.target);
    this.golds.push(item.gold === null ? null : this.share(item.gold));
    if (item.instructions !== null) this.instructions[at] = item.instructions;
    this.length++;
  }

  at(index: number): LoggedItem {
    const bits = this.present[index]!;
    const hash = (i: number) => (bits & (1 << i) ? this.hashes[index * 3 + i]! : null);
    return {
      docId: this.numbers[index * 3]!,
      score: this.numbers[index * 3 + 1]!,
      margin: bits & 8 ? this.numbers[index * 3 + 2]! : null,
      docHash: hash(0),
      promptHash: hash(1),
      cluster: hash(2),
      prediction: this.predictions[index]!,
      target: this.targets[index]!,
      gold: this.golds[index]!,
      instructions: this.instructions[index] ?? null,
    };
  }

  private share(gold: readonly number[]): readonly number[] {
    const key = gold.join();
    const known = this.shared.get(key);
    if (known !== undefined) return known;
    this.shared.set(key, gold);
    return gold;
  }

  private grow(): void {
    const size = this.present.length * 2;
    const [numbers, hashes, present] = [this.numbers, this.hashes, this.present];
    this.numbers = new Float64Array(size * 3);
    this.numbers.set(numbers);
    this.hashes = new BigInt64Array(size * 3);
    this.hashes.set(hashes);
    this.present = new Uint8Array(size);
    this.present.set(present);
  }
}
