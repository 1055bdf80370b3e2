import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cacheDir } from '../test/support/npmTool.ts';
import { startServer } from '../test/support/vscodeServer.ts';
import { root } from './install.mjs';

// node scripts/serveInBrowser.mjs <folder> [port]: VS Code in the browser, with this repository as an installed extension
const [folder, wantedPort] = process.argv.slice(2);
const state = join(cacheDir, 'web');

installFromSources();
writeFirstSettings();
const server = await startServer({
  state,
  flags: ['--disable-workspace-trust'],
  port: wantedPort ? Number(wantedPort) : await usualPort(3300),
});
console.log(`
  VS Code with PromptVault is open at

    http://${server.authority}/?folder=${encodeURI(folder.replaceAll('\\', '/'))}

  Open the address in a browser. Ctrl+C ends it.
`);
const end = async () => {
  await server.close();
  process.exit(0);
};
process.once('SIGINT', end);
process.once('SIGTERM', end);

/** VS Code's list of installed extensions may point anywhere, so after a rebuild a reload of the window is enough. */
function installFromSources() {
  const { name, publisher, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const location = { $mid: 1, path: pathToFileURL(root).pathname, scheme: 'file' };
  const entry = { identifier: { id: `${publisher}.${name}` }, version, location };
  mkdirSync(join(state, 'extensions'), { recursive: true });
  writeFileSync(join(state, 'extensions/extensions.json'), JSON.stringify([entry]));
}

function writeFirstSettings() {
  const file = join(state, 'user/User/settings.json');
  if (existsSync(file)) return;
  mkdirSync(join(state, 'user/User'), { recursive: true });
  const settings = {
    'workbench.startupEditor': 'readme',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'telemetry.telemetryLevel': 'off',
    'git.openRepositoryInParentFolders': 'never',
  };
  writeFileSync(file, JSON.stringify(settings, null, 2));
}

/** The same port as last time if it is free, so that an open browser tab still fits; else any. */
function usualPort(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(0));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(port)));
  });
}
