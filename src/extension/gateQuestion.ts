import * as vscode from 'vscode';
import type { EngineClient } from '../engine/engineClient.ts';
import type { GateState } from '../lab/dataTypes.ts';
import type { VersionInfo } from '../vault/types.ts';
import type { Deps } from './deps.ts';
import { askFirst } from './testing/askFirst.ts';

type Needs = Pick<Deps, 'labs'>;
type Asked = { engine: EngineClient; vault: string; info: VersionInfo; current: VersionInfo | undefined };

/** What the promotion's question says of the gate; null where the vault has none. */
export function gateLine({ gate, open }: GateState, override: string | undefined): string | null {
  if (!gate) return null;
  if (open) return `The release gate is open: the suite ${gate.suite} passed with this content.`;
  return `The release gate is shut, and you override it: ${override}`;
}

/**
 * Tells what the gate misses and what can be done about it. Answers the reason of somebody who overrides it; undefined when
 * the version stays where it is.
 */
export async function askAtGate(deps: Needs, state: GateState, asked: Asked): Promise<string | undefined> {
  const { info, vault } = asked;
  const { gate, reasons, runId } = state;
  const choices = ['Run Suite', ...(runId ? ['Open Results'] : []), 'Override…'];
  const message = `The release gate holds ${info.path} v${info.version} back`;
  const detail = reasons.map((reason) => `• ${reason}`).join('\n');
  const chosen = await vscode.window.showWarningMessage(message, { modal: true, detail }, ...choices);
  if (chosen === 'Run Suite' && gate) await runGateSuite(deps, gate.suite, asked);
  if (chosen === 'Open Results' && runId) deps.labs.open({ vault, runId });
  if (chosen !== 'Override…') return undefined;
  const reason = await vscode.window.showInputBox({
    title: `Override the gate for ${info.path} v${info.version}`,
    prompt: 'Why may it go to production although the gate is shut? The log keeps it with your name.',
    validateInput: (text) => (text.trim() === '' ? 'A reason is needed' : null),
  });
  return reason?.trim() || undefined;
}

/** The suite over this version beside the one in production, since the gate compares them row by row. */
async function runGateSuite(deps: Needs, suite: string, { engine, vault, info, current }: Asked): Promise<void> {
  const refs = [info, ...(current ? [current] : [])].map(({ path, version }) => `${path}@${version}`);
  const request = { refs, models: [], suite, ...(current ? { baseline: refs[1] } : {}) };
  const estimate = await engine.estimateRun(request);
  // Without cases or with variables unmapped there is nothing to ask about: starting it tells why.
  if (estimate.problems.length === 0 && !(await askFirst([{ title: `${suite} on ${refs.join(', ')}`, estimate }])))
    return;
  const { id } = await engine.startRun(request);
  deps.labs.open({ vault, runId: id });
}
