import { VaultError } from '../shared/errors.ts';
import type { Connection, Vendor } from './types.ts';
import { vendorInfo } from './vendors.ts';

/** `root` has no version, `versioned` ends with it; neither ends with a slash. */
export type Endpoint = { root: string; version: string; versioned: string };

/**
 * Where a vendor's API stands. People paste addresses with and without the version, so `…/v1` is kept, a version in the middle
 * (`…/v1beta/openai`) is left alone, and otherwise `version` is added. Fails with INVALID_INPUT on what is no http address.
 */
export function endpointOf(vendor: Vendor, connection: Connection, version: string): Endpoint {
  const url = parse(vendor, connection.baseUrl ?? vendorInfo[vendor].defaultUrl ?? '');
  const path = url.pathname.replace(/\/(chat\/completions|messages|models)\/?$/, '').replace(/\/+$/, '');
  const base = url.origin + path;
  const ending = /\/(v\d\w*)$/.exec(path)?.[1];
  if (ending) return { root: base.slice(0, -ending.length - 1), version: ending, versioned: base };
  if (/\/v\d\w*\//.test(path)) return { root: base, version: '', versioned: base };
  return { root: base, version, versioned: `${base}/${version}` };
}

function parse(vendor: Vendor, address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  // An address with a password in it would show up in errors and logs.
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return url;
  throw new VaultError(
    'INVALID_INPUT',
    `The base URL of ${vendorInfo[vendor].label} is not a plain http or https address. Write it like https://host or http://localhost:11434.`,
    { field: 'baseUrl', vendor },
  );
}
