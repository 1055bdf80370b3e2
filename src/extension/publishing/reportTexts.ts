import type { PullReport, SyncReport } from '../../publish/types.ts';

const many = (count: number, one: string) => `${count} ${count === 1 ? one : `${one}s`}`;
/** Table cells are one line of Markdown text. */
const cell = (text: string) => text.replaceAll(/[\\|`*_<>[\]]/g, '\\$&').replaceAll(/\s+/g, ' ');

/** A Markdown table whose columns stand below each other as plain text too. */
function table(head: string[], rows: string[][]): string[] {
  const cells = [head, ...rows].map((row) => row.map(cell));
  // The last may be long and of any length: it is left ragged.
  const widths = head.map((_, column) =>
    column === head.length - 1 ? 3 : Math.max(3, ...cells.map((row) => row[column]!.length)),
  );
  const line = (row: string[], fill = ' ') =>
    `| ${row.map((text, column) => text.padEnd(widths[column]!, fill)).join(' | ')} |`;
  const [first = head, ...rest] = cells;
  return [
    line(first),
    line(
      head.map(() => ''),
      '-',
    ),
    ...rest.map((row) => line(row)),
    '',
  ];
}

/** What a sync would send, as a document. */
export function dryRunText(name: string, { url, items, unchanged }: SyncReport): string {
  const leaving = items.filter(({ status }) => status !== 'unchanged');
  const title = `# What would leave for ${name}`;
  if (leaving.length === 0) {
    return `${title}\n\nNothing: ${url} has all ${many(unchanged, 'prompt')} as production has them.\n`;
  }
  const rows = leaving.map(({ path, version, status, request }) => [
    path,
    status === 'removed' ? `v${version} is gone` : `v${version}`,
    request && request.bytes > 0 ? `${request.bytes} bytes` : '',
    request ? `${request.method} ${request.url}` : '',
  ]);
  const headers = Object.entries(leaving.find(({ request }) => request)?.request?.headers ?? {});
  return [
    title,
    '',
    `${many(leaving.length, 'request')} to ${url}. Nothing was sent. ${many(unchanged, 'prompt')} there already.`,
    '',
    ...table(['Prompt', 'Version', 'Body', 'Request'], rows),
    ...(headers.length > 0 ? ['## Headers of the first request', '', ...table(['Name', 'Value'], headers)] : []),
  ].join('\n');
}

export const pullIsSame = ({ missing, different, extra, failed }: PullReport): boolean =>
  missing.length + different.length + extra.length + failed.length === 0;

/** What a target serves beside what production has, as a document. */
export function pullText({ name, url, same, missing, different, extra, failed }: PullReport): string {
  const rows = [
    ...missing.map((path) => [path, 'missing', 'production has it, the target does not']),
    ...different.map(({ path, version, why }) => [path, `differs from v${version}`, why]),
    ...extra.map((path) => [path, 'extra', 'the target has it, production does not']),
    ...failed.map(({ path, error }) => [path, 'could not be read', error]),
  ];
  const differing = `${many(rows.length, 'place')} ${rows.length === 1 ? 'differs' : 'differ'}`;
  return [
    `# What ${name} serves`,
    '',
    `${url} serves ${many(same, 'prompt')} as production has them; ${differing}.`,
    '',
    ...(rows.length > 0 ? table(['Prompt', 'Finding', 'Why'], rows) : []),
  ].join('\n');
}
