import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';

describe('the packaged extension', () => {
  const installed = () => {
    const extension = vscode.extensions.getExtension('promptvault.promptvault');
    assert.ok(extension, 'VS Code found the extension');
    return extension;
  };

  it('runs from where VS Code installed it, not from the sources', () => {
    const folder = installed().extensionPath;
    assert.match(folder, /extensions[/\\]promptvault\.promptvault-/);
    assert.equal(existsSync(join(folder, 'src')), false);
    assert.equal(existsSync(join(folder, 'node_modules')), false);
  });

  it('activates, and opens a vault with the SQLite driver inside', async () => {
    const extension = installed();
    await extension.activate();
    assert.equal(extension.isActive, true);
    await vscode.commands.executeCommand('promptvault.prompts.clearSearch');
    assert.ok(join(extension.extensionPath, 'dist/features.js') in require.cache, 'its features are loaded');
    const prebuilds = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-x64'];
    for (const platform of prebuilds) {
      assert.ok(existsSync(join(extension.extensionPath, 'prebuilds', `${platform}.node`)), platform);
    }
  });
});
