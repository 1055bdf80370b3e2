import { randomBytes } from 'node:crypto';
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

/** The page of a panel: one script, its styles, a content policy that lets nothing else in. */
export function panelPage({ webview, extensionUri, name, title }: PageRequest): string {
  const nonce = randomBytes(16).toString('base64');
  const file = (path: string) => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'webview', path));
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
<link rel="stylesheet" href="${file('codicon.css')}" id="vscode-codicon-stylesheet" nonce="${nonce}">
<link rel="stylesheet" href="${file(`${name}.css`)}" nonce="${nonce}">
</head>
<body data-nonce="${nonce}">
<pv-${name}></pv-${name}>
<script nonce="${nonce}" src="${file(`${name}.js`)}"></script>
</body>
</html>`;
}

type PageRequest = { webview: vscode.Webview; extensionUri: vscode.Uri; name: PanelName; title: string };
