import { createHash } from 'node:crypto';
import { type OutgoingHttpHeaders, validateHeaderName, validateHeaderValue } from 'node:http';
import { VaultError } from '../shared/errors.ts';
import type { Served } from '../vault/types.ts';
import type { Reach } from './allowedAddress.ts';
import { signAws } from './awsSignature.ts';
import { nameOf, parseAddress, reachOf, readEndpoint } from './endpoint.ts';
import { fill, fillJson, fillUrl, servedText, type Values } from './fillTemplate.ts';
import type { OutRequest } from './sendOnce.ts';
import { type ListTemplate, ownShape, type StoreShape, storeShapes } from './storeShapes.ts';
import type { SentVersion } from './syncState.ts';
import { presetNames, type ReadTemplate, type RequestTemplate, type SyncTarget } from './types.ts';

/** A target that can be sent to: its settings checked once, its requests as functions. */
export type Target = {
  name: string;
  /** Without secrets. */
  address: string;
  /** Under which the vault remembers what was sent there; says nothing of the address. */
  stateKey: string;
  reach: Reach;
  revision: StoreShape['revision'];
  read: ReadTemplate;
  list: ListTemplate | undefined;
  prefix: string;
  keyOf(path: string): string;
  /** A text without the target's token. */
  hide(text: string): string;
  /** `key` is the same for each attempt. */
  put(served: Served, key: string): OutRequest;
  /** Null when the target is not to hear of it. */
  remove(sent: SentVersion, key: string): OutRequest | null;
  get(sent: SentVersion): OutRequest;
  listPage(next: string | undefined): OutRequest;
};

/** Reads what a user set up. INVALID_INPUT with what is wrong, which never repeats a secret. */
export function readTarget(settings: SyncTarget): Target {
  const { name, url, preset, token = '', s3 } = settings;
  checkTargetName(name);
  if (settings.problem) throw invalid(settings.problem, 'problem');
  if (preset !== undefined && !presetNames.includes(preset)) {
    throw invalid(`there is no preset ${preset}; it is one of ${presetNames.join(', ')}`, 'preset');
  }
  const base: StoreShape = preset ? storeShapes[preset] : ownShape;
  const put = { ...base.put, ...settings.put };
  const sameAddress = settings.put?.url !== undefined ? { url: settings.put.url } : {};
  const remove = settings.remove === false ? false : { ...base.remove, ...sameAddress, ...settings.remove };
  const read = { ...base.read, ...sameAddress, ...settings.read };
  if (base.signed && !(s3?.region && s3.accessKeyId && s3.secretAccessKey)) {
    throw invalid('s3 needs region, accessKeyId and secretAccessKey', 's3');
  }
  const prefix = settings.prefix ?? base.prefix;
  const keyOf = (path: string) => prefix + path.replaceAll('/', settings.separator ?? '/');
  const general = generalHeaders(settings, base);

  function build(template: RequestTemplate, values: Values, own: OutgoingHttpHeaders = {}): OutRequest {
    const { method = 'PUT', body, headers = {} } = template;
    const text = bodyOf(body, values);
    const given = Object.entries(headers).map(([header, value]) => [header.toLowerCase(), fill(value, values)]);
    const all: OutgoingHttpHeaders = {
      ...general,
      ...(text !== undefined && {
        'content-type': `${body === 'text' ? 'text/plain' : 'application/json'}; charset=utf-8`,
      }),
      ...(base.isPlain ? {} : own),
      ...Object.fromEntries(given),
    };
    const address = addressOf(url, template.url, values);
    const request = { method, url: address, headers: all, ...(text !== undefined && { body: text }) };
    return s3 && base.signed ? { ...request, headers: withoutHost(signAws(request, s3)) } : request;
  }
  const at = ({ path, version, hash }: SentVersion): Values => ({
    path,
    version,
    hash,
    key: keyOf(path),
    prefix,
    token,
  });
  const target: Target = {
    ...{ name, read, list: base.list, prefix, keyOf },
    address: nameOf(url),
    stateKey: `${name}#${digest([url, preset, prefix, settings.separator, settings.put])}`,
    reach: reachOf(addressOf(url, put.url, at(anyVersion('a'))), 'anywhere'),
    revision: base.revision,
    hide: (text) => (token.trim() === '' ? text : text.replaceAll(token.trim(), '…')),
    put: (served, key) => build(put, { ...at(served), ...contentValues(served) }, ownHeaders(key, served)),
    remove: (sent, key) => (remove === false ? null : build(remove, at(sent), { 'idempotency-key': key })),
    get: (sent) => build(read, at(sent)),
    listPage(next) {
      const request = build(base.list ?? {}, { ...at(anyVersion('')), ...rangeOf(prefix) });
      if (next === undefined || !base.list?.next) return request;
      request.url.searchParams.set(base.list.next.param, next);
      return s3 && base.signed
        ? { ...request, headers: withoutHost(signAws({ ...request, headers: general }, s3)) }
        : request;
    },
  };
  checkAddresses([put, read, ...(remove === false ? [] : [remove])], url, at);
  return target;
}

