import { type Changes, changeSummary } from '../engine/changeSummary.ts';
import { plainLine } from './plainText.ts';

/** What changed, a line each, for a terminal. */
export function changeLines(changes: Changes, unit: 'words' | 'lines'): string[] {
  return changeSummary(changes, unit).map(plainLine);
}
