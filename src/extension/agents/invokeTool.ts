import * as vscode from 'vscode';
import { agentTools } from '../../engine/agentTools/agentTools.ts';
import { callAgentTool } from '../../engine/agentTools/callAgentTool.ts';
import { createConfirmations } from '../../engine/agentTools/confirmations.ts';
import type { ToolName } from '../../engine/agentTools/toolKinds.ts';
import { findActor } from '../../engine/findActor.ts';
import type { EarlyDeps } from '../deps.ts';
import { withAbort } from '../withAbort.ts';
import { questionOf } from './toolQuestion.ts';

type Needs = Pick<EarlyDeps, 'vaults'>;
const confirmations = createConfirmations();

/** What the tool answers, as text. What goes wrong is thrown with the same text: VS Code shows and tells the model so. */
export async function invokeTool(
  name: ToolName,
  input: object,
  { vaults, token }: Needs & { token: vscode.CancellationToken },
): Promise<string> {
  const tool = agentTools.find((one) => one.name === name)!;
  const folder = vaults.find()?.folder.uri.fsPath ?? '';
  const { isError, text } = await withAbort(token, async (signal) =>
    callAgentTool(tool, {
      input,
      context: {
        engine: () => vaults.engine(),
        confirmations,
        signal,
        actor: `agent:vscode for ${await findActor(folder)}`,
      },
    }),
  );
  if (isError) throw new Error(text);
  return text;
}

/** What VS Code says while a tool works, and what a person is asked before it spends or writes. */
export async function prepareTool(
  name: ToolName,
  input: { [name: string]: unknown },
  { vaults }: Needs,
): Promise<vscode.PreparedToolInvocation> {
  const { title } = agentTools.find((one) => one.name === name)!;
  const invocationMessage = `PromptVault: ${title}`;
  const question = await questionOf(name, input, () => vaults.engine());
  if (!question) return { invocationMessage };
  // A path or a name is whatever a model says: as text it can be no link and no command.
  const message = new vscode.MarkdownString().appendText(question.message);
  return { invocationMessage, confirmationMessages: { title: question.title, message } };
}
