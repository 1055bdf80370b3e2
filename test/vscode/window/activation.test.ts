import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension in a VS Code window', () => {
  it('activates from the development folder', async () => {
    const extension = vscode.extensions.getExtension('promptvault.promptvault');
    assert.ok(extension, 'VS Code found the extension');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('registers every command that its manifest contributes', async () => {
    const extension = vscode.extensions.getExtension('promptvault.promptvault');
    const manifest = extension?.packageJSON as { contributes?: { commands?: { command: string }[] } };
    const contributed = (manifest.contributes?.commands ?? []).map(({ command }) => command);
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.ok(contributed.length > 10, `${contributed.length} commands contributed`);
    assert.deepEqual(
      contributed.filter((command) => !registered.has(command)),
      [],
    );
  });
});
