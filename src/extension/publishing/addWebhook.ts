import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Webhook, WebhookAction } from '../../publish/types.ts';
import { chooseVault } from '../chooseVault.ts';
import type { Deps } from '../deps.ts';
import { freeName, placeOf, switchOn } from './addTarget.ts';
import { askChoice, askText, type ChosenTarget } from './askTarget.ts';
import { checkAddress, checkTargetName, type WebhookSetting } from './publishSettings.ts';
import type { PublishStore } from './publishStore.ts';
import { showOnce } from './showOnce.ts';

type Needs = Pick<Deps, 'vaults'> & { publishing: PublishStore };

const actions: { [Action in WebhookAction]: { label: string; picked: boolean } } = {
  'promoted.PRD': { label: 'A version goes to production', picked: true },
  rolledBack: { label: 'A rollback, with its reason and what changed', picked: true },
  moved: { label: 'A prompt is renamed or moved', picked: true },
  'promoted.TST': { label: 'A version goes to test', picked: false },
  retired: { label: 'A version is retired', picked: false },
};

/** Asks for all a webhook needs and stores it for this person. Answers its name. */
export async function addWebhook(deps: Needs): Promise<ChosenTarget | undefined> {
  const vault = await chooseVault(deps, 'Add a webhook');
  if (!vault) return undefined;
  const step = (count: number) => `Add a webhook (${count}/4)`;
  const format = await askChoice<NonNullable<Webhook['format']>>(step(1), [
    { label: 'A service of your own', detail: 'Signed JSON: HMAC-SHA256 over the time and the body', value: 'json' },
    { label: 'Slack, or what takes its messages', detail: 'A text that says who did what and why', value: 'slack' },
  ]);
  if (!format) return undefined;
  const url = await askText({
    title: step(2),
    prompt: 'The address that is told',
    placeHolder: format === 'slack' ? 'https://hooks.slack.com/services/…' : 'https://example.com/hooks/prompts',
    check: checkAddress,
  });
  if (!url) return undefined;
  const taken = deps.publishing.names();
  const name = await askText({
    title: step(3),
    prompt: 'A name for it. The vault knows a webhook by its name alone; the address stays in your settings.',
    value: freeName(format === 'slack' ? 'slack' : 'webhook', taken),
    check: (text) => checkTargetName(text, taken),
  });
  if (!name) return undefined;
  const items = Object.entries(actions).map(([action, rest]) => ({ ...rest, action: action as WebhookAction }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: step(4),
    placeHolder: 'What it is told of',
    canPickMany: true,
    ignoreFocusOut: true,
  });
  if (!chosen || chosen.length === 0) return undefined;
  const setting: WebhookSetting = {
    ...{ name, url, actions: chosen.map(({ action }) => action), vaults: [placeOf(deps, vault)] },
    ...(format === 'slack' && { format }),
  };
  const secret = format === 'json' ? `whsec_${randomBytes(32).toString('base64url')}` : '';
  await deps.publishing.setSecret('webhook', setting, secret);
  await deps.publishing.save('webhook', setting);
  await switchOn(deps, { vault, name });
  if (secret) {
    const detail = 'The service checks with it that a message is from here. It is kept in secret storage.';
    await showOnce({ what: `Signing secret of ${name}`, secret, detail });
  }
  return { vault, name };
}
