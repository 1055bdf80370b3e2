import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const watching = process.argv.includes('--watch');

const common = {
  absWorkingDir: root,
  bundle: true,
  metafile: true,
  minify: !watching,
  // Names of classes and functions stay readable in stack traces and logs.
  keepNames: true,
  sourcemap: 'linked',
  legalComments: 'none',
  logLevel: 'silent',
};

// Sources run as ES modules in tests and as CommonJS here.
const nodeBundle = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  external: ['vscode'],
  define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
};
const browserBundle = {
  ...common,
  platform: 'browser',
  format: 'iife',
  target: 'chrome134',
  loader: { '.svg': 'dataurl' },
};

// Loaded when first used, each a file of its own in `dist`: the extension's features, which a window without a vault never
// needs, the vendors' SDKs and the tokenizer, which cost 15 to 140 ms and 8 to 20 MB each, and the parser of HTML.
const lazyModels = ['openaiSdk', 'anthropic', 'google', 'tokenizer'];
const lazyFiles = new Map([
  ['src/extension/features.ts', './features.js'],
  ...lazyModels.map((name) => [`src/models/${name}.ts`, `./models/${name}.js`]),
  ['src/lab/checks/htmlSyntax.ts', './checks/htmlSyntax.js'],
  ['src/mcp/serveMcp.ts', './mcp.js'],
  ['src/extension/agents/invokeTool.ts', './agents/invokeTool.js'],
  ['src/server/serveVault.ts', './server.js'],
]);
const lazy = {
  name: 'lazy',
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\/[\w./]+\.ts$/ }, ({ kind, path, resolveDir }) => {
      const file = relative(root, join(resolveDir, path)).replaceAll('\\', '/');
      const own = kind === 'dynamic-import' && lazyFiles.get(file);
      return own ? { path: own, external: true } : undefined;
    });
  },
};

// As an ES module the some 500 names of `vscode` are copied for every file that imports it, which was half of the time that
// the extension took to load.
const vscodeAsIs = {
  name: 'vscodeAsIs',
  setup({ onLoad }) {
    onLoad({ filter: /src[\\/]extension[\\/].*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(
        "import * as vscode from 'vscode';",
        "const vscode = require('vscode');",
      ),
      loader: 'ts',
    }));
  },
};

// The oldest Node that people still have must be able to parse the file, or it cannot say what it needs.
const oldNode = [
  "if (!(Number(process.versions.napi) >= 10)) { require('fs').writeSync(2, ",
  "'promptvault needs Node.js 22.14 or newer; this is ' + process.version + '. Install it from https://nodejs.org\\n'",
  '); process.exit(1); }',
].join('');

const bundles = [
  {
    ...nodeBundle,
    entryPoints: ['extension', 'features', 'agents/invokeTool'].map((name) => `src/extension/${name}.ts`),
    outdir: 'dist',
    plugins: [vscodeAsIs, lazy],
    // VS Code gives `vscode` to what is required.
    supported: { 'dynamic-import': false },
  },
  {
    ...nodeBundle,
    entryPoints: ['src/engine/engineProcess.ts'],
    outfile: 'dist/engine.js',
    plugins: [lazy],
  },
  {
    ...nodeBundle,
    entryPoints: ['src/cli/cli.ts'],
    outfile: 'dist/cli.js',
    plugins: [lazy],
    target: 'node18',
    banner: { js: `${hasShebang('src/cli/cli.ts') ? '' : '#!/usr/bin/env node\n'}${oldNode}` },
  },
  {
    ...nodeBundle,
    entryPoints: ['src/mcp/serveMcp.ts'],
    outfile: 'dist/mcp.js',
  },
  {
    ...nodeBundle,
    entryPoints: ['src/server/serveVault.ts'],
    outfile: 'dist/server.js',
  },
  // For applications, in any runtime with fetch: what Node alone has is asked of the running process.
  {
    ...common,
    platform: 'neutral',
    // An error that nobody catches shows the line of its source: minified, that is the whole file.
    minify: false,
    sourcemap: false,
    // Giving every closure its name again would cost a get more than all else it does.
    keepNames: false,
    format: 'esm',
    target: 'es2022',
    entryPoints: ['src/publish/client/client.ts'],
    outfile: 'dist/client.mjs',
  },
  {
    ...nodeBundle,
    entryPoints: lazyModels.map((name) => `src/models/${name}.ts`),
    outdir: 'dist/models',
  },
  // The work by a schema is loaded by its path, in a thread of its own.
  {
    ...nodeBundle,
    entryPoints: ['htmlSyntax', 'schemaWork'].map((name) => `src/lab/checks/${name}.ts`),
    outdir: 'dist/checks',
  },
  {
    // Each is loaded by its path, in a thread of its own.
    ...nodeBundle,
    entryPoints: ['mysql', 'postgresql', 'sqlite'].map((name) => `node_modules/node-sql-parser/build/${name}.js`),
    outdir: 'dist/sql',
    sourcemap: false,
  },
  {
    ...browserBundle,
    entryPoints: { editor: 'webview-ui/editor/main.ts', lab: 'webview-ui/lab/main.ts' },
    outdir: 'dist/webview',
  },
  // The web library is opened in anybody's browser.
  {
    ...browserBundle,
    entryPoints: { library: 'webview-ui/library/main.ts' },
    outdir: 'dist',
    target: ['chrome125', 'firefox125', 'safari17.5'],
  },
  // Loaded once the page has been painted.
  {
    ...browserBundle,
    entryPoints: { textEditors: 'webview-ui/editor/textEditors.ts' },
    format: 'esm',
    outdir: 'dist/webview',
  },
];

