import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { attempt, build, install, nodeProgram, root } from './install.mjs';
import { makeSample, sampleFolder } from './sample.mjs';

const { values } = parseArgs({ options: { web: { type: 'boolean' }, port: { type: 'string' } } });

await install();
await build();
await makeSample(sampleFolder);
if (!values.web && hasDesktop()) {
  console.log('Opening VS Code with the extension and the sample workspace');
  const { code } = await attempt('code', [
    `--extensionDevelopmentPath=${root}`,
    sampleFolder,
    join(sampleFolder, 'README.md'),
  ]);
  process.exitCode = code === 0 ? 0 : 1;
} else {
  openInBrowser();
}

/** A `code` that opens windows here: not the one of a remote terminal, and new enough for the extension. */
function hasDesktop() {
  const noScreen = process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
  if (noScreen || process.env.VSCODE_IPC_HOOK_CLI) return false;
  const { status, stdout } = spawnSync('code', ['--version'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const [major = 0, minor = 0] = (stdout ?? '').split('.').map(Number);
  return status === 0 && (major > 1 || (major === 1 && minor >= 101));
}

/** Stays until Ctrl+C, which reaches the child, too; the child then closes the server. */
function openInBrowser() {
  const script = join(root, 'scripts/serveInBrowser.mjs');
  const child = spawn(nodeProgram, [script, sampleFolder, ...(values.port ? [values.port] : [])], { stdio: 'inherit' });
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.once('exit', (code) => process.exit(code ?? 1));
}
