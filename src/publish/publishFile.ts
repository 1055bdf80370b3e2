import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { VaultError } from '../shared/errors.ts';
import type { PublishSettings, SyncTarget, Webhook } from './types.ts';

type Env = NodeJS.ProcessEnv;
type Raw = { [name: string]: unknown };

/** Where programs of a platform keep what their users set up, below which our folder lies. */
const configFolders: { readonly [Platform in NodeJS.Platform]?: (env: Env) => string } = {
  darwin: () => join(homedir(), 'Library', 'Application Support', 'PromptVault'),
  win32: (env) => join(env.APPDATA || join(homedir(), 'AppData', 'Roaming'), 'PromptVault'),
};
const elsewhere = (env: Env) => {
  const given = env.XDG_CONFIG_HOME ?? '';
  return join(isAbsolute(given) ? given : join(homedir(), '.config'), 'promptvault');
};

/** The user's file of targets and webhooks: PROMPTVAULT_PUBLISH, else `publish.json` in the platform's place for settings. */
export function publishFile(env: Env): string {
  if (env.PROMPTVAULT_PUBLISH) return resolve(env.PROMPTVAULT_PUBLISH);
  return join((configFolders[process.platform] ?? elsewhere)(env), 'publish.json');
}

/**
 * Targets and webhooks of the user's file, nothing when there is none. Secrets are not in it but in the environment, as
 * `env:NAME`; one that is not there is a `problem` of its target. Fails with BAD_FILE for what is no such file.
 */
export async function readPublishFile(env: Env): Promise<PublishSettings> {
  const file = publishFile(env);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { targets: [], webhooks: [] };
    throw badFile(file, `cannot be read: ${(error as Error).message}`, error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw badFile(file, `is not JSON: ${(error as Error).message}`, error);
  }
  const { targets = [], webhooks = [] } = (value ?? {}) as Raw;
  if (!isListOfObjects(targets) || !isListOfObjects(webhooks)) {
    throw badFile(file, 'must be {"targets": [{"name", "url", …}], "webhooks": [{"name", "url", …}]}');
  }
  return {
    targets: targets.map((target) => withSecrets<SyncTarget>(target, env)),
    webhooks: webhooks.map((webhook) => withSecrets<Webhook>(webhook, env)),
  };
}

const isListOfObjects = (value: unknown): value is Raw[] =>
  Array.isArray(value) &&
  value.every((one) => {
    const { name, url } = (one ?? {}) as Raw;
    return typeof name === 'string' && typeof url === 'string';
  });

/** These hold secrets and nothing else. */
const secretFields = ['token', 'secret'];
const secretOfS3 = ['accessKeyId', 'secretAccessKey', 'sessionToken'];

function withSecrets<Settings extends { problem?: string }>(raw: Raw, env: Env): Settings {
  const problems: string[] = [];
  function resolved(name: string, value: unknown, isSecret: boolean): unknown {
    if (typeof value !== 'string') return value;
    const [, variable] = /^env:(\w+)$/.exec(value) ?? [];
    if (variable === undefined) {
      if (isSecret) problems.push(`${name} must not stand in the file: write "env:NAME" and set that variable`);
      return isSecret ? '' : value;
    }
    if (!env[variable]) problems.push(`the variable ${variable} is not set, which ${name} names`);
    return env[variable] ?? '';
  }
  const each = (part: unknown, secrets: readonly string[], before: string): Raw =>
    Object.fromEntries(
      Object.entries((part ?? {}) as Raw).map(([name, value]) => [
        name,
        resolved(`${before}${name}`, value, secrets.includes(name)),
      ]),
    );
  const { problem: _problem, ...given } = each(raw, secretFields, '');
  const nested = {
    ...(raw.headers !== undefined && { headers: each(raw.headers, [], 'headers.') }),
    ...(raw.s3 !== undefined && { s3: each(raw.s3, secretOfS3, 's3.') }),
  };
  return { ...given, ...nested, ...(problems.length > 0 && { problem: problems.join('; ') }) } as unknown as Settings;
}

const badFile = (file: string, reason: string, cause?: unknown) =>
  new VaultError('BAD_FILE', `${file} ${reason}`, { file, reason }, cause);
