/** What `batch-size` says where batches are cut by a budget of tokens: what fits into the device's memory. */
export const BY_TOKENS = 'tokens';

/** Requests in a batch where a worker asked for batches by tokens has to go the harness's way. */
const HARNESS_ROWS = 8;

/** How large a batch may be, as the journal has it in words: `8` requests, `8192 tokens`, or `auto`, what the harness chooses. */
type BatchSize = { unit: 'requests' | 'tokens'; count: number } | null;

/** @returns null for `auto`. */
export function parseBatchSize(text: string): BatchSize {
  const [, digits, tokens] = /^(\d+)( tokens)?$/.exec(text) ?? [];
  return digits === undefined ? null : { unit: tokens ? 'tokens' : 'requests', count: Number(digits) };
}

export function inTokens(count: number): string {
  return `${count} tokens`;
}

/** What a worker begins with. `budget`: the tokens that a batch may hold on it; null where it cuts none by tokens. */
export function firstBatchSize(requested: string, budget: number | null): string {
  if (requested !== BY_TOKENS) return requested;
  return budget === null ? String(HARNESS_ROWS) : inTokens(budget);
}

/** Half a batch size, at least 1; `auto` becomes 1, since nothing is known of what it chose. */
export function halved(batchSize: string): string {
  const size = parseBatchSize(batchSize);
  if (size === null) return '1';
  const half = Math.max(1, Math.floor(size.count / 2));
  return size.unit === 'tokens' ? inTokens(half) : String(half);
}

/**
 * A batch size in the words of the worker's protocol. Requests that go the harness's way have their batches halved as often as the
 * budget was.
 *
 * @param budget what the worker began with.
 */
export function workerBatch(
  batchSize: string,
  budget: number | null,
): { batchSize: string; batchTokens?: number } {
  const size = parseBatchSize(batchSize);
  if (size?.unit !== 'tokens') return { batchSize };
  const rows = Math.floor((HARNESS_ROWS * size.count) / (budget ?? size.count));
  return { batchSize: String(Math.min(HARNESS_ROWS, Math.max(1, rows))), batchTokens: size.count };
}
