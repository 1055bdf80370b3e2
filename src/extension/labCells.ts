import type { LabCell, LabRow, LabRun } from '../engine/panels.ts';
import type { Cell, RunResult } from '../lab/types.ts';
import { codedStates, encodeFlags } from '../shared/cellCodes.ts';

/** A cell shows three lines; the whole answer is asked for when it is opened. */
const shownText = 240;
const firstRows = 40;

/** A run for the grid: everything the filters and figures need of every cell, the words of the first rows only. */
export function packRun(result: RunResult): LabRun {
  const { run, summary, regressions, cells } = result;
  const height = heightOf(result);
  const columns = Array.from({ length: height === 0 ? 0 : cells.length / height }, (_, column) => {
    const { path, version, model } = cells[column * height]!;
    return { path, version, model };
  });
  const packed = cells.map(packCell);
  return {
    ...{ run, summary, regressions, columns },
    cases: cells.slice(0, height).flatMap(({ case: id, repeat }) => (repeat === cells[0]?.repeat ? [id] : [])),
    states: packed.map(({ state }) => codedStates.indexOf(state)).join(''),
    flags: packed.map(encodeFlags).join(''),
    answers: packed.map(({ answer }) => answer),
    latencies: packed.map(({ latencyMs }) => latencyMs),
    rows: packRows(result, [...Array(Math.min(firstRows, height)).keys()]),
  };
}

export function packRows(result: RunResult, places: readonly number[]): LabRow[] {
  const { cells, caseNames } = result;
  const height = heightOf(result);
  return places.map((place) => {
    const texts: string[] = [];
    for (let at = place; at < cells.length; at += height) texts.push(textOf(cells[at]!));
    const id = cells[place]?.case ?? '';
    return { name: caseNames[id] ?? id, texts };
  });
}

export function packCell(cell: Cell, index: number): LabCell {
  const { status, output, latencyMs, cached, checks, mark } = cell;
  // Answers are compared where nothing was checked.
  const checked = checks.length > 0;
  return {
    ...{
      index,
      state: status,
      text: textOf(cell),
      answer: checked ? 0 : hashOf(output.trim()),
      latencyMs,
      cached,
      checked,
    },
    mark: mark && (mark.mark ?? 'note'),
  };
}

/** Cells come ordered versions × models × cases × repeats, so a column is one stretch of them. */
function heightOf({ run, cells }: RunResult): number {
  return Math.floor(cells.length / Math.max(1, run.versions.length * run.models.length));
}

const textOf = ({ status, error, output }: Cell) =>
  (status === 'error' ? (error?.message ?? 'Error') : output).slice(0, shownText);

/** FNV-1a: equal answers are told from others without sending them. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
