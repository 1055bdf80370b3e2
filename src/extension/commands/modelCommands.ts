import * as vscode from 'vscode';
import type { Deps } from '../deps.ts';
import { isKeyVendor, type KeyVendor, keyVendors } from '../modelKeys.ts';
import { registerCommands } from '../registerCommands.ts';
import { setForUser } from '../settings.ts';
import { withAbort } from '../withAbort.ts';

type Needs = Pick<Deps, 'keys' | 'vaults' | 'log'>;

export function registerModelCommands(deps: Needs): vscode.Disposable {
  return registerCommands(
    {
      'promptvault.models.setKey': async (given) => setKey(deps, given),
      'promptvault.models.removeKey': async (given) => {
        const vendor = await chooseVendor(given, 'Remove API key of');
        if (!vendor) return;
        await deps.keys.remove(vendor);
        vscode.window.setStatusBarMessage(`$(key) The ${keyVendors[vendor].label} key is removed`, 5000);
      },
    },
    deps.log,
  );
}

async function chooseVendor(given: string | undefined, title: string): Promise<KeyVendor | undefined> {
  if (given && isKeyVendor(given)) return given;
  const items = Object.entries(keyVendors).map(([vendor, { label }]) => ({ label, vendor: vendor as KeyVendor }));
  return (await vscode.window.showQuickPick(items, { title }))?.vendor;
}

/** Asks for a key, stores it for the origin that calls go to now, and tells whether it works. */
async function setKey(deps: Needs, given: string | undefined): Promise<void> {
  const vendor = await chooseVendor(given, 'Set API key of');
  if (!vendor || (vendor === 'compatible' && !(await askAddress(deps)))) return;
  const { label } = keyVendors[vendor];
  const origin = deps.keys.origin(vendor);
  const stored = await deps.keys.stored(vendor);
  const known = stored && stored.origin !== origin ? ` A key for ${stored.origin} is stored: it is replaced.` : '';
  const optional = vendor === 'compatible' ? ' Leave it empty when the server needs none.' : '';
  const key = await vscode.window.showInputBox({
    title: `API key of ${label}`,
    prompt: `Sent to ${origin} and nowhere else; kept in VS Code's secret storage.${known}${optional}`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() || vendor === 'compatible' ? undefined : 'Paste the key'),
  });
  if (key === undefined) return;
  if (key.trim()) await deps.keys.set(vendor, key.trim());
  else await deps.keys.remove(vendor);
  await testConnection(deps, vendor);
}

async function askAddress({ keys }: Needs): Promise<boolean> {
  const value = await vscode.window.showInputBox({
    title: 'Address of the OpenAI-compatible server',
    prompt: 'For example http://localhost:11434 for Ollama or http://localhost:1234 for LM Studio',
    value: keys.origin('compatible'),
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^https?:\/\/[^\s/]+/.test(text.trim()) ? undefined : 'An address begins with http:// or https://',
  });
  if (!value) return false;
  await setForUser('models.compatible.baseUrl', value.trim());
  return true;
}

async function testConnection({ vaults, log }: Needs, vendor: KeyVendor): Promise<void> {
  const { label } = keyVendors[vendor];
  if (vaults.present().length === 0) {
    void vscode.window.showInformationMessage(`The ${label} key is stored. It is tested once there is a vault.`);
    return;
  }
  const engine = await vaults.engine();
  const options = { location: vscode.ProgressLocation.Notification, title: `Testing ${label}`, cancellable: true };
  const result = await vscode.window.withProgress(options, async (_progress, token) =>
    withAbort(token, (signal) => engine.testConnection({ vendor }, signal)),
  );
  if (result.ok) {
    const time = result.latencyMs === null ? '' : ` (${Math.round(result.latencyMs)} ms)`;
    void vscode.window.showInformationMessage(`${label} answers${time}. The key is stored.`);
    return;
  }
  const again = 'Enter Another Key';
  const message = `The key is stored, but ${label} did not accept it: ${result.message}`;
  const chosen = await vscode.window.showWarningMessage(message, again, 'Show Log');
  if (chosen === again) await vscode.commands.executeCommand('promptvault.models.setKey', vendor);
  if (chosen === 'Show Log') log.show();
}
