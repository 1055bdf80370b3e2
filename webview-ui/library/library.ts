import { debounce } from '../shared/debounce.ts';
import { type Api, ApiError, createApi, sayFailure } from './api.ts';
import { followChanges } from './followChanges.ts';
import { type Names, readNames } from './groupNames.ts';
import { createPromptList, type ListView } from './promptList.ts';
import { parseRoute, type Route, routeHash } from './route.ts';
import { session } from './session.ts';
import { createShownPrompt, type PromptView } from './shownPrompt.ts';

export type LibraryView = {
  phase: 'signedOut' | 'signingIn' | 'open';
  /** Why a person is asked for a token again. */
  signInProblem: string | null;
  route: Route;
  line: 'live' | 'lost' | 'none';
  /** Whether the token sees only what is in production. */
  productionOnly: boolean;
  list: ListView | null;
  /** Folders and tags to choose from; null where the token may not ask for them. */
  names: Names | null;
  prompt: PromptView | null;
  /** Said by a screen reader. */
  said: string;
};
export type Library = ReturnType<typeof createLibrary>;
type Open = {
  api: Api;
  list: ReturnType<typeof createPromptList>;
  prompt: ReturnType<typeof createShownPrompt>;
  life: AbortController;
};

/** Somebody who types is waited for. */
const typingMs = 150;
const tokenLetters = /^[\w.~+/=-]+$/;
const refused = 'The server does not accept this token. It may have expired or been revoked: ask for a new one.';

/** Filters that a token for production may not ask by. */
const unknownToProduction = { search: '', stage: '' } as const;

/** Asks for what only tokens with more than the scope read-prd may see; fails where the token is not accepted at all. */
async function seesProductionOnly(api: Api): Promise<boolean> {
  try {
    await api.get('prompts', { limit: 1, order: 'recent' });
    return false;
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return true;
    throw error;
  }
}

/** All the page shows and does: a session by token, the list, and the prompt that the address names. */
export function createLibrary(onChange: (view: LibraryView) => void) {
  let view: LibraryView = {
    ...{ phase: 'signedOut', signInProblem: null, line: 'none', list: null, names: null, prompt: null, said: '' },
    productionOnly: false,
    route: parseRoute(location.hash),
  };
  let open: Open | null = null;
  /** The folder whose parts there are to choose from. */
  let namedFolder: string | null = null;

  function update(changes: Partial<LibraryView>): void {
    view = { ...view, ...changes };
    onChange(view);
  }

  function signOut(problem: string | null = null): void {
    session.end();
    open?.life.abort();
    open?.list.close();
    open?.prompt.close();
    open = null;
    namedFolder = null;
    update({ phase: 'signedOut', signInProblem: problem, list: null, names: null, prompt: null, line: 'none' });
  }

  function failed(error: unknown): void {
    if (error instanceof ApiError && error.status === 401) signOut(refused);
    if (error instanceof ApiError && error.status === 0) update({ line: 'lost' });
  }

  async function signIn(token: string): Promise<void> {
    if (!tokenLetters.test(token)) return signOut(refused);
    update({ phase: 'signingIn', signInProblem: null });
    const api = createApi(token);
    try {
      update({ productionOnly: await seesProductionOnly(api) });
    } catch (error) {
      const denied = error instanceof ApiError && error.status === 401;
      if (denied) session.end();
      update({ phase: 'signedOut', signInProblem: denied ? refused : sayFailure(error) });
      return;
    }
    session.start(token);
    const life = new AbortController();
    open = {
      api,
      life,
      list: createPromptList({ api, onChange: (list) => update({ list }), onFailure: failed }),
      prompt: createShownPrompt({
        api,
        productionOnly: view.productionOnly,
        onChange: (prompt) => update({ prompt }),
        onFailure: failed,
      }),
    };
    update({ phase: 'open' });
    follow(open);
    await showRoute();
  }

  function follow({ api, list, prompt, life }: Open): void {
    const refresh = debounce(250, () => void Promise.all([list.refresh(), prompt.refresh(), showNames()]));
    let cut = false;
    const heard = {
      onChange: refresh.request,
      onRefused: failed,
      onLine(line: 'live' | 'lost') {
        // What was missed while the line was cut is read again.
        if (line === 'live' && cut) refresh.request();
        cut = line === 'lost';
        update({ line });
      },
    };
    void followChanges(api, heard, life.signal);
    life.signal.addEventListener('abort', refresh.cancel);
  }

  /** An extra: without it the rows in sight say what there is. */
  async function showNames(): Promise<void> {
    if (!open || view.productionOnly) return;
    const { api, life } = open;
    namedFolder = view.route.filters.folder;
    const names = await readNames(api, namedFolder, life.signal).catch(() => view.names);
    if (!life.signal.aborted) update({ names });
  }

  async function showRoute(): Promise<void> {
    const asked = parseRoute(location.hash);
    const filters = view.productionOnly ? { ...asked.filters, ...unknownToProduction } : asked.filters;
    const { path, version, compare } = asked;
    update({ route: { ...asked, filters } });
    if (filters.folder !== namedFolder) void showNames();
    await Promise.all([open?.list.show(filters), open?.prompt.show(path === null ? null : { path, version, compare })]);
  }

  const showSoon = debounce(typingMs, () => void showRoute());
  window.addEventListener('hashchange', () => void showRoute());

  return {
    get view() {
      return view;
    },
    /** Goes on with the token of this tab, if there is one. */
    async start(): Promise<void> {
      const token = session.token();
      if (token) await signIn(token);
      else update({});
    },
    signIn,
    signOut: () => signOut(),
    /** Filters replace the address: a person who goes back comes to the place before, not to the letter before. */
    filter(changes: Partial<Route['filters']>): void {
      const route = { ...view.route, filters: { ...view.route.filters, ...changes } };
      history.replaceState(null, '', routeHash(route));
      update({ route });
      showSoon.request();
    },
    say: (said: string) => update({ said }),
    more: () => void open?.list.more(),
    moreVersions: () => void open?.prompt.moreVersions(),
    fill: (name: string, value: string) => open?.prompt.fill(name, value),
    reload: () => void Promise.all([open?.list.refresh(), open?.prompt.reload()]),
  };
}
