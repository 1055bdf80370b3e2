// The least a webview panel can be: what is left is VS Code's own time.
const vscode = require('vscode');

exports.activate = (context) => {
  let panel;
  const open = () => {
    panel?.dispose();
    panel = vscode.window.createWebviewPanel('blank', 'Blank', vscode.ViewColumn.Active, { enableScripts: true });
    panel.webview.html = '<!DOCTYPE html><p id="blank">Blank</p>';
  };
  const item = vscode.window.createStatusBarItem();
  item.text = 'Open Blank';
  item.command = 'blank.open';
  item.show();
  context.subscriptions.push(item, vscode.commands.registerCommand('blank.open', open));
};
