/**
 * Applies `work` to all of `inputs`, at most `limit` at a time; results in the order of the inputs.
 *
 * @throws what `work` threw of the first input that failed, first in the order of the inputs and not of time: a user who runs it again reads
 *   the same. None begins after a failure, and none runs on when this throws.
 */
export async function inParallel<Input, Output>(
  inputs: readonly Input[],
  limit: number,
  work: (input: Input) => Promise<Output>,
): Promise<Output[]> {
  const outputs: Output[] = new Array(inputs.length);
  const failures = new Map<number, unknown>();
  let next = 0;
  const worker = async () => {
    while (next < inputs.length && failures.size === 0) {
      const index = next++;
      try {
        outputs[index] = await work(inputs[index]!);
      } catch (error) {
        failures.set(index, error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, inputs.length) }, worker));
  // They begin in their order: whatever comes before one that failed has been tried.
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()));
  return outputs;
}
