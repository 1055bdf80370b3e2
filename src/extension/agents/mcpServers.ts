import * as vscode from 'vscode';
import type { EarlyDeps } from '../deps.ts';
import { onDidChangeSetting } from '../settings.ts';
import { cliOf, mcpLaunch, serverName } from './mcpLaunch.ts';

type Needs = Pick<EarlyDeps, 'context' | 'vaults' | 'log'>;

/** One MCP server per vault for the agents of this window. Where the editor knows no MCP nothing is registered. */
export function registerMcpServers(deps: Needs): vscode.Disposable {
  const { vaults } = deps;
  const changed = new vscode.EventEmitter<void>();
  const subscriptions: vscode.Disposable[] = [changed];
  // The state changes often while vaults open; servers only with the vaults there are.
  let known = '';
  subscriptions.push(
    vscode.Disposable.from(
      vaults.onDidChangeState(() => {
        const now = vaults
          .present()
          .map(({ key }) => key)
          .join('\n');
        if (now === known) return;
        known = now;
        changed.fire();
      }),
    ),
    onDidChangeSetting('mcp.allowDrafts', () => changed.fire()),
  );
  if (typeof vscode.lm?.registerMcpServerDefinitionProvider === 'function') {
    subscriptions.push(
      vscode.lm.registerMcpServerDefinitionProvider('promptvault', {
        onDidChangeMcpServerDefinitions: changed.event,
        provideMcpServerDefinitions: async () => mcpDefinitions(deps),
      }),
    );
  }
  const { mcp } = (vscode as { cursor?: { mcp?: CursorMcp } }).cursor ?? {};
  if (typeof mcp?.registerServer === 'function') subscriptions.push(registerInCursor(mcp, deps, changed.event));
  return vscode.Disposable.from(...subscriptions);
}

/** Settles when the folders of the window have been looked at; none in a window that is not trusted. */
export async function mcpDefinitions({
  context,
  vaults,
}: Pick<Needs, 'context' | 'vaults'>): Promise<vscode.McpStdioServerDefinition[]> {
  await vaults.ready;
  const present = vaults.present();
  const { version } = context.extension.packageJSON as { version: string };
  return present.map((vault) => {
    const { command, args, env } = mcpLaunch(vault, cliOf(context));
    const label = present.length > 1 ? `PromptVault: ${vault.folder.name}` : 'PromptVault';
    const definition = new vscode.McpStdioServerDefinition(label, command, args, env, version);
    definition.cwd = vault.folder.uri;
    return definition;
  });
}

/** Cursor's own way, beside VS Code's, which it does not have everywhere. */
export type CursorMcp = {
  registerServer(server: { name: string; server: { command: string; args: string[]; env: object } }): void;
  unregisterServer?(name: string): void;
};

export function registerInCursor(
  mcp: CursorMcp,
  { context, vaults, log }: Needs,
  onDidChange: vscode.Event<void>,
): vscode.Disposable {
  let registered: string[] = [];
  const drop = () => {
    for (const name of registered) mcp.unregisterServer?.(name);
    registered = [];
  };
  function update(): void {
    try {
      drop();
      const present = vaults.present();
      for (const vault of present) {
        const name = serverName(vault, present);
        mcp.registerServer({ name, server: mcpLaunch(vault, cliOf(context)) });
        registered.push(name);
      }
    } catch (error) {
      log.warn('Cursor did not take the MCP server', String(error));
    }
  }
  const watch = onDidChange(update);
  vaults.ready.then(update, () => undefined);
  return new vscode.Disposable(() => {
    watch.dispose();
    drop();
  });
}