/** All that the vault knows of a target. */
export function checkTargetName(name: string): void {
  if (typeof name === 'string' && /^[A-Za-z0-9][\w.-]{0,59}$/.test(name)) return;
  throw invalid('a name is 1 to 60 letters, digits, ".", "_" or "-"', 'name');
}

const anyVersion = (path: string): SentVersion => ({ path, version: '1.0', hash: '' });
const digest = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
const withoutHost = ({ host: _host, ...headers }: OutgoingHttpHeaders) => headers;

/** Which keys begin with a prefix, for stores that are asked for a range; all when there is none. */
function rangeOf(prefix: string): Values {
  if (prefix === '') return { prefixStart: '\0', prefixEnd: '\0' };
  const last = prefix.charCodeAt(prefix.length - 1);
  return { prefixStart: prefix, prefixEnd: prefix.slice(0, -1) + String.fromCharCode(last + 1) };
}

function contentValues(served: Served): Values {
  const { path, version, hash, messages, settings, variables } = served;
  const value = JSON.stringify({ path, version, hash, messages, settings, variables });
  return { version, hash, value, text: servedText(served) };
}

/** The key stands for one promotion, not for a content: after a rollback the old content must be taken again. */
const ownHeaders = (key: string, { hash, version }: Served): OutgoingHttpHeaders => ({
  'idempotency-key': key,
  'x-promptvault-hash': hash,
  'x-promptvault-version': version,
});

function bodyOf(body: RequestTemplate['body'], values: Values): string | undefined {
  if (body === undefined) return undefined;
  if (body === 'served') return values.value;
  return body === 'text' ? values.text : JSON.stringify(fillJson(body, values));
}

function addressOf(base: string, template: string | undefined, values: Values): URL {
  if (template === undefined) return readEndpoint(base).urlOf(values.path ?? '');
  if (!template.startsWith('/')) return parseAddress(fillUrl(template, values));
  const url = parseAddress(base.trim());
  return parseAddress(`${url.origin}${url.pathname.replace(/\/+$/, '')}${fillUrl(template, values)}`);
}

/** Every request goes to the same place whatever the prompt is called. */
function checkAddresses(templates: RequestTemplate[], base: string, at: (sent: SentVersion) => Values): void {
  const origin = parseAddress(base.trim().replaceAll('{path}', 'a')).origin;
  for (const { url } of templates) {
    for (const path of ['a', 'b/c']) {
      const address = addressOf(base, url, at(anyVersion(path)));
      reachOf(address, 'anywhere');
      if (address.origin !== origin) throw invalid('all its addresses must be at the same host', 'url');
    }
  }
}

function generalHeaders({ token, headers = {} }: SyncTarget, { token: form, signed }: StoreShape): OutgoingHttpHeaders {
  const all: OutgoingHttpHeaders = { 'user-agent': 'promptvault', accept: 'application/json' };
  for (const [name, value] of Object.entries(headers)) all[name.toLowerCase()] = value;
  if (token?.trim() && !signed) all[form.header] = form.form.replace('{token}', token.trim());
  checkHeaders(all);
  return all;
}

export function checkHeaders(headers: OutgoingHttpHeaders): void {
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, String(value));
    } catch {
      // The value may be the token: it is not repeated.
      throw new VaultError('INVALID_INPUT', `The header ${name} holds letters no header may have`, { field: name });
    }
  }
}

const invalid = (why: string, field: string) =>
  new VaultError('INVALID_INPUT', `The target cannot be used: ${why}`, { field, why });
