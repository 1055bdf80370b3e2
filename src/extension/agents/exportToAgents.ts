import * as vscode from 'vscode';
import type { AgentFile, AgentFileKind } from '../../exchange/agentFiles/types.ts';
import type { Deps } from '../deps.ts';
import { needPrompt } from '../pickVersion.ts';
import type { PromptTarget } from '../targets.ts';
import { agentFileLabels } from './agentFileLabels.ts';
import { tellChanges } from './followAgentFiles.ts';

/** Asks for which agents a prompt is written, and writes it. What is not ticked any more goes. */
export async function exportToAgents(deps: Deps, given: PromptTarget | undefined): Promise<void> {
  const target = await needPrompt(deps, given, 'Export to agents');
  if (!target) return;
  const { vault, path } = target;
  const engine = await deps.vaults.engine(vault);
  const chosen = await engine.agentFiles({ path });
  const items = Object.entries(agentFileLabels).map(([kind, { label, detail }]) => {
    const file = chosen.find((one) => one.kind === kind);
    return { label, detail: file ? detailOf(file) : detail, picked: file !== undefined, agent: kind as AgentFileKind };
  });
  const picked = await vscode.window.showQuickPick(items, {
    title: `Export ${path} to Agents`,
    placeHolder: 'Where should agents find it? It is written again with each release.',
    canPickMany: true,
  });
  if (!picked) return;
  const wanted = picked.map(({ agent }) => agent);
  const changes = await engine.chooseAgentFiles({
    path,
    add: wanted,
    remove: chosen.map(({ kind }) => kind).filter((kind) => !wanted.includes(kind)),
  });
  tellChanges({ ...deps, vault }, changes);
}

const detailOf = ({ file, problem }: AgentFile) => (problem === null ? file : `${file}: ${problem}`);
