import type { SyncTarget, Webhook } from '../../publish/types.ts';

/** What stands in the user's settings. Secrets never do: they are kept apart, each bound to a name and an origin. */
export type TargetSetting = Omit<SyncTarget, 'token' | 's3'> & { s3?: { region: string; accessKeyId: string } };
export type WebhookSetting = Omit<Webhook, 'secret'>;

type Fields = { readonly [name: string]: unknown };
const isRecord = (value: unknown): value is Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The entries of a list that say a name and an address; what else is wrong with one the engine says. */
function entries(value: unknown): (Fields & { name: string; url: string })[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (one): one is Fields & { name: string; url: string } =>
      isRecord(one) && typeof one.name === 'string' && one.name !== '' && typeof one.url === 'string',
  );
}

/** `promptvault.sync.targets` as it is meant. A secret that somebody wrote there in spite of all is left out, not used. */
export function readTargetSettings(value: unknown): TargetSetting[] {
  return entries(value).map(({ token: _token, s3, ...rest }) => {
    const store = isRecord(s3) ? { s3: { region: String(s3.region), accessKeyId: String(s3.accessKeyId) } } : {};
    return { ...rest, ...store } as TargetSetting;
  });
}

/** `promptvault.webhooks`, likewise. */
export function readWebhookSettings(value: unknown): WebhookSetting[] {
  return entries(value).map(({ secret: _secret, ...rest }) => rest as WebhookSetting);
}

/** A target as the engine wants it, at the time of use. */
export function withToken({ s3, ...setting }: TargetSetting, secret: string | undefined): SyncTarget {
  if (s3) return { ...setting, s3: { ...s3, secretAccessKey: secret ?? '' } };
  return secret ? { ...setting, token: secret } : setting;
}

export const withSecret = (setting: WebhookSetting, secret: string | undefined): Webhook =>
  secret ? { ...setting, secret } : setting;

const namePattern = /^[A-Za-z0-9._-]{1,60}$/;

/** Why a name cannot be taken; undefined when it can. Targets and webhooks share their names. */
export function checkTargetName(name: string, taken: readonly string[]): string | undefined {
  if (!namePattern.test(name)) return '1 to 60 letters, digits, dots, hyphens and underscores';
  return taken.includes(name) ? 'There is one of this name already' : undefined;
}

/** Why an address cannot be used; undefined when it can. */
export function checkAddress(text: string): string | undefined {
  const url = URL.parse(text.trim());
  if (!url || !/^https?:$/.test(url.protocol) || !url.hostname) return 'An address begins with https:// or http://';
  if (url.username || url.password) return 'Leave the password out: it is asked for next and kept in secret storage';
  return undefined;
}
