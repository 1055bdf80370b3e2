import { createHash } from 'node:crypto';
import { VaultError } from '../shared/errors.ts';
import { type Reach, requireAllowedHost } from './allowedAddress.ts';

export type Endpoint = {
  /** The address without secrets (of a query only a digest): what is remembered and shown. */
  name: string;
  reach: Reach;
  urlOf(path: string): URL;
};

const placeholder = '{path}';

/** Reads the address to sync with. Fails with INVALID_INPUT for one prompts must not be sent to. */
export function readEndpoint(template: string): Endpoint {
  const urlOf = (path: string) => urlFor(template.trim(), path);
  const url = urlOf('a');
  const reach = reachOf(url, 'anywhere');
  if (url.origin !== urlOf('b').origin) throw invalid('must not hold {path} in the name of its host');
  return { name: nameOf(template), reach, urlOf };
}

/** How far a request to this address may go, at most as far as `https` says. Fails with INVALID_INPUT. */
export function reachOf(url: URL, https: Exclude<Reach, 'loopback'>): Reach {
  const encrypted = url.protocol === 'https:';
  if (!encrypted && url.protocol !== 'http:') throw invalid('must begin with https:// (http:// only for this machine)');
  if (url.username || url.password) throw invalid('must hold no name or password; store a token instead');
  if (!encrypted && !isLoopbackName(url.hostname)) throw invalid('must be https:// unless it is this machine');
  // Who writes the name of this machine means it.
  const reach = !encrypted ? 'loopback' : isLoopbackName(url.hostname) ? 'anywhere' : https;
  requireAllowedHost(url.hostname, reach);
  return reach;
}

function urlFor(template: string, path: string): URL {
  const spelled = spell(path);
  const url = parseAddress(template.replaceAll(placeholder, spelled));
  if (!template.includes(placeholder)) url.pathname = `${url.pathname.replace(/\/+$/, '')}/${spelled}`;
  url.hash = '';
  return url;
}

/** A path or key as it stands in an address: its slashes stay. */
export const spell = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** An address without what may be secret. A query tells endpoints apart, and its digest does as well. */
export function nameOf(template: string): string {
  const url = parseAddress(template.trim());
  const path = url.pathname.replaceAll('%7B', '{').replaceAll('%7D', '}').replace(/\/+$/, '');
  const query = url.search && `?${createHash('sha256').update(url.search).digest('hex').slice(0, 12)}`;
  return url.origin + path + query;
}

/** INVALID_INPUT for what is no address. */
export function parseAddress(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw invalid('cannot be read; write https://host/path');
  }
}

function isLoopbackName(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || /^(127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** `why` is for who says already what cannot be used. */
function invalid(reason: string): VaultError {
  return new VaultError('INVALID_INPUT', `The address ${reason}`, { field: 'url', why: `its address ${reason}` });
}
