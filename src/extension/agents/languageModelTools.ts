import * as vscode from 'vscode';
import { type ToolName, toolKinds } from '../../engine/agentTools/toolKinds.ts';
import type { EarlyDeps } from '../deps.ts';
import { onDidChangeSetting, settings } from '../settings.ts';

type Needs = Pick<EarlyDeps, 'vaults'>;
const names = Object.keys(toolKinds) as ToolName[];

/** The name of a tool among those of all extensions. */
export const languageModelTool = (name: ToolName) => `promptvault_${name}` as const;

/** The tools that MCP has as VS Code's own. They are loaded with their schemas when one is called first. */
export function registerLanguageModelTools(deps: Needs): vscode.Disposable {
  if (typeof vscode.lm?.registerTool !== 'function') return new vscode.Disposable(() => undefined);
  const register = (wanted: readonly ToolName[]) =>
    wanted.map((name) => vscode.lm.registerTool(languageModelTool(name), toolOf(name, deps)));
  const isDraft = (name: ToolName) => toolKinds[name] === 'draft';
  const always = register(names.filter((name) => !isDraft(name)));
  let drafts: vscode.Disposable[] = [];
  function update(): void {
    for (const one of drafts) one.dispose();
    drafts = settings.mcpDrafts() ? register(names.filter(isDraft)) : [];
  }
  update();
  const watch = onDidChangeSetting('mcp.allowDrafts', update);
  return new vscode.Disposable(() => vscode.Disposable.from(watch, ...always, ...drafts).dispose());
}

function toolOf(name: ToolName, deps: Needs): vscode.LanguageModelTool<object> {
  return {
    async prepareInvocation({ input }) {
      const { prepareTool } = await import('./invokeTool.ts');
      return prepareTool(name, { ...input }, deps);
    },
    async invoke({ input }, token) {
      const { invokeTool } = await import('./invokeTool.ts');
      const text = await invokeTool(name, input, { ...deps, token });
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
    },
  };
}
