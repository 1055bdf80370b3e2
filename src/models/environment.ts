import type { Connection, Vendor } from './types.ts';
import { missing, vendorInfo } from './vendors.ts';

/** Key and address of a vendor from environment variables. KEY_MISSING names the variable when a required one is unset or empty. */
export function connectionFromEnvironment(vendor: Vendor, env: { [name: string]: string | undefined }): Connection {
  const { keyVariable, urlVariable } = vendorInfo[vendor];
  const read = (variable: string | null) => (variable && env[variable]?.trim()) || undefined;
  const connection: Connection = { apiKey: read(keyVariable), baseUrl: read(urlVariable) };
  requireConnection(vendor, connection);
  return connection;
}

/** Fails with KEY_MISSING unless the vendor can be called with this. */
export function requireConnection(vendor: Vendor, { apiKey, baseUrl }: Connection): void {
  const { keyVariable, keyRequired, urlVariable, defaultUrl } = vendorInfo[vendor];
  if (urlVariable && !defaultUrl && !baseUrl) throw missing(vendor, urlVariable);
  if (keyVariable && keyRequired && !apiKey) throw missing(vendor, keyVariable);
}
