import type { DiffResult, RenderResult, Served, VersionInfo, VersionRecord } from '../../src/vault/types.ts';
import { debounce } from '../shared/debounce.ts';
import { type Api, ApiError, sayFailure } from './api.ts';

/** A version as the page shows it: whole, or what applications get where the token may see no more. */
export type ShownVersion = Served & Partial<VersionRecord>;
export type PromptView = {
  path: string;
  phase: 'loading' | 'ready' | 'failed';
  failure: string | null;
  /** The version in production, null where there is none. */
  production: string | null;
  /** Newest first; null where the token may not see them. */
  versions: VersionInfo[] | null;
  moreVersions: boolean;
  version: ShownVersion | null;
  compare: string | null;
  changes: DiffResult | null;
  /** What went into production while the page showed something else. */
  newer: string | null;
  values: { [name: string]: string };
  rendered: RenderResult | null;
  renderFailure: string | null;
};
export type Asked = { path: string; version: string | null; compare: string | null };
type VersionPage = { versions: VersionInfo[]; more: boolean };
type Needs = {
  api: Api;
  productionOnly: boolean;
  onChange(view: PromptView | null): void;
  onFailure(error: unknown): void;
};

const page = 100;
/** Somebody who types is waited for. */
const typingMs = 150;
const fresh = {
  ...{ phase: 'loading', failure: null, production: null, versions: null, moreVersions: false },
  ...{ version: null, compare: null, changes: null, newer: null },
  ...{ values: {}, rendered: null, renderFailure: null },
} as const satisfies Omit<PromptView, 'path'>;

