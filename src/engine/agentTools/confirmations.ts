import { randomBytes } from 'node:crypto';

/** What a person was asked and has not agreed to yet. Kept in this process only. */
export type Confirmations = {
  /** A code that stands for exactly this work, once. */
  ask(work: unknown): string;
  /** Whether the code was given for this work and is still good; it is used up either way. */
  take(code: string, work: unknown): boolean;
};

const goodForMs = 10 * 60_000;
const mostAtOnce = 100;

export function createConfirmations(now: () => number = Date.now): Confirmations {
  const open = new Map<string, { work: string; until: number }>();
  return {
    ask(work) {
      for (const [code, { until }] of open) if (until <= now()) open.delete(code);
      const oldest = open.keys().next().value;
      if (open.size >= mostAtOnce && oldest !== undefined) open.delete(oldest);
      const code = randomBytes(9).toString('base64url');
      open.set(code, { work: JSON.stringify(work), until: now() + goodForMs });
      return code;
    },
    take(code, work) {
      const asked = open.get(code);
      open.delete(code);
      return asked !== undefined && asked.until > now() && asked.work === JSON.stringify(work);
    },
  };
}
