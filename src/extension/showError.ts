import * as vscode from 'vscode';
import { toVaultError } from '../shared/errors.ts';
import { errorView } from './errorMessages.ts';

const show = {
  info: vscode.window.showInformationMessage,
  warning: vscode.window.showWarningMessage,
  error: vscode.window.showErrorMessage,
};

/** The one way a failure reaches a person: a line in the log and a message with what can be done about it. */
export async function showError(thrown: unknown, log: vscode.LogOutputChannel): Promise<void> {
  const error = toVaultError(thrown);
  const { level, message, actions } = errorView(thrown);
  if (level === 'none') return;
  log.error(`${error.code}: ${error.message}`, error.code === 'INTERNAL' ? (error.stack ?? '') : '');
  const chosen = await show[level](message, ...actions.map(({ title }) => title));
  const action = actions.find(({ title }) => title === chosen);
  if (action) await vscode.commands.executeCommand(action.command, ...action.args);
}
