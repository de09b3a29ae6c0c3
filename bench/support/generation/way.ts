/** One way of having answers written: its rate in each round, and all answers, by question. */
export interface Way {
  name: string;
  /** Tokens written a second. */
  rates: number[];
  answers: Map<string, string>;
}

export function newWay(name: string): Way {
  return { name, rates: [], answers: new Map() };
}

/**
 * Questions for rounds: others in each, since a server or an engine may keep what it has read once.
 *
 * @param wanted of a round; fewer where there are not so many for all rounds.
 */
export function inRounds<Question>(all: readonly Question[], rounds: number, wanted: number): Question[][] {
  const size = Math.min(wanted, Math.floor(all.length / rounds));
  if (size < 1) throw new Error(`${all.length} questions are too few for ${rounds} rounds`);
  return Array.from({ length: rounds }, (_, round) => all.slice(round * size, (round + 1) * size));
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.floor(sorted.length / 2)]!) / 2;
}

/**
 * Prints how two ways compare, round by round.
 *
 * @param bound what the median of the ratios is to be at least; null where none is set.
 */
export function tell(title: string, way: Way, other: Way, bound: number | null = null): void {
  const ratios = way.rates.map((rate, round) => rate / other.rates[round]!);
  const equal = [...way.answers].filter(([id, answer]) => other.answers.get(id) === answer).length;
  const held = bound === null ? 'no bound' : `to be >= ${bound}`;
  process.stdout.write(
    `${title}: ${way.name} ${median(way.rates).toFixed(1)} tokens a second, ${other.name} ${median(other.rates).toFixed(1)}; ` +
      `ratios ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}, median ${median(ratios).toFixed(2)} (${held}); ` +
      `${equal} of ${way.answers.size} answers are equal\n`,
  );
}
