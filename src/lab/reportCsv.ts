import type { Cell, RunResult } from './types.ts';

type Column = (cell: Cell, result: RunResult) => string | number | boolean | null;

const columns: { [name: string]: Column } = {
  prompt: ({ path }) => path,
  version: ({ version }) => version,
  hash: ({ hash }) => hash,
  model: ({ model }) => model,
  case: (cell) => cell.case,
  name: (cell, { caseNames }) => caseNames[cell.case] ?? '',
  repeat: ({ repeat }) => repeat,
  status: ({ status }) => status,
  output: ({ output }) => output,
  failedChecks: ({ checks }) =>
    checks
      .filter(({ pass }) => !pass)
      .map(({ type, reason }) => `${type}: ${reason}`)
      .join('\n'),
  latencyMs: ({ latencyMs }) => latencyMs,
  firstTokenMs: ({ firstTokenMs }) => firstTokenMs,
  inputTokens: ({ inputTokens }) => inputTokens,
  outputTokens: ({ outputTokens }) => outputTokens,
  cachedTokens: ({ cachedTokens }) => cachedTokens,
  costUsd: ({ costUsd }) => costUsd,
  cached: ({ cached }) => cached,
  finishReason: ({ finishReason }) => finishReason,
  errorCode: ({ error }) => error?.code ?? null,
  errorMessage: ({ error }) => error?.message ?? null,
};

/** One line per cell as RFC 4180 writes it, a column per metric behind the others; what is not known is empty. */
export function csvReport(result: RunResult): string {
  const metrics = [...new Set(result.cells.flatMap((cell) => Object.keys(cell.metrics)))];
  const scores = metrics.map(
    (name): Column =>
      (cell) =>
        cell.metrics[name] ?? null,
  );
  const all = [...Object.values(columns), ...scores];
  const head = [...Object.keys(columns), ...metrics.map((name) => field(`metric:${name}`))];
  const rows = result.cells.map((cell) => all.map((column) => field(column(cell, result))));
  return [head, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

/** A model may answer `=HYPERLINK(…)`: a spreadsheet would run what begins like a formula, so it gets a `'` before it. */
function field(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = /^[=+\-@\t\r\0]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
