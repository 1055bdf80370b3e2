import { createHash } from 'node:crypto';
import { VaultError } from '../shared/errors.ts';
import { requireAllowedHost } from './allowedAddress.ts';

export type Endpoint = {
  /** The address without secrets (of a query only a digest): what is remembered and shown. */
  name: string;
  encrypted: boolean;
  urlOf(path: string): URL;
};

const placeholder = '{path}';

/** Reads the address to sync with. Fails with INVALID_INPUT for one prompts must not be sent to. */
export function readEndpoint(template: string): Endpoint {
  const urlOf = (path: string) => urlFor(template.trim(), path);
  const url = urlOf('a');
  const encrypted = url.protocol === 'https:';
  if (!encrypted && url.protocol !== 'http:')
    throw invalid('it must begin with https:// (http:// only for this machine)');
  if (url.username || url.password) throw invalid('a name or password does not belong in it; store a token instead');
  if (url.origin !== urlOf('b').origin) throw invalid('{path} may not stand in the name of the host');
  if (!encrypted && !isLoopbackName(url.hostname)) throw invalid('it must be https:// unless it is this machine');
  requireAllowedHost(url.hostname, encrypted);
  return { name: nameOf(template.trim()), encrypted, urlOf };
}

function urlFor(template: string, path: string): URL {
  const spelled = path.split('/').map(encodeURIComponent).join('/');
  const url = parse(template.replaceAll(placeholder, spelled));
  if (!template.includes(placeholder)) url.pathname = `${url.pathname.replace(/\/+$/, '')}/${spelled}`;
  url.hash = '';
  return url;
}

// A query may hold a secret, but it also tells endpoints apart: its digest does as well.
function nameOf(template: string): string {
  const url = parse(template);
  const path = url.pathname.replaceAll('%7Bpath%7D', placeholder).replace(/\/+$/, '');
  const query = url.search && `?${createHash('sha256').update(url.search).digest('hex').slice(0, 12)}`;
  return url.origin + path + query;
}

function parse(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw invalid('it is no address; write https://host/path');
  }
}

function isLoopbackName(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || /^127\.|^\[::1\]$/.test(hostname);
}

function invalid(reason: string): VaultError {
  return new VaultError('INVALID_INPUT', `The sync address cannot be used: ${reason}`, { field: 'url' });
}
