import * as vscode from 'vscode';
import { chooseVault } from '../chooseVault.ts';
import type { Deps } from '../deps.ts';
import { registerCommands } from '../registerCommands.ts';
import { exportToAgents } from './exportToAgents.ts';
import { followAgentFiles, tellChanges } from './followAgentFiles.ts';
import { refreshLauncher, writeLauncher } from './launcher.ts';
import { mcpConfigurations } from './mcpConfigurations.ts';
import { mcpLaunch, serverName } from './mcpLaunch.ts';

export function registerAgentCommands(deps: Deps): vscode.Disposable {
  refreshLauncher(deps.context).catch((error) =>
    deps.log.warn('The launcher for agents stays as it was', String(error)),
  );
  const commands = registerCommands(
    {
      'promptvault.mcp.copyConfiguration': async () => copyConfiguration(deps),
      'promptvault.agents.export': async (target) => exportToAgents(deps, target),
      'promptvault.agents.write': async () => {
        const vault = await chooseVault(deps, 'Write Files for Agents');
        if (!vault) return;
        const changes = await (await deps.vaults.engine(vault)).writeAgentFiles({});
        tellChanges({ ...deps, vault }, changes);
      },
    },
    deps.log,
  );
  return vscode.Disposable.from(commands, followAgentFiles(deps));
}

async function copyConfiguration(deps: Deps): Promise<void> {
  const key = await chooseVault(deps, 'Copy MCP Configuration');
  const vault = key === undefined ? undefined : deps.vaults.find(key);
  if (!vault) return;
  const launch = mcpLaunch(vault, await writeLauncher(deps.context));
  const configurations = mcpConfigurations(serverName(vault, deps.vaults.present()), launch);
  const chosen = await vscode.window.showQuickPick(configurations, {
    title: 'Copy MCP Configuration',
    placeHolder: 'For which agent?',
  });
  if (!chosen) return;
  await vscode.env.clipboard.writeText(chosen.text);
  // The desktop's Node.js keeps its place; a server's lies in a folder of its own version.
  const until = process.versions.electron ? '' : ' Copy it again when this VS Code server was updated.';
  void vscode.window.showInformationMessage(`Copied for ${chosen.label}. ${chosen.detail}.${until}`);
}
