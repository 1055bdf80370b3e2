import { findPlaceholders } from '../../engine/placeholders.ts';
import type { Case, Cell, Check } from '../../lab/types.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import { formatCost } from '../formatTime.ts';
import { plainText } from './plainText.ts';

/** One thing to tell of a test that did not pass; with `expected`, VS Code shows both in its diff. */
export type Message = { text: string; expected?: string; actual?: string };
export type Outcome = {
  state: 'passed' | 'failed' | 'errored' | 'skipped';
  messages: Message[];
  /** Of the calls made now; none for stored answers. */
  durationMs: number | undefined;
  /** Behind the test's name: "820 ms · 120 → 30 tokens · $0.0004". */
  facts: string;
};

/** Checks that hold a wanted answer beside the real one. */
const compared: readonly string[] = ['equals', 'levenshtein', 'similar', 'rouge-n', 'bleu', 'factuality'];

/** What the repeats of one case in one column say together: an error says nothing of the prompt, so it is no failure. */
export function outcomeOf(cells: readonly Cell[], testCase: Case, worseThan: string | null = null): Outcome {
  const having = (status: Cell['status']) => cells.filter((cell) => cell.status === status);
  const [errors, failed, passed] = [having('error'), having('fail'), having('pass')];
  const state =
    errors.length > 0
      ? 'errored'
      : failed.length > 0
        ? 'failed'
        : passed.length === cells.length
          ? 'passed'
          : 'skipped';
  const share = cells.length > 1 && state !== 'skipped' ? [`${passed.length} of ${cells.length} passed`] : [];
  const called = cells.filter(({ cached, latencyMs }) => !cached && latencyMs !== null);
  const messages = [...errors.map(errorMessage), ...failed.flatMap((cell) => failureMessages(cell, testCase))];
  if (worseThan && messages.length > 0) messages.unshift({ text: `It passed with v${worseThan} and does not now.` });
  return {
    state,
    messages: share.length > 0 && messages.length > 0 ? [{ text: share[0]! }, ...messages] : messages,
    durationMs: called.length > 0 ? called.reduce((sum, { latencyMs }) => sum + latencyMs!, 0) : undefined,
    facts: [...share, ...factsOf(cells)].join(' · '),
  };
}

function errorMessage({ error }: Cell): Message {
  return { text: plainText(`${error?.code ?? 'ERROR'}: ${error?.message ?? 'It ended without an answer'}`) };
}

function failureMessages(cell: Cell, testCase: Case): Message[] {
  if (cell.mark?.mark === 'fail') {
    const { actor, note } = cell.mark;
    return [{ text: plainText(`Marked as failed by ${actor}${note ? `: ${note}` : ''}`) }];
  }
  const told = cell.checks.flatMap((result, index): Message[] => {
    if (result.pass || result.skipped) return [];
    const text = plainText(`${result.type}: ${result.reason}`);
    const check = testCase.checks[index];
    const wanted = check && nameOf(check) === result.type ? wantedBy(check, testCase.variables) : undefined;
    return [wanted === undefined ? { text } : { text, expected: wanted, actual: answerLike(check!, cell.output) }];
  });
  return told.length > 0 ? told : [{ text: `Its score ${cell.score ?? 0} is below the threshold of the case.` }];
}

const nameOf = (check: Check) => (check.not ? `not-${check.type}` : check.type);

/** The answer a check wants, as text; undefined where it wants no particular one. */
function wantedBy({ type, not, value }: Check, variables: JsonObject): string | undefined {
  if (not || value === undefined || !compared.includes(type)) return undefined;
  return typeof value === 'string' ? filled(value, variables) : pretty(value);
}

/** JSON is laid out as the wanted one is, so that a diff shows what differs and not how it was written. */
function answerLike({ value }: Check, output: string): string {
  if (typeof value === 'string') return output;
  try {
    return pretty(JSON.parse(output) as Json);
  } catch {
    return output;
  }
}

const pretty = (value: Json) => JSON.stringify(value, null, 2);

function filled(text: string, variables: JsonObject): string {
  let at = 0;
  let result = '';
  const gap = (end?: number) => text.slice(at, end).replaceAll('\\{{', '{{');
  for (const { kind, name, start, end } of findPlaceholders(text)) {
    const value = variables[name];
    if (kind !== 'placeholder' || value === undefined) continue;
    result += gap(start) + (typeof value === 'string' ? value : JSON.stringify(value));
    at = end;
  }
  return result + gap();
}

function factsOf(cells: readonly Cell[]): string[] {
  const sum = (pick: (cell: Cell) => number | null) => cells.reduce((total, cell) => total + (pick(cell) ?? 0), 0);
  const answered = cells.filter(({ latencyMs }) => latencyMs !== null);
  if (answered.length === 0) return [];
  const stored = answered.filter(({ cached }) => cached).length;
  const latency = Math.round(answered.reduce((total, { latencyMs }) => total + latencyMs!, 0) / answered.length);
  const tokens = `${sum(({ inputTokens }) => inputTokens)} → ${sum(({ outputTokens }) => outputTokens)} tokens`;
  const cost = cells.some(({ costUsd, error }) => costUsd === null && !error) ? null : sum(({ costUsd }) => costUsd);
  const from = stored === 0 ? [] : [stored === cells.length ? 'stored answer' : `${stored} stored answers`];
  return [...from, `${latency} ms`, tokens, formatCost(cost)];
}
