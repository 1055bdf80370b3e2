import { insertRow, type Refill } from './insertRow.ts';
import { inTable, rowsOf } from './readDamaged.ts';
import type { Row } from './tableShapes.ts';

const columns = ['id', 'path', 'folder', 'name', 'title', 'description', 'created_at', 'updated_at'];
const pick = (row: Row): Row => Object.fromEntries(columns.map((column) => [column, row[column]!]));

/** Prompts with their tags; one whose row is gone is known from the log. */
export function refillPrompts({ tx, readings, log, paths, lose }: Refill): void {
  const told = [...log.prompts.values()].filter(({ deleted }) => !deleted).map(({ row }) => row);
  for (const row of inTable(readings.rows, 'prompts')) {
    const refused = insertRow(tx, 'prompts', pick(row));
    if (refused) lose('prompt', { path: String(row.path) }, refused);
    else paths.set(Number(row.id), String(row.path));
  }
  for (const row of [...inTable(readings.strays, 'prompts'), ...told]) {
    const id = Number(row.id);
    // The log knows which prompts were deleted.
    if (paths.has(id) || log.prompts.get(id)?.deleted || insertRow(tx, 'prompts', pick(row))) continue;
    paths.set(id, String(row.path));
    const detail = 'Its row could not be read; path and title are those of the log';
    if (told.includes(row)) lose('prompt', { path: String(row.path) }, detail);
  }
  const tagged = new Set<number>();
  const tag = (id: number, word: string) => {
    const path = paths.get(id);
    if (path !== undefined) insertRow(tx, 'prompt_tags', { prompt_id: id, tag: word, path });
    tagged.add(id);
  };
  for (const row of rowsOf(readings, 'prompt_tags')) {
    tag(Number(row.prompt_id), String(row.tag));
  }
  for (const [id, { tags }] of log.prompts) if (!tagged.has(id)) for (const word of tags) tag(id, word);
}
