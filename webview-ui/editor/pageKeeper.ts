import { readState, writeState } from '../shared/vscodeApi.ts';
import type { EditorView, Restore } from './editorStore.ts';

/** The preview below: its share of the window's height in percent. */
export type Dock = { size: number; folded: boolean };
/** What a page finds again after a restart. `folded` are places of messages: their keys do not outlive the page. */
type PageState = Restore & { dock?: Dock; folded?: number[] };
type Shown = { dock: Dock; folded: ReadonlySet<string> };

export const keptPage = () => readState<PageState>();

/** Keeps what a page shows for the next one, each time it is something else. */
export function createPageKeeper(): (view: EditorView, shown: Shown) => void {
  let kept = '';
  return ({ state, draft }, { dock, folded: keys }) => {
    if (!state) return;
    const folded = (draft?.messages ?? []).flatMap(({ key }, place) => (keys.has(key) ? place : []));
    const { path, version } = state.version;
    const page: PageState = { vault: state.vault, path, version, dock, folded };
    const text = JSON.stringify(page);
    if (text === kept) return;
    kept = text;
    writeState(page);
  };
}
