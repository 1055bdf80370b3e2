import * as vscode from 'vscode';
import type { EarlyDeps } from '../deps.ts';
import { registerLanguageModelTools } from './languageModelTools.ts';
import { registerMcpServers } from './mcpServers.ts';

type Needs = Pick<EarlyDeps, 'context' | 'vaults' | 'log'>;

/** What agents of this window get of the vaults. VS Code asks for it as soon as the extension runs; nothing is loaded for it. */
export function registerAgents(deps: Needs): vscode.Disposable {
  const registered = [registerMcpServers, registerLanguageModelTools].flatMap((register) => {
    try {
      return [register(deps)];
    } catch (error) {
      // Editors made from VS Code have these calls in part: what an agent lacks there, people must not.
      deps.log.warn(`${register.name} failed`, String(error));
      return [];
    }
  });
  return vscode.Disposable.from(...registered);
}
