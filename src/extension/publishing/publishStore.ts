import * as vscode from 'vscode';
import type { PublishSettings } from '../../publish/types.ts';
import { originOf, type StoredKey } from '../modelKeys.ts';
import { onDidChangeSetting, setForUser, settings } from '../settings.ts';
import {
  readTargetSettings,
  readWebhookSettings,
  type TargetSetting,
  type WebhookSetting,
  withSecret,
  withToken,
} from './publishSettings.ts';

export type TargetKind = 'sync' | 'webhook';
type SettingOf = { sync: TargetSetting; webhook: WebhookSetting };
/** `elsewhere`: one is stored, but for another address than the setting's. It is not sent there. */
export type SecretState = 'none' | 'stored' | 'elsewhere';

/** Where this person lets prompts go: addresses in user settings, secrets in VS Code's SecretStorage. */
export type PublishStore = {
  /** All of it, as the engine asks for it at each use. */
  publishing(): Promise<PublishSettings>;
  list<Kind extends TargetKind>(kind: Kind): SettingOf[Kind][];
  names(): string[];
  /** Adds a setting, or replaces the one of its name. */
  save<Kind extends TargetKind>(kind: Kind, setting: SettingOf[Kind]): Promise<void>;
  /** Binds a secret to the name and the origin of the address; an empty one is forgotten. */
  setSecret(kind: TargetKind, setting: { name: string; url: string }, secret: string): Promise<void>;
  secretState(kind: TargetKind, setting: { name: string; url: string }): Promise<SecretState>;
  /** Forgets the setting and its secret. */
  remove(kind: TargetKind, name: string): Promise<void>;
  onDidChange: vscode.Event<void>;
  dispose(): void;
};

const settingNames = { sync: 'sync.targets', webhook: 'webhooks' } as const;
const secretName = (kind: TargetKind, name: string) => `promptvault.publish.${kind}.${name}`;

export function createPublishStore({ secrets }: Pick<vscode.ExtensionContext, 'secrets'>): PublishStore {
  const changed = new vscode.EventEmitter<void>();
  const subscriptions = [
    changed,
    ...Object.values(settingNames).map((name) => onDidChangeSetting(name, () => changed.fire())),
    secrets.onDidChange(({ key }) => {
      if (key.startsWith('promptvault.publish.')) changed.fire();
    }),
  ];

  async function stored(kind: TargetKind, name: string): Promise<StoredKey | undefined> {
    const text = await secrets.get(secretName(kind, name));
    try {
      const { key, origin } = JSON.parse(text ?? '{}') as Partial<StoredKey>;
      return key && origin ? { key, origin } : undefined;
    } catch {
      return undefined;
    }
  }
  /** Goes nowhere but to the origin it was entered for. */
  async function secretOf(kind: TargetKind, { name, url }: { name: string; url: string }): Promise<string | undefined> {
    const found = await stored(kind, name);
    return found?.origin === originOf(url) ? found.key : undefined;
  }
  function list<Kind extends TargetKind>(kind: Kind): SettingOf[Kind][] {
    const read = kind === 'sync' ? readTargetSettings(settings.targets()) : readWebhookSettings(settings.webhooks());
    return read as SettingOf[Kind][];
  }
  const write = (kind: TargetKind, all: unknown[]) => setForUser(settingNames[kind], all.length > 0 ? all : undefined);

  return {
    async publishing() {
      return {
        targets: await Promise.all(list('sync').map(async (one) => withToken(one, await secretOf('sync', one)))),
        webhooks: await Promise.all(
          list('webhook').map(async (one) => withSecret(one, await secretOf('webhook', one))),
        ),
      };
    },
    list,
    names: () => [...list('sync'), ...list('webhook')].map(({ name }) => name),
    async save(kind, setting) {
      const all = list(kind);
      const at = all.findIndex(({ name }) => name === setting.name);
      await write(kind, at < 0 ? [...all, setting] : all.with(at, setting));
    },
    async setSecret(kind, { name, url }, secret) {
      const value: StoredKey = { key: secret, origin: originOf(url) };
      if (secret) await secrets.store(secretName(kind, name), JSON.stringify(value));
      else await secrets.delete(secretName(kind, name));
    },
    async secretState(kind, { name, url }) {
      const found = await stored(kind, name);
      if (!found) return 'none';
      return found.origin === originOf(url) ? 'stored' : 'elsewhere';
    },
    async remove(kind, name) {
      const rest = list(kind).filter((one) => one.name !== name);
      await write(kind, rest);
      await secrets.delete(secretName(kind, name));
    },
    onDidChange: changed.event,
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}
