/** Bounds of time that end when a test wants it, and never by the clock: a busy machine is slow too. */
const running = new Map<number, Set<AbortController>>();
const byTheClock = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (milliseconds) => {
  const own = running.get(milliseconds);
  if (own === undefined) return byTheClock(milliseconds);
  const controller = new AbortController();
  own.add(controller);
  return controller.signal;
};

export interface FakeTimeout {
  /** What a client is given as its bound; no other has the same. */
  milliseconds: number;
  /** Time is up for all that wait now. */
  expire(): void;
}

export function newFakeTimeout(): FakeTimeout {
  const milliseconds = 600_000 + running.size;
  const own = new Set<AbortController>();
  running.set(milliseconds, own);
  return {
    milliseconds,
    expire() {
      for (const controller of own) controller.abort(new DOMException('time is up', 'TimeoutError'));
      own.clear();
    },
  };
}
