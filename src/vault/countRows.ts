import type { Reader } from './content.ts';

/** How much a vault holds, counted row by row: its own counters may be what is wrong. */
export function countRows(reader: Pick<Reader, 'prepare'>): { prompts: number; versions: number; events: number } {
  const count = (table: string) => reader.prepare(`SELECT count(*) FROM ${table}`).pluck().get<number>()!;
  return { prompts: count('prompts'), versions: count('versions'), events: count('events') };
}
