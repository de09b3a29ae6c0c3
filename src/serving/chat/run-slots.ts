/**
 * Runs so many slots side by side, each until it is done. What one of them throws ends the others, and is thrown when all have ended.
 *
 * @param end aborted where a slot throws.
 */
export async function runSlots(
  count: number,
  runSlot: () => Promise<void>,
  end: AbortController,
): Promise<void> {
  const slots = Array.from({ length: count }, () =>
    runSlot().catch((error: unknown) => {
      end.abort();
      throw error;
    }),
  );
  const failed = (await Promise.allSettled(slots)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
