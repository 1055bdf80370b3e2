import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Install scripts stay off, so two small native modules of the server are not built. These stand in for them: without
 * the first, no log and no output channel would be written.
 */
const shims = {
  '@vscode/spdlog/index.js': `
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'critical', 'off'];
class Logger {
  constructor(type, name, file) { this.file = file; this.level = 0; this.plain = false; mkdirSync(dirname(file), { recursive: true }); appendFileSync(file, ''); }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
  setPattern() { this.plain = false; }
  clearFormatters() { this.plain = true; }
  flush() {}
  drop() {}
}
levels.slice(0, 6).forEach((name, level) => {
  const label = name === 'warn' ? 'warning' : name;
  Logger.prototype[name] = function (message) {
    if (level < this.level) return;
    const stamp = new Date().toISOString().replace('T', ' ').replace('Z', '');
    appendFileSync(this.file, this.plain ? message : stamp + ' [' + label + '] ' + message + '\\n');
  };
});
exports.version = 1;
exports.Logger = Logger;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.createRotatingLogger = async (name, file) => new Logger('rotating', name, file);
exports.createAsyncRotatingLogger = exports.createRotatingLogger;
`,
  '@vscode/native-watchdog/index.js': `
exports.start = (pid) => {
  const alive = () => { try { process.kill(pid, 0); } catch { process.exit(87); } };
  setInterval(alive, 1000).unref();
};
exports.exit = (code) => process.exit(code || 0);
`,
};

/** Writes the stand-ins into the server's `node_modules`. */
export async function shimNativeModules(nodeModules: string): Promise<void> {
  for (const [file, source] of Object.entries(shims)) {
    const path = join(nodeModules, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, source);
  }
}
