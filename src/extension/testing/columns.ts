import type { Cell, RunInfo } from '../../lab/types.ts';

/** A version with a model: what one answer per case comes from. */
export type Column = { path: string; version: string; model: string };

export const columnId = ({ path, version, model }: Column): string => `${path}@${version} ${model}`;

/** In the order of a run's cells. */
export function columnsOf({ versions, models }: Pick<RunInfo, 'versions' | 'models'>): Column[] {
  return versions.flatMap((ref) => {
    const at = ref.lastIndexOf('@');
    return models.map((model) => ({ path: ref.slice(0, at), version: ref.slice(at + 1), model }));
  });
}

/** What tells a column from the others: its model, its version, or both. */
export function columnLabel(column: Column, all: readonly Column[]): string {
  const differ = (key: keyof Column) => new Set(all.map((one) => one[key])).size > 1;
  const prompt = differ('path') ? `${column.path} ` : '';
  const version = differ('path') || differ('version') ? `${prompt}v${column.version}` : '';
  return [version, version && !differ('model') ? '' : column.model].filter(Boolean).join(' · ');
}

/** Cells that are repeats of one another, by the case and the column they belong to. */
export const leafKey = (cell: Pick<Cell, 'path' | 'version' | 'model' | 'case'>): string =>
  JSON.stringify([cell.case, columnId(cell)]);
