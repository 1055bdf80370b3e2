import * as vscode from 'vscode';
import { type CommandId, type CommandTable, commandIds } from './commandIds.ts';
import { showError } from './showError.ts';
import { parseArguments } from './targets.ts';

/**
 * Registers a part of the table: arguments are parsed by kind, failures go the one error path. A command answers nothing,
 * since any extension may call it.
 */
export function registerCommands(table: Partial<CommandTable>, log: vscode.LogOutputChannel): vscode.Disposable {
  const registered = Object.entries(table).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async (...given: unknown[]) => {
      try {
        const args = parseArguments(commandIds[id as CommandId], given);
        await (handler as (...args: unknown[]) => Promise<unknown>)(...args);
      } catch (error) {
        void showError(error, log);
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}