/** The prompt in sight: its versions, the text of one, what differs from another, and the text filled in. */
export function createShownPrompt({ api, productionOnly, onChange, onFailure }: Needs) {
  let view: PromptView | null = null;
  let asked: Asked | null = null;
  let reading = new AbortController();
  let rendering = new AbortController();

  const renderSoon = debounce(typingMs, () => void render());

  function update(changes: Partial<PromptView>): void {
    if (!view) return;
    view = { ...view, ...changes };
    onChange(view);
  }

  const versionsOf = (path: string, signal: AbortSignal, before?: string) =>
    api.get<VersionPage>(`versions/${path}`, { limit: page, before }, signal);

  /** What applications get now; null where nothing is in production. */
  const servedNow = (path: string, signal: AbortSignal) =>
    api.get<Served>(`get/${path}`, {}, signal).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    });

  async function standing(path: string, signal: AbortSignal) {
    if (productionOnly) {
      const served = await servedNow(path, signal);
      return { served, production: served?.version ?? null, versions: null, moreVersions: false };
    }
    const { versions, more } = await versionsOf(path, signal);
    const found = versions.find(({ stage }) => stage === 'PRD')?.version;
    // It may be on a page further down.
    const production = found ?? (more ? (await servedNow(path, signal))?.version : undefined) ?? null;
    return { served: null, production, versions, moreVersions: more };
  }

  async function read({ path, version, compare }: Asked, signal: AbortSignal): Promise<Partial<PromptView>> {
    const { served, ...found } = await standing(path, signal);
    const number = version ?? found.production ?? found.versions?.[0]?.version;
    const [whole, changes] = await Promise.all([
      found.versions ? api.get<ShownVersion>(`versions/${path}`, { ref: number }, signal) : releasedOne(),
      compare && number ? readChanges(path, compare, number) : null,
    ]);
    return { ...found, version: whole, compare, changes };

    async function readChanges(of: string, ...pair: [string, string]): Promise<DiffResult> {
      const [from, to] = pair.sort(byNumber);
      return api.get(`diff/${of}`, { from, to, words: 1 }, signal);
    }
    async function releasedOne(): Promise<ShownVersion> {
      return served && served.version === number ? served : api.get(`get/${path}`, { version }, signal);
    }
  }

  async function load(next: Asked): Promise<void> {
    reading.abort();
    reading = new AbortController();
    const { signal } = reading;
    try {
      const found = await read(next, signal);
      update({ ...found, phase: 'ready', failure: null, newer: null });
      await render();
    } catch (error) {
      if (signal.aborted) return;
      update({
        phase: 'failed',
        failure: error instanceof ApiError && error.status === 404 ? gone(next) : sayFailure(error),
      });
      onFailure(error);
    }
  }

  /** Renders where nothing is missing; the server's renderer is the one that applications get. */
  async function render(): Promise<void> {
    rendering.abort();
    rendering = new AbortController();
    const { signal } = rendering;
    if (!view?.version || missingValues(view).length > 0) return update({ rendered: null, renderFailure: null });
    const { values, version: shown } = view;
    const { path, version } = shown;
    const given = Object.fromEntries(
      shown.variables.flatMap(({ name }) => (values[name] ? [[name, values[name]]] : [])),
    );
    try {
      const rendered = await api.post<RenderResult>(`render/${path}`, { values: given, version }, signal);
      update({ rendered, renderFailure: null });
    } catch (error) {
      if (!signal.aborted) update({ rendered: null, renderFailure: sayFailure(error) });
    }
  }

  /** After a change by somebody: the list of versions follows; the text being read stays, and says that there is a newer one. */
  async function refresh(): Promise<void> {
    if (!view || !asked || view.phase === 'loading') return;
    if (view.phase === 'failed') return load(asked);
    const { signal } = reading;
    try {
      const { served: _, ...found } = await standing(asked.path, signal);
      if (signal.aborted || !view.version) return;
      const { production, versions } = found;
      const isNew = production !== view.production && production !== view.version.version;
      const now = versions?.find(({ version }) => version === view?.version?.version);
      update({
        ...{ ...found, newer: isNew ? production : view.newer },
        version: { ...view.version, ...(now && { stage: now.stage, tags: now.tags, title: now.title }) },
      });
    } catch (error) {
      if (!signal.aborted) onFailure(error);
    }
  }

  return {
    async show(next: Asked | null): Promise<void> {
      if (JSON.stringify(next) === JSON.stringify(asked)) return;
      const samePrompt = next && next.path === asked?.path && view;
      asked = next;
      if (!next) {
        reading.abort();
        view = null;
        onChange(view);
        return;
      }
      if (!samePrompt) {
        view = { ...fresh, path: next.path };
        onChange(view);
      }
      await load(next);
    },
    async reload(): Promise<void> {
      if (asked) await load(asked);
    },
    refresh,
    fill(name: string, value: string): void {
      if (view) update({ values: { ...view.values, [name]: value } });
      renderSoon.request();
    },
    async moreVersions(): Promise<void> {
      const { path, versions } = view ?? {};
      if (!path || !versions) return;
      const older = await versionsOf(path, reading.signal, versions.at(-1)?.version);
      if (view?.path === path) update({ versions: [...versions, ...older.versions], moreVersions: older.more });
    },
    close() {
      renderSoon.cancel();
      reading.abort();
      rendering.abort();
    },
  };
}

/** Older first: 1.9 is before 1.10. */
function byNumber(one: string, other: string): number {
  const [[a = 0, b = 0], [c = 0, d = 0]] = [one, other].map((version) => version.split('.').map(Number)) as [
    number[],
    number[],
  ];
  return a - c || b - d;
}

/** Variables that need a value and have none yet. */
export function missingValues({ version, values }: Pick<PromptView, 'version' | 'values'>): string[] {
  return (version?.variables ?? []).flatMap((one) => (one.default === undefined && !values[one.name] ? one.name : []));
}

function gone({ path, version, compare }: Asked): string {
  if (compare) return `${path} has no version ${version ?? ''} or ${compare} that this token may see.`;
  if (version) return `${path} has no version ${version} that this token may see. It may have been deleted.`;
  return `There is no ${path} that this token may see. It may have been moved, or nothing of it is in production.`;
}
