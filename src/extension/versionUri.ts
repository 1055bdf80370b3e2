/** Where a read-only document comes from: a stored version, one of its revisions, or unsaved text kept in memory. */
export type DocumentSource = { vault: string; path: string; version: string; revision?: number; unsaved?: string };

export const versionScheme = 'promptvault-version';

/** The parts of a document's URI. The path is for people and for Markdown highlighting; the query is what is read back. */
export function versionUriParts(source: DocumentSource): { scheme: string; path: string; query: string } {
  const { path, version, revision, unsaved } = source;
  const mark = unsaved ? ' (unsaved)' : revision === undefined ? '' : ` (revision ${revision})`;
  return { scheme: versionScheme, path: `/${path} v${version}${mark}.md`, query: JSON.stringify(source) };
}

/** The source in a URI's query; undefined when it is not one of ours. */
export function parseVersionQuery(query: string): DocumentSource | undefined {
  try {
    const { vault, path, version, revision, unsaved } = JSON.parse(query) as Partial<DocumentSource>;
    if (typeof vault !== 'string' || typeof path !== 'string' || typeof version !== 'string') return undefined;
    return { vault, path, version, ...(revision !== undefined && { revision }), ...(unsaved && { unsaved }) };
  } catch {
    return undefined;
  }
}

/** "support/triage v2.2 (PRD)" */
export const versionLabel = (v: { path: string; version: string; stage: string }) =>
  `${v.path} v${v.version} (${v.stage})`;

/** "support/triage v2.2 (PRD) ↔ v2.3 (TST)"; the path is said twice only when the two differ. */
export function compareTitle(
  from: { path: string; version: string; stage: string },
  to: { path: string; version: string; stage: string },
): string {
  const right = from.path === to.path ? `v${to.version} (${to.stage})` : versionLabel(to);
  return `${versionLabel(from)} ↔ ${right}`;
}
