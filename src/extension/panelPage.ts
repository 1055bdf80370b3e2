import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';

export type PanelName = 'editor' | 'lab';

/** Scripts off by default, only our own folder, and nothing from the network. */
export function panelOptions(extensionUri: vscode.Uri): vscode.WebviewOptions & vscode.WebviewPanelOptions {
  return {
    enableScripts: true,
    retainContextWhenHidden: true,
    localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist', 'webview')],
  };
}

// Read once: a window keeps the files it was started with.
const read = new Map<string, string>();
function builtFile(extensionUri: vscode.Uri, name: string): string {
  const path = join(extensionUri.fsPath, 'dist', 'webview', name);
  const text = read.get(path) ?? readFileSync(path, 'utf8');
  read.set(path, text);
  return text;
}

const fontFace = /@font-face \{[^}]*\}/;
/** Until their font is there; who has no font shows a box for each. */
const iconsHidden = ':root { --icons: 0 } .codicon::before { opacity: var(--icons, 1) }';

/**
 * The page of a panel: one script, its styles, a content policy that lets nothing else in but what that script loads. They
 * stand in the page itself: VS Code shows a page once all its files are there, and each takes 15 to 60 ms on its way. So does
 * `state`: what the page shows at once, before it asks. The font of the icons is left for the page to load once it is shown.
 */
export function panelPage({ webview, extensionUri, name, title, state }: PageRequest): string {
  const nonce = randomBytes(16).toString('base64');
  const file = (path: string) => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'webview', path));
  const icons = `${builtFile(extensionUri, 'codicon.css').replace(fontFace, '')}${iconsHidden}`;
  const data = state === undefined ? '' : JSON.stringify(state).replaceAll('<', '\\u003c');
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data:`,
    `connect-src 'none'`,
    `form-action 'none'`,
    `base-uri 'none'`,
    `frame-src 'none'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style nonce="${nonce}" id="vscode-codicon-stylesheet">${icons}</style>
<style nonce="${nonce}">${builtFile(extensionUri, `${name}.css`)}</style>
</head>
<body data-nonce="${nonce}" data-files="${file('')}/">
<pv-${name}></pv-${name}>
<script type="application/json" id="state">${data}</script>
<script nonce="${nonce}">${builtFile(extensionUri, `${name}.js`)}</script>
</body>
</html>`;
}

type PageRequest = {
  webview: vscode.Webview;
  extensionUri: vscode.Uri;
  name: PanelName;
  title: string;
  state?: unknown;
};
