import * as vscode from 'vscode';
import type { EarlyDeps } from '../deps.ts';
import { registerLanguageModelTools } from './languageModelTools.ts';
import { registerMcpServers } from './mcpServers.ts';

/** What agents of this window get of the vaults. VS Code asks for it as soon as the extension runs; nothing is loaded for it. */
export function registerAgents(deps: Pick<EarlyDeps, 'context' | 'vaults' | 'log'>): vscode.Disposable {
  return vscode.Disposable.from(registerMcpServers(deps), registerLanguageModelTools(deps));
}
