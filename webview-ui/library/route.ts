import type { Stage } from '../../src/vault/types.ts';

export type Filters = { search: string; folder: string; tag: string; stage: Stage | '' };
/** What the address names. `version` null is what production serves; `compare` is the version to compare with. */
export type Route = { path: string | null; version: string | null; compare: string | null; filters: Filters };

export const noFilters: Filters = { search: '', folder: '', tag: '', stage: '' };
const pathPattern = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;
const versionPattern = /^\d+\.\d+$/;
const stagePattern = /^(DEV|TST|PRD|RET)$/;

/** Reads `#/support/triage@2.3?compare=2.2&search=refund`. What is no path or version counts as not named. */
export function parseRoute(hash: string): Route {
  const [place = '', query = ''] = split(hash.replace(/^#?\/?/, ''), '?');
  const [path = '', version = ''] = split(decode(place), '@');
  const asked = new URLSearchParams(query);
  const text = (name: string) => asked.get(name) ?? '';
  const stage = text('stage');
  return {
    path: pathPattern.test(path) ? path : null,
    version: versionPattern.test(version) ? version : null,
    compare: versionPattern.test(text('compare')) ? text('compare') : null,
    filters: {
      search: text('search'),
      folder: text('folder'),
      tag: text('tag'),
      stage: stagePattern.test(stage) ? (stage as Stage) : '',
    },
  };
}

/** The address of a place, to be read again by `parseRoute`. */
export function routeHash({ path, version, compare, filters }: Route): string {
  const query = new URLSearchParams();
  if (compare) query.set('compare', compare);
  for (const [name, value] of Object.entries(filters)) if (value) query.set(name, value);
  const asked = query.toString();
  return `#/${path ?? ''}${path && version ? `@${version}` : ''}${asked ? `?${asked}` : ''}`;
}

function split(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
