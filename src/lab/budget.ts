/** Lets calls begin while money is left. `enter` answers false once the limit is spent; `leave` books what a call cost. */
export type Budget = {
  enter(estimateUsd: number): Promise<boolean>;
  leave(estimateUsd: number, costUsd: number): void;
  isSpent(): boolean;
};

/**
 * A hard stop at `maxUsd`, of which `spent` is gone already. Calls under way count with their estimate, so that many at once
 * do not overrun the limit together; a call that does not fit beside them waits for their true cost. What costs nothing may
 * always begin, and without a limit everything.
 */
export function createBudget(maxUsd: number | null, spentBefore = 0): Budget {
  let spent = spentBefore;
  let reserved = 0;
  let underWay = 0;
  let waiting: (() => void)[] = [];
  if (maxUsd === null) return { enter: async () => true, leave: () => undefined, isSpent: () => false };

  const isSpent = () => spent >= maxUsd;
  return {
    isSpent,
    async enter(estimateUsd) {
      if (estimateUsd === 0) {
        underWay += 1;
        return true;
      }
      while (!isSpent() && underWay > 0 && spent + reserved + estimateUsd > maxUsd) {
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      if (isSpent()) return false;
      underWay += 1;
      reserved += estimateUsd;
      return true;
    },
    leave(estimateUsd, costUsd) {
      underWay -= 1;
      reserved -= estimateUsd;
      spent += costUsd;
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
  };
}
