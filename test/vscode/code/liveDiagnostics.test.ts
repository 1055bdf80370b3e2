import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { type LiveFinding, registerLiveDiagnostics } from '../../../src/extension/liveDiagnostics.ts';
import { eventually } from '../vault/helpers.ts';

describe('marks that follow a document', () => {
  it('are those of the newest answer, of this text, and go with the document', async () => {
    const changed = new vscode.EventEmitter<void>();
    const asked: ((message: string) => void)[] = [];
    const document = await vscode.workspace.openTextDocument({ language: 'plaintext', content: 'text' });
    const live = registerLiveDiagnostics({
      name: 'live-test',
      selector: { language: 'plaintext', scheme: 'untitled' },
      delayMs: 1,
      find: () =>
        new Promise<LiveFinding[]>((resolve) => {
          const finding = { start: 1, end: 3, severity: vscode.DiagnosticSeverity.Hint, code: 'live' };
          asked.push((message) => resolve([{ ...finding, message }]));
        }),
      changes: [changed.event],
    });
    try {
      const shown = () => vscode.languages.getDiagnostics(document.uri).filter(({ code }) => code === 'live');
      const answered = async (index: number, message: string) => {
        await eventually(`question ${index}`, () => asked.length > index);
        asked[index]!(message);
      };
      await eventually('the first question', () => asked.length === 1);
      changed.fire();
      await answered(1, 'new');
      await answered(0, 'old');
      await eventually('a mark', () => shown().length > 0);
      assert.deepEqual(
        shown().map(({ message, source, range }) => [message, source, range.start.character, range.end.character]),
        [['new', 'PromptVault', 1, 3]],
      );

      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, new vscode.Position(0, 0), 'more ');
      changed.fire();
      await eventually('the third question', () => asked.length === 3);
      await vscode.workspace.applyEdit(edit);
      await answered(2, 'of the old text');
      await answered(3, 'of the new text');
      await eventually('the mark of the new text', () => shown()[0]?.message === 'of the new text');
    } finally {
      live.dispose();
      changed.dispose();
    }
    assert.deepEqual(
      vscode.languages.getDiagnostics(document.uri).filter(({ code }) => code === 'live'),
      [],
    );
  });
});
