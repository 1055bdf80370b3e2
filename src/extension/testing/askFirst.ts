import * as vscode from 'vscode';
import type { RunEstimate } from '../../lab/types.ts';
import { formatCost } from '../formatTime.ts';

/** A run that waits for a yes; `title` says what is run. */
export type Waiting = { title: string; estimate: RunEstimate };

/** Stored answers and models without a price of their own (echo) cost nothing, and nobody is asked about nothing. */
export const isFree = ({ calls, costUsd, judgeUsd }: RunEstimate): boolean =>
  judgeUsd === 0 && (calls === 0 || costUsd === 0);

/** "120 calls, ≈ $0.09, ≈ 25 s" */
export function estimateText(estimates: readonly RunEstimate[]): string {
  const sum = (pick: (estimate: RunEstimate) => number | null) =>
    estimates.reduce<number | null>((total, one) => {
      const value = pick(one);
      return total === null || value === null ? null : total + value;
    }, 0);
  const calls = sum((one) => one.calls) ?? 0;
  const cost = sum(({ calls, costUsd }) => (calls === 0 ? 0 : costUsd));
  const judges = sum(({ judgeUsd }) => judgeUsd);
  const seconds = sum((one) => one.seconds);
  const about = (text: string, known: boolean) => (known ? `≈ ${text}` : text);
  return [
    `${calls} ${calls === 1 ? 'call' : 'calls'}`,
    about(formatCost(cost), cost !== null),
    ...(judges === 0 ? [] : [judges === null ? 'and judges, cost unknown' : `and judges ≈ ${formatCost(judges)}`]),
    seconds === null ? 'time unknown' : `≈ ${durationText(seconds)}`,
  ].join(', ');
}

function durationText(seconds: number): string {
  return seconds < 120 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
}

export function questionOf(waiting: readonly Waiting[]): { message: string; detail: string } {
  const detail = waiting.map(({ title, estimate }) => {
    const stored = estimate.cached > 0 ? `; ${estimate.cached} answers are stored and cost nothing` : '';
    return `${title}: ${estimateText([estimate])}${stored}`;
  });
  return { message: `${estimateText(waiting.map(({ estimate }) => estimate))}. Run?`, detail: detail.join('\n') };
}

/** One question for all that costs or may cost something; true at once when nothing does. */
export async function askFirst(waiting: readonly Waiting[]): Promise<boolean> {
  if (waiting.every(({ estimate }) => isFree(estimate))) return true;
  const { message, detail } = questionOf(waiting);
  return (await vscode.window.showInformationMessage(message, { modal: true, detail }, 'Run')) === 'Run';
}
