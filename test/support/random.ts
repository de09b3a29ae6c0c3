export { createRandom, type Random } from '../../src/seeded-random.ts';
