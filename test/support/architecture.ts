import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { findCycles } from './findCycles.ts';
import { type Import, readSources, type SourceFile } from './readImports.ts';

export type Violation = { rule: string; file: string; detail: string };

const rooms = ['vault', 'models', 'lab', 'exchange', 'publish', 'code', 'engine', 'shared'] as const;
type Room = (typeof rooms)[number];
type Permission = 'types' | 'all';

const door: Partial<Record<Room, Permission>> = {
  vault: 'types',
  models: 'types',
  lab: 'types',
  exchange: 'types',
  publish: 'types',
  code: 'all',
  engine: 'all',
  shared: 'all',
};

/** Who may import what of whom. A place imports itself freely; what is not named is not allowed. */
export const importTable: Record<string, Partial<Record<Room, Permission>>> = {
  vault: { shared: 'all' },
  models: { vault: 'types', shared: 'all' },
  lab: { vault: 'all', models: 'all', shared: 'all' },
  exchange: { vault: 'all', lab: 'all', shared: 'all' },
  publish: { vault: 'all', shared: 'all' },
  code: { shared: 'all' },
  engine: {
    vault: 'all',
    models: 'all',
    lab: 'all',
    exchange: 'all',
    publish: 'all',
    code: 'all',
    shared: 'all',
  },
  shared: {},
  extension: door,
  cli: door,
  server: door,
  mcp: door,
  'webview-ui': { vault: 'types', models: 'types', lab: 'types', engine: 'types', shared: 'all' },
};

/** A door that another one opens: only this file of it may be imported, and its own imports stay its own. */
const doorways: Record<string, string> = { 'src/mcp/serveMcp.ts': 'cli', 'src/server/serveVault.ts': 'cli' };

/** Packages that only one place may import, even as a type. */
const reserved: Record<string, RegExp> = {
  vscode: /^src\/extension\//,
  'better-sqlite3': /^src\/vault\/database\.ts$/,
};

const longest = 300;
const mayBeLong = /(^|\/)(migrations|fixtures|data)(\/|\.|$)/i;

/** Checks the sources below `root` (`src`, `webview-ui`; sizes also of `test` and `scripts`). */
export async function checkArchitecture(root: string): Promise<{ files: SourceFile[]; violations: Violation[] }> {
  const paths = list(root, ['src/**/*.ts', 'webview-ui/**/*.ts']).filter((path) => !path.endsWith('.d.ts'));
  const files = await readSources(root, paths);
  const sized = list(root, ['{src,webview-ui,test,scripts}/**/*.{ts,mjs,css}', '*.mjs']);
  return {
    files,
    violations: [
      ...files.flatMap((file) => [...checkImports(file), ...checkShape(file)]),
      ...findCycles(files).map((cycle) => ({ rule: 'cycle', file: cycle[0] ?? '', detail: cycle.join(' → ') })),
      ...checkSizes(root, sized),
    ],
  };
}

function list(root: string, patterns: string[]): string[] {
  return globSync(patterns, { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !/(^|\/)(node_modules|sample)\//.test(path))
    .sort();
}

function checkImports({ path, imports }: SourceFile): Violation[] {
  return imports.flatMap((one) => {
    const rule = brokenRule(path, one);
    return rule ? [{ rule, file: path, detail: `${one.typeOnly ? 'type of ' : ''}${one.specifier}` }] : [];
  });
}

function brokenRule(path: string, { specifier, target, typeOnly }: Import): string | null {
  const owner = Object.keys(reserved).find((name) => specifier === name || specifier.startsWith(`${name}/`));
  if (owner) return reserved[owner]?.test(path) ? null : `reserved package ${owner}`;
  if (target === null || !target.endsWith('.ts')) return null;
  const [from, to] = [placeOf(path), placeOf(target)];
  if (from === to) return from === 'webview-ui' ? crossPanel(path, target) : null;
  if (doorways[target] === from) return null;
  const permission = importTable[from]?.[to as Room];
  if (permission === 'all' || (permission === 'types' && typeOnly)) return null;
  return permission === 'types' ? 'only types' : 'import table';
}

/** `src/vault/x.ts` is in `vault`, `webview-ui/lab/x.ts` in `webview-ui`. */
function placeOf(path: string): string {
  const [top = '', second = ''] = path.split('/');
  return top === 'src' ? second : top;
}

function crossPanel(path: string, target: string): string | null {
  const [from, to] = [path.split('/')[1], target.split('/')[1]];
  return from === to || to === 'shared' ? null : 'import table';
}

function checkShape({ path, text, exports }: SourceFile): Violation[] {
  const found: [boolean, string][] = [
    [exports.includes('default'), 'default export'],
    [isBarrel(path, text), 'barrel'],
    [/(^|\/)utils?(\/|\.ts$)/i.test(path), 'utils'],
    [placeOf(path) !== 'webview-ui' && !Object.hasOwn(importTable, placeOf(path)), 'unknown room'],
  ];
  return found.filter(([broken]) => broken).map(([, rule]) => ({ rule, file: path, detail: posix.basename(path) }));
}

/** A file that only passes on what others export. */
function isBarrel(path: string, text: string): boolean {
  if (posix.basename(path) === 'index.ts') return true;
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const passesOn = /^\s*export (type )?(\*|\{[^}]*\})( as \w+)? from '[^']+';/gm;
  return passesOn.test(code) && code.replaceAll(passesOn, '').trim() === '';
}

function checkSizes(root: string, paths: string[]): Violation[] {
  return paths.flatMap((path) => {
    if (mayBeLong.test(path)) return [];
    const lines = readFileSync(join(root, path), 'utf8').split('\n').length - 1;
    return lines > longest ? [{ rule: 'file size', file: path, detail: `${lines} lines` }] : [];
  });
}
