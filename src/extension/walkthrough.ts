import * as vscode from 'vscode';
import type { EventKind } from '../vault/types.ts';
import type { Deps } from './deps.ts';
import type { walkthroughSteps } from './shellTable.ts';

type Step = (typeof walkthroughSteps)[number];

/** Ticks a step off. A command that was left again does not: only what was really done does, by whichever way. */
export const finishStep = (step: Step) =>
  void vscode.commands.executeCommand('setContext', `promptvault.done.${step}`, true);

const finishing: Partial<Record<EventKind, Step>> = {
  'prompt.created': 'write',
  'run.finished': 'try',
  'version.promoted': 'promote',
};

/** Ticks off what the log of a vault tells, and a key that was stored. A snippet says so itself. */
export function registerWalkthrough({ context, vaults }: Pick<Deps, 'context' | 'vaults'>): vscode.Disposable {
  return vscode.Disposable.from(
    vaults.onDidChange(({ change }) => {
      const steps = new Set(change.events.map(({ kind }) => finishing[kind]));
      for (const step of steps) if (step) finishStep(step);
    }),
    context.secrets.onDidChange(async ({ key }) => {
      if (key.startsWith('promptvault.key.') && (await context.secrets.get(key))) finishStep('key');
    }),
  );
}
