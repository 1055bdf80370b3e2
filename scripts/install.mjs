import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Everything here runs on the Node a person happens to have (20 or newer); what follows it runs on the one npm installs. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const bin = join(root, 'node_modules/.bin');

/** Runs `npm ci` unless what is installed is what the lock file wants. */
export async function install() {
  if (isInstalled()) return;
  console.log('Installing dependencies (npm ci)');
  await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error']);
  if (!existsSync(ownNode)) {
    throw new Error(
      'npm did not install the `node` package: allow its install script (`npm config set ignore-scripts false`)',
    );
  }
}

const ownNode = join(bin, process.platform === 'win32' ? 'node.cmd' : 'node');
/** The Node that npm installed. */
export const nodeProgram = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** npm leaves its own account of an install behind when it has finished. Optional packages are for other platforms. */
function isInstalled() {
  const account = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(account) || !existsSync(ownNode)) return false;
  const found = readPackages(account);
  return Object.entries(readPackages(join(root, 'package-lock.json'))).every(
    ([path, { version, optional }]) => path === '' || optional || found[path]?.version === version,
  );
}

function readPackages(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

/** Tests and the sample start hundreds of short programs, a third of whose time Node would compile the same code in. */
const quicker = { NODE_COMPILE_CACHE: join(root, '.vscode-test/compiled') };

/** Runs a program of `node_modules/.bin`, or one on the PATH, in the repository; rejects when it fails. */
export async function run(command, args, options = {}) {
  const { code, output } = await attempt(command, args, options);
  if (code === 0) return output;
  throw new Error(`${command} ${args.join(' ')} ended with ${code}${output ? `\n${output}` : ''}`);
}

/** As `run`, but answers the exit code. With `capture`, what it prints is the `output`, else it goes to the terminal. */
export function attempt(command, args, { cwd = root, env = {}, capture = false, input } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...quicker, PATH: `${bin}${delimiter}${process.env.PATH}`, ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', ...(capture ? ['pipe', 'pipe'] : ['inherit', 'inherit'])],
      shell: process.platform === 'win32',
    });
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({ code: code ?? signal, output: Buffer.concat(chunks).toString('utf8').trimEnd() }),
    );
    if (input !== undefined) child.stdin.end(input);
  });
}

export const build = () => run('node', ['esbuild.mjs']);
