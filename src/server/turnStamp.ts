import type { Socket } from 'node:net';

/** The event loop asks the system for at most so many ready connections at once. */
const mostAtOnce = 1000;

type Parts = {
  stamp(): Promise<number>;
  /** Open connections. */
  connections(): number;
};

/**
 * The vault's stamp, taken once for all requests of one turn of the event loop. Every connection of a turn was ready, and its
 * request under way, before the turn began, so before the stamp was taken: a commit after that is concurrent with all of these
 * requests, and none that begins after a commit is ever answered with what was before it. Where that does not follow the
 * stamp is taken anew: for a request behind another one on its connection, and with more connections than one turn brings.
 */
export function createTurnStamp({ stamp, connections }: Parts): (socket: Socket) => Promise<number> {
  const asked = new Set<Socket>();
  let taken: Promise<number> | null = null;
  function forget(): void {
    taken = null;
    asked.clear();
  }
  return (socket) => {
    if (taken === null) setImmediate(forget);
    if (taken === null || asked.has(socket) || connections() > mostAtOnce) taken = stamp();
    asked.add(socket);
    return taken;
  };
}
