import type * as vscode from 'vscode';
import { VaultError } from '../shared/errors.ts';
import { type CommandId, type CommandTable, commandIds } from './commandIds.ts';
import { showError } from './showError.ts';
import { parseArguments } from './targets.ts';

type Registered = { handler: (...args: unknown[]) => Promise<unknown>; log: vscode.LogOutputChannel };
const handlers = new Map<CommandId, Registered>();

/** Registers a part of the table. VS Code knows every id of it from the start and comes here through `runCommand`. */
export function registerCommands(table: Partial<CommandTable>, log: vscode.LogOutputChannel): { dispose(): void } {
  const ids = Object.keys(table) as CommandId[];
  for (const id of ids) handlers.set(id, { handler: table[id] as Registered['handler'], log });
  return {
    dispose() {
      for (const id of ids) handlers.delete(id);
    },
  };
}

/** Also in the title of a view, which names the row that has the focus, if there is one. */
const inTitles: readonly CommandId[] = ['promptvault.lab.open', 'promptvault.prompt.compareDrafts'];

/**
 * The menu of a row names its row and those selected with it. While the view reads its rows anew VS Code knows none of them and
 * hands over nothing: then what is selected elsewhere must not take the row's place.
 */
function hasLostItsRow(id: CommandId, given: readonly unknown[]): boolean {
  const [row, selected] = given;
  const ofRow = given.length === 2 && row == null && (selected == null || Array.isArray(selected));
  return ofRow && commandIds[id].length > 0 && !inTitles.includes(id);
}

/** Arguments are parsed by kind, failures go the one error path. A command answers nothing, since any extension may call it. */
export async function runCommand(id: CommandId, given: unknown[]): Promise<void> {
  const registered = handlers.get(id);
  if (!registered) throw new Error(`${id} is no command of this window`);
  const { handler, log } = registered;
  try {
    if (hasLostItsRow(id, given)) throw new VaultError('NOT_FOUND', 'The list was just read anew. Choose again');
    await handler(...parseArguments(commandIds[id], given));
  } catch (error) {
    void showError(error, log);
  }
}
