import { setTimeout as wait } from 'node:timers/promises';

/** Slow machines take their time; a test's own limit, where it is shorter, names the test. */
const patienceMs = 50_000;

/** Asks until the answer is true, or anything else that counts as true, and gives it. Throws with `what` when it never is. */
export async function until<Answer>(
  holds: () => Answer | Promise<Answer>,
  what: string | (() => string) = holds.toString(),
): Promise<Exclude<Answer, undefined | null | false | 0 | ''>> {
  for (const end = performance.now() + patienceMs; ; await wait(20)) {
    const answer = await holds();
    if (answer) return answer as Exclude<Answer, undefined | null | false | 0 | ''>;
    if (performance.now() > end) throw new Error(`Waited in vain for ${typeof what === 'string' ? what : what()}`);
  }
}
