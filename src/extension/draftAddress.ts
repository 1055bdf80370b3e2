/** Versions that may be written, and those that may only be read; a whole file system of VS Code is one or the other. */
export const draftScheme = 'promptvault';
export const publishedScheme = 'promptvault-ro';
export const textLanguage = 'promptvault-prompt';

/** Where checked-out files lie in a workspace folder. */
export const draftsFolder = '.promptvault/drafts';

type Address = { scheme: string; path: string; query: string };
/** In an editor the version always has its number, and its vault. */
export type TextTarget = { vault: string; path: string; version: string };

const path = /(?:^|\/)\.promptvault\/(?:drafts|versions)\/(.+)@(\d+\.\d+)\.prompt\.md$/;

/** `support/triage@2.3.prompt.md`: the reference, so that a name says which version it is. */
export const draftFileName = ({ path, version }: Pick<TextTarget, 'path' | 'version'>) =>
  `${path}@${version}.prompt.md`;

/**
 * The address of a version as text. The path begins with the vault's folder, so that editors of two vaults can be told
 * apart, and goes on as a checked-out file's does; the query is the vault itself.
 */
export function draftAddress(target: TextTarget, scheme = draftScheme): Address {
  const vaultFolder = decodeURIComponent(target.vault.slice(target.vault.lastIndexOf('/') + 1));
  const folder = scheme === draftScheme ? draftsFolder : '.promptvault/versions';
  return { scheme, path: `/${vaultFolder}/${folder}/${draftFileName(target)}`, query: target.vault };
}

/** The version in a path of a document or a checked-out file. */
export function parseDraftPath(text: string): Omit<TextTarget, 'vault'> | undefined {
  const found = path.exec(text);
  return found ? { path: found[1]!, version: found[2]! } : undefined;
}

/** The version an address of one of our schemes names. */
export function parseDraftAddress({ scheme, path, query }: Address): TextTarget | undefined {
  if (scheme !== draftScheme && scheme !== publishedScheme) return undefined;
  const found = parseDraftPath(path);
  return found && query ? { vault: query, ...found } : undefined;
}
