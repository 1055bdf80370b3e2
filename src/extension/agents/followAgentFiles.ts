import * as vscode from 'vscode';
import type { AgentFile, AgentFileChange } from '../../exchange/agentFiles/types.ts';
import type { Deps } from '../deps.ts';
import { showError } from '../showError.ts';

type Needs = Pick<Deps, 'vaults' | 'log'> & { vault: string };

const forced: readonly AgentFile['state'][] = ['edited', 'foreign'];
const refused: readonly AgentFile['state'][] = [...forced, 'taken', 'blocked', 'unsafe'];
const moving: readonly string[] = ['version.promoted', 'version.rolledBack', 'prompt.moved', 'prompt.edited'];

/** After a release, rollback or move in this window: says which files for agents were left alone, and offers to write them. */
export function followAgentFiles({ vaults, log }: Pick<Deps, 'vaults' | 'log'>): { dispose(): void } {
  return vaults.onDidChange(({ vault, change }) => {
    if (!change.own) return;
    const moved = change.events.filter(({ kind }) => moving.includes(kind));
    const paths = new Set(moved.flatMap(({ path }) => path ?? []));
    for (const path of paths) void look(path).catch((error) => log.warn('Files for agents', String(error)));

    async function look(path: string): Promise<void> {
      const files = await (await vaults.engine(vault)).agentFiles({ path });
      if (files.length > 0) tellFiles({ vaults, log, vault }, files);
    }
  });
}

/** What a person who asked for it is told of what happened. */
export function tellChanges(deps: Needs, changes: readonly AgentFileChange[]): void {
  const gone = changes.filter(({ done }) => done === 'removed').length;
  const left = changes.filter((one) => one.done !== 'removed');
  if (gone > 0) vscode.window.setStatusBarMessage(`$(trash) Removed ${counted(gone)} for agents`, 8000);
  // What was written is in step by now, whatever was found before.
  tellFiles(
    deps,
    left.map((one) => (one.done === 'written' ? { ...one, state: 'current', problem: null } : one)),
  );
}

function tellFiles(deps: Needs, files: readonly AgentFile[]): void {
  const current = files.filter(({ state }) => state === 'current');
  if (current.length > 0) {
    const what = current.length === 1 ? current[0]?.file : counted(current.length);
    vscode.window.setStatusBarMessage(`$(check) In step for agents: ${what}`, 8000);
  }
  const waiting = files.filter(({ state }) => state === 'unreleased').length;
  if (waiting > 0)
    vscode.window.setStatusBarMessage(`$(clock) ${counted(waiting)} for agents: written with the first release`, 8000);
  const left = files.filter(({ state }) => refused.includes(state));
  if (left.length > 0) void offer(deps, left).catch((error) => showError(error, deps.log));
}

async function offer({ vaults, vault }: Needs, left: readonly AgentFile[]): Promise<void> {
  const [first] = left;
  const lines = left.map(({ file, problem }) => `${file}: ${problem}`).join('; ');
  const overwrites = left.some(({ state }) => forced.includes(state));
  const actions = [...(overwrites ? ['Overwrite'] : []), 'Show File'];
  const answer = await vscode.window.showWarningMessage(`Not written for agents. ${lines}`, ...actions);
  const folder = vaults.find(vault)?.folder.uri;
  if (answer === 'Show File' && folder && first)
    await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, first.file));
  if (answer !== 'Overwrite') return;
  const engine = await vaults.engine(vault);
  for (const path of new Set(left.map((one) => one.path))) await engine.writeAgentFiles({ path, force: true });
}

const counted = (files: number) => (files === 1 ? '1 file' : `${files} files`);
