import type { CellState } from '../../src/lab/types.ts';

/** How a cell's state looks and is called. A broken call never looks like a failed check. */
export const cellStates: Record<CellState, { icon: string; label: string }> = {
  pass: { icon: 'check', label: 'pass' },
  fail: { icon: 'close', label: 'fail' },
  error: { icon: 'warning', label: 'error' },
  running: { icon: 'loading', label: 'running' },
  waiting: { icon: 'circle-outline', label: 'waiting' },
  cancelled: { icon: 'circle-slash', label: 'cancelled' },
};
export const markLabels = { pass: 'marked as pass', fail: 'marked as fail', note: 'has a note' } as const;
