import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';

type Api = { ready: Promise<void> };

describe('the extension in a VS Code window', () => {
  const extension = vscode.extensions.getExtension<Api>('promptvault.promptvault');
  const isLoaded = (file: string) => join(extension!.extensionPath, 'dist', file) in require.cache;

  it('activates from the development folder', async () => {
    assert.ok(extension, 'VS Code found the extension');
    await extension.activate();
    assert.equal(extension.isActive, true);
    assert.equal(isLoaded('extension.js'), true);
  });

  it('loads no feature where there is no vault, even for its views, until one is used', async () => {
    const { ready } = await extension!.activate();
    await ready;
    for (const view of ['prompts', 'versions', 'runs']) {
      await vscode.commands.executeCommand(`promptvault.${view}.focus`);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(isLoaded('features.js'), false);

    await vscode.commands.executeCommand('promptvault.prompts.clearSearch');
    assert.equal(isLoaded('features.js'), true);
  });

  it('registers every command that its manifest contributes', async () => {
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
