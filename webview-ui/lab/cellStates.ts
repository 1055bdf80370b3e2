import type { Cell, CellState } from '../../src/lab/types.ts';

/** How a cell's state looks and is called. A broken call never looks like a failed check. */
export const cellStates: Record<CellState, { icon: string; label: string }> = {
  pass: { icon: 'check', label: 'pass' },
  fail: { icon: 'close', label: 'fail' },
  error: { icon: 'warning', label: 'error' },
  running: { icon: 'loading', label: 'running' },
  waiting: { icon: 'circle-outline', label: 'waiting' },
  cancelled: { icon: 'circle-slash', label: 'cancelled' },
};
const shown = 300;

/** The few lines a cell has room for. */
export function cellText(cell: Cell, waiting: string | undefined): string {
  if (waiting) return waiting;
  if (cell.status === 'error') return cell.error?.message ?? 'Error';
  return cell.output.slice(0, shown);
}
