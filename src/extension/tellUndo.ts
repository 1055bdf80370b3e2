import * as vscode from 'vscode';
import { showError } from './showError.ts';

/** Says what was done and offers to take it back. Settles at once: nobody has to answer. */
export function tellUndo(message: string, undo: () => Promise<unknown>, log: vscode.LogOutputChannel): void {
  vscode.window.showInformationMessage(message, 'Undo').then(
    async (answer) => {
      if (answer !== 'Undo') return;
      try {
        await undo();
        vscode.window.setStatusBarMessage(`$(discard) Undone: ${message}`, 5000);
      } catch (error) {
        void showError(error, log);
      }
    },
    () => undefined,
  );
}