const copies = [
  ...['codicon.css', 'codicon.ttf'].map((file) => [
    `node_modules/@vscode/codicons/dist/${file}`,
    `dist/webview/${file}`,
  ]),
  // The bundled driver looks for its binary in `<its folder>/../prebuilds`.
  ...readdirSync(join(root, 'node_modules/better-sqlite3/prebuilds')).map((file) => [
    `node_modules/better-sqlite3/prebuilds/${file}`,
    `prebuilds/${file}`,
  ]),
];

const clientTypes = 'dist/client.d.mts';

/** The client's types as one file that imports nothing. What does not compile is for `npm run check` to say. */
function declareClient() {
  const folder = mkdtempSync(join(tmpdir(), 'promptvault-client-'));
  const options =
    '--declaration --emitDeclarationOnly --allowImportingTsExtensions --strict --skipLibCheck --types node';
  const target = '--target es2023 --lib es2024,dom --module esnext --moduleResolution bundler';
  const words = `--ignoreConfig src/publish/client/client.ts ${options} ${target} --outDir`.split(' ');
  spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', ...words, folder], { cwd: root });
  const [own, types] = ['client', 'clientTypes'].map((name) =>
    readFileSync(join(folder, `publish/client/${name}.d.ts`), 'utf8'),
  );
  const text = types + own.replaceAll(/^(import|export) .* from '\.\/clientTypes\.ts';\n/gm, '\n');
  if (/^(import|export) .* from /m.test(text)) throw new Error(`${clientTypes} would import the sources:\n${text}`);
  const fresh = join(folder, 'client.d.mts');
  writeFileSync(fresh, text);
  copyChanged([fresh, clientTypes]);
  rmSync(folder, { recursive: true });
}

function hasShebang(file) {
  const path = join(root, file);
  return existsSync(path) && readFileSync(path, 'utf8').startsWith('#!');
}

/** A running process may have the old file mapped, so a changed one takes its place by rename. */
function copyChanged([from, to]) {
  const [source, target] = [resolve(root, from), join(root, to)];
  const content = readFileSync(source);
  if (existsSync(target) && statSync(target).size === content.length && readFileSync(target).equals(content)) return;
  mkdirSync(dirname(target), { recursive: true });
  const temporary = `${target}.${process.pid}`;
  writeFileSync(temporary, content);
  renameSync(temporary, target);
}

function removeStale(results) {
  const known = new Set([clientTypes, ...results.flatMap((result) => Object.keys(result.metafile.outputs))]);
  for (const [, to] of copies) known.add(to);
  for (const entry of readdirSync(join(root, 'dist'), { recursive: true, withFileTypes: true })) {
    const file = relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/');
    if (entry.isFile() && !known.has(file)) rmSync(join(root, file), { force: true });
  }
}

function report({ errors = [], warnings = [] }) {
  for (const { text, location } of [...errors, ...warnings]) {
    const where = location ? `${location.file}:${location.line}:${location.column + 1}: ` : '';
    console.error(`${where}${text}`);
  }
  return errors.length + warnings.length;
}

async function buildAll() {
  const settled = await Promise.allSettled(bundles.map((options) => build(options)));
  for (const copy of copies) copyChanged(copy);
  declareClient();
  const problems = settled.reduce((sum, one) => sum + report(one.status === 'fulfilled' ? one.value : one.reason), 0);
  if (problems > 0) {
    console.error(`Build failed: ${problems} problem${problems === 1 ? '' : 's'}`);
    process.exit(1);
  }
  removeStale(settled.map((one) => one.value));
}

async function watchAll() {
  for (const copy of copies) copyChanged(copy);
  const announce = {
    name: 'announce',
    setup({ initialOptions, onEnd }) {
      const name = relative(root, initialOptions.outfile ?? initialOptions.outdir);
      onEnd((result) => console.log(`${report(result) === 0 ? 'built' : 'failed'} ${name}`));
    },
  };
  for (const options of bundles) {
    const watcher = await context({ ...options, plugins: [...(options.plugins ?? []), announce] });
    await watcher.watch();
  }
}

await (watching ? watchAll() : buildAll());
