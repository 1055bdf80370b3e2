import { parse } from 'csv-parse/sync';
import type { Message } from '../vault/types.ts';
import { tagList } from './promptFields.ts';
import { badFile } from './readText.ts';
import type { SourceFile } from './sourceFiles.ts';
import { emptyResult, type FormatResult } from './sourcePrompt.ts';

type Row = { record: string[]; line: number };
type Column = 'path' | 'title' | 'prompt' | 'system' | 'description' | 'tags' | 'rationale';

// `act` is how the best known public list of prompts spells its titles.
const columnNames: { readonly [heading: string]: Column } = {
  path: 'path',
  title: 'title',
  name: 'title',
  act: 'title',
  prompt: 'prompt',
  system: 'system',
  description: 'description',
  tags: 'tags',
  rationale: 'rationale',
};

/** A CSV with a heading row: `path` or `title`, `prompt`, and more. One ragged row and nothing of the file is taken. */
export function readCsvFormat(file: SourceFile, text: string): FormatResult {
  const { heading, rows } = readTable(file, text);
  const columns = heading.map((name) => columnNames[name.trim().toLowerCase()]);
  if (!columns.includes('prompt') || !(columns.includes('path') || columns.includes('title'))) {
    throw badFile(file.shown, 'the first row must name the columns: prompt, and path or title', 1);
  }
  const twice = columns.find((column, index) => column && columns.indexOf(column) !== index);
  if (twice) throw badFile(file.shown, `two columns for ${twice}; keep one`, 1);

  const result = emptyResult();
  const unknown = heading.filter((_, index) => !columns[index]);
  if (unknown.length > 0) result.notes.push({ source: file.shown, note: `columns left out: ${unknown.join(', ')}` });
  for (const { record, line } of rows) {
    const cell = (column: Column) => record[columns.indexOf(column)] ?? '';
    const source = `${file.shown}:${line}`;
    const path = cell('path').trim();
    const title = cell('title').trim();
    if (cell('prompt').trim() === '') result.skipped.push({ source, reason: 'no prompt in this row' });
    else if (path === '' && title === '') result.skipped.push({ source, reason: 'neither path nor title in this row' });
    else {
      const messages: Message[] = [{ role: 'user', content: cell('prompt') }];
      if (cell('system') !== '') messages.unshift({ role: 'system', content: cell('system') });
      result.prompts.push({
        source,
        // A title is one name, whatever slashes it has, in the folder of its file.
        name: path || file.folder + title.replace(/[/\\]/g, ' '),
        namesPath: path !== '',
        title: title || undefined,
        defaultTitle: path.split('/').pop() || title,
        description: cell('description') || undefined,
        rationale: cell('rationale') || undefined,
        tags: tagList(cell('tags')),
        messages,
        settings: {},
      });
    }
  }
  return result;
}

/** The rows under the heading, each with its first line; the separator is the one under which a column `prompt` appears. */
function readTable(file: SourceFile, text: string): { heading: string[]; rows: Row[] } {
  const separators = [',', ';', '\t'];
  const hasPrompt = (delimiter: string) =>
    parseRows(file, text, delimiter, 1)[0]?.record.some((name) => name.trim().toLowerCase() === 'prompt');
  const delimiter = separators.find(hasPrompt) ?? ',';
  const [head, ...rows] = parseRows(file, text, delimiter);
  if (!head) throw badFile(file.shown, 'the file is empty');
  const ragged = rows.filter(({ record }) => record.length !== head.record.length);
  if (ragged.length > 0) {
    const lines = ragged.slice(0, 10).map(({ line, record }) => `${line} (${record.length})`);
    const more = ragged.length > lines.length ? ` and ${ragged.length - lines.length} more` : '';
    const reason = `${head.record.length} columns in the first row, but other numbers in line ${lines.join(', ')}${more}; nothing of this file was imported`;
    throw badFile(file.shown, reason, ragged[0]!.line);
  }
  return { heading: head.record, rows };
}

function parseRows(file: SourceFile, text: string, delimiter: string, to?: number): Row[] {
  try {
    const parsed = parse(text, {
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      ...(to === undefined ? {} : { to }),
    }) as unknown as { record: string[]; info: { lines: number } }[];
    let lastLine = 0;
    return parsed.map(({ record, info }) => {
      // `info.lines` counts to the record's end; empty lines before it are part of that, which a person reads over.
      const inside = record.join('').split('\n').length - 1;
      const line = Math.max(lastLine + 1, info.lines - inside);
      lastLine = info.lines;
      return { record, line };
    });
  } catch (error) {
    const { message, lines } = error as { message: string; lines?: number };
    throw badFile(file.shown, `CSV: ${message}`, lines);
  }
}
