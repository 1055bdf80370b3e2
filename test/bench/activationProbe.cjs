// Runs in the extension host, as probe.json beside it says: keeps VS Code's performance page, or the memory of the host.
const { readFileSync, writeFileSync } = require('node:fs');
const { basename, dirname } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');
const vscode = require('vscode');

const ours = 'promptvault.promptvault';
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

exports.run = async () => {
  const probe = JSON.parse(readFileSync(`${__dirname}/probe.json`, 'utf8'));
  writeFileSync(
    probe.PROBE_OUT,
    probe.PROBE_MEMORY ? JSON.stringify(await memory(probe)) : await performancePage(probe),
  );
};

/** Activates ours when it is quiet, and lets VS Code write its page. */
async function performancePage({ PROBE_QUIET }) {
  await wait(PROBE_QUIET ? 7000 : 4000);
  if (PROBE_QUIET) await vscode.extensions.getExtension(ours).activate();
  await vscode.commands.executeCommand('perfview.show');
  for (let i = 0; i < 100; i += 1) {
    await wait(200);
    const page = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'perf');
    if (page && /promptvault\.promptvault/.test(page.getText())) return page.getText();
  }
  throw new Error('No performance page with our extension on it');
}

async function memory({ PROBE_SHOW }) {
  await wait(4000);
  const extension = vscode.extensions.getExtension(ours);
  await extension?.activate();
  if (PROBE_SHOW) await vscode.commands.executeCommand('promptvault.prompts.focus');
  await wait(4000);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  for (let i = 0; i < 3; i += 1) {
    collect();
    await wait(100);
  }
  const { rss, heapUsed } = process.memoryUsage();
  const folder = extension && `${extension.extensionPath}/dist`;
  const loaded = Object.keys(require.cache).filter((file) => dirname(file) === folder);
  const begun = performance.now();
  await vscode.commands.executeCommand('promptvault.prompts.clearSearch').then(undefined, () => undefined);
  const firstUse = performance.now() - begun;
  return { rss, heapUsed, loaded: loaded.map((file) => basename(file)), firstUse };
}
