import * as vscode from 'vscode';

/** Shows a secret this one time, with a button that copies it. */
export async function showOnce(p: { what: string; secret: string; detail: string }): Promise<void> {
  const copy = 'Copy';
  const detail = `${p.secret}\n\n${p.detail} It is not shown again.`;
  const chosen = await vscode.window.showInformationMessage(p.what, { modal: true, detail }, copy);
  if (chosen !== copy) return;
  await vscode.env.clipboard.writeText(p.secret);
  vscode.window.setStatusBarMessage('$(key) Copied', 5000);
}
