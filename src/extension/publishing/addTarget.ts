import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { PresetName, SyncTarget } from '../../publish/types.ts';
import { codeOf } from '../../shared/errors.ts';
import { chooseVault } from '../chooseVault.ts';
import type { Deps } from '../deps.ts';
import { originOf } from '../modelKeys.ts';
import { askChoice, askText, type ChosenTarget } from './askTarget.ts';
import { checkAddress, checkTargetName, type TargetSetting } from './publishSettings.ts';
import type { PublishStore } from './publishStore.ts';

type Needs = Pick<Deps, 'vaults'> & { publishing: PublishStore };
type Shape = PresetName | 'own';

const shapes: { value: Shape; label: string; detail: string; example: string; secret: string }[] = [
  {
    value: 'own',
    label: 'An endpoint of your own',
    detail: 'One PUT per prompt with what `get` answers; {path} in the address stands for the prompt',
    example: 'https://prompts.example.com/api/{path}',
    secret: 'Token, sent as Authorization: Bearer',
  },
  {
    value: 'etcd',
    label: 'etcd',
    detail: 'Its JSON gateway',
    example: 'http://127.0.0.1:2379',
    secret: 'Token of etcd, where it wants one',
  },
  {
    value: 'consul',
    label: 'Consul',
    detail: 'Its key-value store',
    example: 'http://127.0.0.1:8500',
    secret: 'Token of Consul, where it wants one',
  },
  {
    value: 'couchdb',
    label: 'CouchDB',
    detail: 'One document per prompt; the address ends with the database',
    example: 'http://127.0.0.1:5984/prompts',
    secret: 'user:password, or a token',
  },
  {
    value: 's3',
    label: 'S3 or a store like it',
    detail: 'One object per prompt; the address ends with the bucket',
    example: 'https://s3.eu-central-1.amazonaws.com/my-bucket',
    secret: 'Secret access key',
  },
  {
    value: 'cloudflare-kv',
    label: 'Cloudflare KV',
    detail: 'The address names account and namespace',
    example: 'https://api.cloudflare.com/client/v4/accounts/…/storage/kv/namespaces/…',
    secret: 'API token of Cloudflare',
  },
];

/** Asks for all a sync target needs and stores it for this person: the address in user settings, the secret apart. Answers its name. */
export async function addTarget(deps: Needs): Promise<ChosenTarget | undefined> {
  const vault = await chooseVault(deps, 'Add a sync target');
  if (!vault) return undefined;
  const step = (count: number) => `Add a sync target (${count}/5)`;
  const shape = await vscode.window.showQuickPick(shapes, { title: step(1), ignoreFocusOut: true });
  if (!shape) return undefined;
  const taken = deps.publishing.names();
  const name = await askText({
    title: step(2),
    prompt: 'A name for it. The vault knows a target by its name alone; the address stays in your settings.',
    value: freeName(shape.value === 'own' ? 'production' : shape.value, taken),
    check: (text) => checkTargetName(text, taken),
  });
  if (!name) return undefined;
  const url = await askText({
    title: step(3),
    prompt: `The address. ${shape.detail}.`,
    placeHolder: shape.example,
    check: checkAddress,
  });
  if (!url) return undefined;
  const store = shape.value === 's3' ? await askStore(url) : {};
  if (!store) return undefined;
  const secret = await askSecret(step(4), shape.secret, url);
  if (secret === undefined) return undefined;
  const automatic = await askChoice(step(5), [
    { label: 'When I say so', detail: 'Sync Now in the Publishing view, or promptvault sync', value: false },
    { label: 'On every promotion', detail: 'What goes to PRD in this vault is sent at once', value: true },
  ]);
  if (automatic === undefined) return undefined;
  const setting: TargetSetting = {
    ...{ name, url, ...store },
    ...(shape.value !== 'own' && { preset: shape.value }),
    ...(automatic && { automatic, vaults: [placeOf(deps, vault)] }),
  };
  // The secret first: nothing is sent without it in between.
  await deps.publishing.setSecret('sync', setting, secret);
  await deps.publishing.save('sync', setting);
  await switchOn(deps, { vault, name });
  return { vault, name };
}

/** One of this name may have been switched off when it was removed before. A vault that can only be read remembers nothing. */
export async function switchOn({ vaults }: Pick<Deps, 'vaults'>, { vault, name }: ChosenTarget): Promise<void> {
  const engine = await vaults.engine(vault);
  await engine.setTarget({ name, state: 'on' }).catch((error: unknown) => {
    if (codeOf(error) !== 'READ_ONLY') throw error;
  });
}

/** A target sends by itself only from the vaults it names: this one's folder. */
export function placeOf({ vaults }: Pick<Deps, 'vaults'>, vault: string): string {
  return dirname(dirname(vaults.find(vault)?.file ?? ''));
}

export const askSecret = (title: string, what: string, url: string): Promise<string | undefined> =>
  askText({
    title,
    prompt: `${what}. Sent to ${originOf(url)} and nowhere else; kept in VS Code's secret storage. Empty for none.`,
    password: true,
  });

async function askStore(url: string): Promise<{ s3: NonNullable<TargetSetting['s3']> } | undefined> {
  const region = await askText({
    title: 'Region of the store',
    prompt: 'Stores that know no regions take us-east-1',
    value: /\.([a-z]+-[a-z]+-\d)\./.exec(url)?.[1] ?? 'us-east-1',
  });
  if (!region) return undefined;
  const accessKeyId = await askText({ title: 'Access key ID', prompt: 'The secret access key is asked for next' });
  return accessKeyId ? { s3: { region, accessKeyId } } : undefined;
}

export function freeName(wanted: string, taken: readonly string[]): string {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    if (!taken.includes(name)) return name;
  }
}

/** What a target's secret is called where it is asked for again. */
export function secretWords({ preset }: Pick<SyncTarget, 'preset'>): string {
  return shapes.find(({ value }) => value === (preset ?? 'own'))?.secret ?? 'Token';
}
