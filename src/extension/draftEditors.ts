import * as vscode from 'vscode';
import { parseDraftAddress } from './draftAddress.ts';
import type { EditorPanels } from './editorPanels.ts';

/** The panels together with the versions open as text: commands work on whichever is in front, and save both first. */
export function withTextEditors(panels: EditorPanels): EditorPanels {
  return {
    ...panels,
    active() {
      const editor = vscode.window.activeTextEditor;
      return panels.active() ?? (editor && parseDraftAddress(editor.document.uri));
    },
    async settle(target) {
      for (const document of vscode.workspace.textDocuments) {
        const about = document.isDirty ? parseDraftAddress(document.uri) : undefined;
        const fits = about?.path === target.path && (!target.version || about.version === target.version);
        // A save that fails says why itself.
        if (fits && (!target.vault || about.vault === target.vault) && !(await document.save())) return false;
      }
      return panels.settle(target);
    },
  };
}
