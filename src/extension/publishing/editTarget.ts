import * as vscode from 'vscode';
import { VaultError } from '../../shared/errors.ts';
import type { Deps } from '../deps.ts';
import { originOf } from '../modelKeys.ts';
import { askSecret, placeOf, secretWords } from './addTarget.ts';
import { askChoice, askText, type ChosenTarget, confirmed } from './askTarget.ts';
import { checkAddress, type TargetSetting, type WebhookSetting } from './publishSettings.ts';
import type { PublishStore, TargetKind } from './publishStore.ts';

type Needs = Pick<Deps, 'vaults'> & { publishing: PublishStore };
type Found = { kind: 'sync'; setting: TargetSetting } | { kind: 'webhook'; setting: WebhookSetting };

/** The setting of a name; NOT_FOUND where nobody here has set it up. */
export function findSetting(publishing: PublishStore, name: string): Found {
  const target = publishing.list('sync').find((one) => one.name === name);
  if (target) return { kind: 'sync', setting: target };
  const webhook = publishing.list('webhook').find((one) => one.name === name);
  if (webhook) return { kind: 'webhook', setting: webhook };
  throw new VaultError('NOT_FOUND', `${name} is not set up here: the vault knows its name from somebody else`);
}

/** Changes the address, the secret or when it sends; the rest is in the settings. */
export async function editTarget(deps: Needs, { vault, name }: ChosenTarget): Promise<void> {
  const { kind, setting } = findSetting(deps.publishing, name);
  const state = await deps.publishing.secretState(kind, setting);
  const secretSaid = {
    none: 'None is stored',
    stored: 'One is stored',
    elsewhere: 'One is stored for another address',
  };
  const automatic = kind === 'sync' && setting.automatic;
  const change = await askChoice(`Edit ${name}`, [
    { label: 'Address…', detail: setting.url, value: 'url' as const },
    {
      label: kind === 'sync' ? 'Token or key…' : 'Signing secret…',
      detail: secretSaid[state],
      value: 'secret' as const,
    },
    ...(kind === 'sync'
      ? [{ label: automatic ? 'Send only when I say so' : 'Send on every promotion', value: 'automatic' as const }]
      : []),
    { label: 'Switch off', detail: 'Nothing is sent until you enable it again', value: 'off' as const },
    { label: 'Open settings.json', detail: 'Headers, templates, events and vaults', value: 'file' as const },
  ]);
  if (change === 'url') await editAddress(deps, { kind, setting } as Found);
  if (change === 'secret') await editSecret(deps, { kind, setting } as Found);
  if (change === 'off') await (await deps.vaults.engine(vault)).setTarget({ name, state: 'off' });
  if (change === 'file') await openSettings(kind);
  if (change === 'automatic' && kind === 'sync') {
    const place = placeOf(deps, vault);
    const { vaults = [], ...rest } = setting;
    const next = { ...rest, automatic: !automatic, vaults: vaults.includes(place) ? vaults : [...vaults, place] };
    await deps.publishing.save('sync', next);
  }
}

async function editAddress({ publishing }: Needs, { kind, setting }: Found): Promise<void> {
  const title = `Address of ${setting.name}`;
  const prompt = 'A secret that is stored for another origin is not sent to this one: it is asked for again.';
  const url = await askText({ title, prompt, value: setting.url, check: checkAddress });
  if (!url || url === setting.url) return;
  const moved = originOf(url) !== originOf(setting.url);
  const next = { ...setting, url };
  if (moved && (await publishing.secretState(kind, setting)) !== 'none') {
    await editSecret({ publishing }, { kind, setting: next } as Found);
  }
  await publishing.save(kind, next as never);
}

async function editSecret({ publishing }: Pick<Needs, 'publishing'>, { kind, setting }: Found): Promise<void> {
  const words = kind === 'sync' ? secretWords(setting) : 'The secret that messages are signed with';
  const secret = await askSecret(`Secret of ${setting.name}`, words, setting.url);
  if (secret !== undefined) await publishing.setSecret(kind, setting, secret);
}

async function openSettings(kind: TargetKind): Promise<void> {
  const key = kind === 'sync' ? 'promptvault.sync.targets' : 'promptvault.webhooks';
  await vscode.commands.executeCommand('workbench.action.openSettingsJson', { revealSetting: { key, edit: true } });
}

/** Forgets the address, the secret, and what the vault remembers of the target. Nothing is sent any more. */
export async function removeTarget({ vaults, publishing }: Needs, { vault, name }: ChosenTarget): Promise<boolean> {
  const kind = (['sync', 'webhook'] as const).find((one) => publishing.list(one).some((each) => each.name === name));
  const own = kind && publishing.list(kind).find((one) => one.name === name);
  const forgotten = own
    ? `${own.url}\n\nIts address and its secret are forgotten on this machine, and its deliveries in the vault.`
    : 'It is not set up here. What the vault remembers of its deliveries is forgotten.';
  if (!(await confirmed(`Remove ${name}?`, `${forgotten} What it serves stays as it is.`, 'Remove'))) return false;
  // First the setting: the engine would tell the vault of it again.
  if (kind) await publishing.remove(kind, name);
  await (await vaults.engine(vault)).forgetTarget({ name });
  return true;
}
