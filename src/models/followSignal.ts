/** A signal that is aborted with another one or by itself. `release` lets go of the other one. */
export type Follower = { signal: AbortSignal; abort(): void; release(): void };

/** Made once: each new one would hold its stack. */
const over = new DOMException('The call is over', 'AbortError');

/** Those that follow a signal: hundreds of calls follow that of their run, and a signal looks through all its listeners for each new one. */
const followers = new WeakMap<AbortSignal, Set<AbortController>>();

function followersOf(signal: AbortSignal): Set<AbortController> {
  const known = followers.get(signal);
  if (known) return known;
  const all = new Set<AbortController>();
  const tell = () => {
    for (const one of all) one.abort(signal.reason);
  };
  signal.addEventListener('abort', tell, { once: true });
  followers.set(signal, all);
  return all;
}

/** What AbortSignal.any does, at a tenth of its cost: it is made for each of thousands of calls. */
export function followSignal(signal: AbortSignal | undefined): Follower {
  const controller = new AbortController();
  const all = signal && !signal.aborted ? followersOf(signal) : undefined;
  if (signal?.aborted) controller.abort(signal.reason);
  all?.add(controller);
  return {
    signal: controller.signal,
    abort: () => controller.abort(over),
    release: () => void all?.delete(controller),
  };
}
