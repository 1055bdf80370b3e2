import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { type ThemeName, themeClasses, themeCss } from './themes.ts';

export type PanelServer = {
  url(panel: 'editor' | 'lab', query?: Record<string, string>): string;
  close(): Promise<void>;
};

const root = resolve(import.meta.dirname, '../../..');
const casesFile = join(root, 'test/fixtures/data/banking-cases-20.csv');
const nonce = 'harnessnonce';
const types: Record<string, string> = { js: 'text/javascript', css: 'text/css', ttf: 'font/ttf' };

/** Builds both panels with a host in the page, and serves them under the policy VS Code's page has. Nothing is cached. */
export async function servePanels(): Promise<PanelServer> {
  const folder = await mkdtemp(join(tmpdir(), 'promptvault-panels-'));
  const common = {
    absWorkingDir: root,
    bundle: true,
    platform: 'browser',
    target: 'chrome134',
    outdir: folder,
    logLevel: 'silent',
  } as const;
  await build({ ...common, format: 'esm', entryPoints: { textEditors: 'webview-ui/editor/textEditors.ts' } });
  await build({
    ...common,
    format: 'iife',
    define: { bankingCases: JSON.stringify(await readFile(casesFile, 'utf8')) },
    entryPoints: {
      editor: 'webview-ui/editor/main.ts',
      lab: 'webview-ui/lab/main.ts',
      editorHost: 'test/support/panelHarness/editorHost.ts',
      labHost: 'test/support/panelHarness/labHost.ts',
    },
  });
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    answer(folder, url).then(
      ({ type, body }) => response.writeHead(200, { 'content-type': type }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: (panel, query = {}) => `${origin}/${panel}?${new URLSearchParams(query)}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answer(folder: string, url: URL): Promise<{ type: string; body: string | Buffer }> {
  const name = url.pathname.slice(1);
  if (name === 'editor' || name === 'lab') {
    const theme = (url.searchParams.get('theme') ?? 'dark') as ThemeName;
    return { type: 'text/html', body: page(name, { theme, origin: url.origin }) };
  }
  if (name.includes('/') || name.includes('..')) throw new Error('Not here');
  const from = name.startsWith('codicon.') ? join(root, 'node_modules/@vscode/codicons/dist') : folder;
  return { type: types[name.split('.').at(-1) ?? ''] ?? 'text/plain', body: await readFile(join(from, name)) };
}

function page(panel: string, { theme }: { theme: ThemeName; origin: string }): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; font-src 'self'; img-src 'self' data:; connect-src 'none'; form-action 'none'; base-uri 'none'; frame-src 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<title>PromptVault ${panel}</title>
<style nonce="${nonce}">${themeCss(theme)}</style>
<link rel="stylesheet" href="codicon.css" id="vscode-codicon-stylesheet" nonce="${nonce}">
<link rel="stylesheet" href="${panel}.css" nonce="${nonce}">
</head>
<body class="${themeClasses[theme]}">
<div id="root"></div>
<script nonce="${nonce}" src="${panel}Host.js"></script>
<script nonce="${nonce}" src="${panel}.js"></script>
</body>
</html>`;
}
