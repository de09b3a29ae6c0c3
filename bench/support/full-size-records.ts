import type { Item, LoadedRecord } from '../../src/record/schema.ts';
import { CATALOGUE } from '../../src/suite/catalogue.ts';
import { createRandom, type Random } from '../../test/support/random.ts';
import { makeRecord } from '../../test/support/records.ts';
import { clusterSizes, share } from './clusters.ts';

const ACCURACY = 0.6;
const FLIP_RATE = 0.1;

/**
 * Two records of the size of the paper (24 benchmarks, 152,380 items), as two models would leave them: the second has a tenth
 * of the items scored otherwise. Hashes, margins and predictions are as hard to compress as real ones.
 */
export function fullSizeRecords(seed: number): { baseline: LoadedRecord; candidate: LoadedRecord } {
  const random = createRandom(seed);
  const items = CATALOGUE.flatMap((benchmark): Item[] => {
    const clusters = clusterOfItems(benchmark.id, benchmark.size, random);
    const graded = benchmark.harness === 'livebench' || benchmark.id === 'ifeval';
    const sizes = share(
      benchmark.size,
      benchmark.tasks.map((task) => task.items),
    );
    const places = benchmark.tasks.flatMap(({ name }, at) =>
      Array.from({ length: sizes[at]! }, (_, docId) => ({ task: name, docId })),
    );
    return places.map(({ task, docId }, place) => {
      return {
        benchmark: benchmark.id,
        task,
        docId,
        docHash: randomHash(random),
        cluster: clusters?.[place] ?? null,
        stratum: task,
        metric: benchmark.metric,
        score: drawScore(graded, random),
        margin: Math.fround(random.normal()),
        prediction: String(random.integer(4)),
        inclusionP: 1,
      };
    });
  });
  const again = items.map((item) => {
    const graded = item.metric === 'livebench' || item.metric === 'ifeval';
    const flipped = random.uniform() < FLIP_RATE;
    const score = graded ? drawScore(graded, random) : 1 - item.score;
    return flipped ? { ...item, score, margin: Math.fround(random.normal()) } : item;
  });
  return { baseline: recordOf('main', items), candidate: recordOf('pr', again) };
}

function recordOf(model: string, items: Item[]): LoadedRecord {
  const benchmarks = Object.fromEntries(
    CATALOGUE.map(({ id }) => {
      const own = items.filter(({ benchmark }) => benchmark === id);
      return [id, { scores: own.map(({ score }) => score), task: (place: number) => own[place]!.task }];
    }),
  );
  return { ...makeRecord({ model, benchmarks }), items };
}

function clusterOfItems(id: string, items: number, random: Random): bigint[] | null {
  const sizes = clusterSizes(id, items);
  if (sizes === null) return null;
  return sizes.flatMap((size) => new Array<bigint>(size).fill(randomHash(random)));
}

function drawScore(graded: boolean, random: Random): number {
  return graded ? random.integer(5) / 4 : Number(random.uniform() < ACCURACY);
}

function randomHash(random: Random): bigint {
  return BigInt.asIntN(64, (BigInt(random.integer(2 ** 32)) << 32n) | BigInt(random.integer(2 ** 32)));
}
