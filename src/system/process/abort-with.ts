/**
 * Aborts a controller once one of the signals is aborted, with its reason. Unlike the signal of `AbortSignal.any`, which may be
 * collected as garbage while somebody listens to it, the controller's own lasts as long as the signals do. Who is done with
 * it aborts it: nothing is kept of it then.
 */
export function abortWith(controller: AbortController, ...signals: readonly AbortSignal[]): void {
  for (const signal of signals) {
    const stop = () => controller.abort(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true, signal: controller.signal });
  }
}
