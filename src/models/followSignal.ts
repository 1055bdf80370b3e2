/** A signal that is aborted with another one or by itself. `release` lets go of the other one. */
export type Follower = { signal: AbortSignal; abort(): void; release(): void };

/** Made once: each new one would hold its stack. */
const over = new DOMException('The call is over', 'AbortError');

/** What AbortSignal.any does, at a tenth of its cost: it is made for each of thousands of calls. */
export function followSignal(signal: AbortSignal | undefined): Follower {
  const controller = new AbortController();
  const follow = () => controller.abort(signal?.reason);
  if (signal?.aborted) follow();
  else signal?.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    abort: () => controller.abort(over),
    release: () => signal?.removeEventListener('abort', follow),
  };
}
