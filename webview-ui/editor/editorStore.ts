import type { EditorContract, EditorSave, EditorState } from '../../src/engine/panels.ts';
import type { VersionRecord } from '../../src/vault/types.ts';
import { debounce } from '../shared/debounce.ts';
import { deepEqual } from '../shared/deepEqual.ts';
import { type Failure, failureOf } from '../shared/errorText.ts';
import type { PanelClient } from '../shared/panelClient.ts';
import { contentOf, type Draft, draftOf, isDirty, rebase, wordsOf } from './draft.ts';
import { parseSettings } from './settingsForm.ts';
import { createUndoStack } from './undoStack.ts';

export type EditorView = {
  phase: 'loading' | 'failed' | 'gone' | 'ready';
  failure: Failure | null;
  goneReason: string;
  state: EditorState | null;
  draft: Draft | null;
  /** The stored version as a draft: what `dirty` is measured against. */
  base: Draft | null;
  dirty: boolean;
  saving: boolean;
  /** What somebody else saved while this draft was being edited. */
  conflict: VersionRecord | null;
  notice: string | null;
};
export type EditorStore = ReturnType<typeof createEditorStore>;
export type Restore = { vault?: string; path: string; version: string };

/** One version on the page: what is stored, what was typed since, and the way between them. */
export function createEditorStore(client: PanelClient<EditorContract>, onChange: (view: EditorView) => void) {
  const undo = createUndoStack<Draft>();
  let view: EditorView = {
    phase: 'loading',
    failure: null,
    goneReason: '',
    state: null,
    draft: null,
    base: null,
    dirty: false,
    saving: false,
    conflict: null,
    notice: null,
  };

  const update = (change: Partial<EditorView>) => {
    const wasDirty = view.dirty;
    view = { ...view, ...change };
    view.dirty = view.draft !== null && view.base !== null && isDirty(view.draft, view.base);
    if (view.dirty !== wasDirty) client.call.setDirty({ dirty: view.dirty }).catch(() => undefined);
    if (view.dirty) keeping.request();
    onChange(view);
  };
  // A panel may close at any time, so what is typed is told soon.
  const keeping = debounce(150, () => {
    const { draft, dirty } = view;
    if (draft && dirty)
      client.call.keepUnsaved({ content: contentOf(draft), words: wordsOf(draft) }).catch(() => undefined);
  });

  /** Takes over what is stored; `sent` is the draft a save was made of, what was typed after it stays. */
  const accept = (state: EditorState, sent: Draft | null) => {
    const base = draftOf(state.version, view.draft ?? undefined);
    const draft = view.draft && sent ? rebase({ mine: view.draft, base: sent, theirs: base }) : base;
    update({ phase: 'ready', failure: null, state, base, draft, conflict: null });
  };

  /**
   * Opens the version as it is stored, and what was typed and never saved on top of it. `early` is shown meanwhile: a page
   * that VS Code makes anew, in another window say, still comes with what was true when it was first made.
   */
  const load = async (restore?: Restore, early?: EditorState | null) => {
    // Without a draft nothing is dirty: the host forgets unsaved text before it answers, so a reload means what it says.
    if (early) show(early);
    else update({ phase: 'loading', failure: null, conflict: null, notice: null, draft: null });
    try {
      const state = await client.call.load(restore ? { restore } : {});
      if (early && deepEqual(state, early)) return;
      if (early && view.dirty) changed(state);
      else show(state);
    } catch (error) {
      update({ phase: 'failed', failure: failureOf(error) });
    }
  };

  /** Another version takes the place of one nothing was typed on. */
  const show = (state: EditorState) => {
    undo.clear();
    view = { ...view, draft: null, base: null, notice: null, conflict: null, failure: null };
    accept(state, null);
    if (state.unsaved && view.draft) takeUnsaved(state, state.unsaved);
  };

  const takeUnsaved = ({ version }: EditorState, unsaved: NonNullable<EditorState['unsaved']>) => {
    const typed = draftOf({ ...version, ...unsaved.content, ...unsaved.words }, view.draft ?? undefined);
    const stale = unsaved.revision < version.revision;
    update({ draft: typed, conflict: stale ? version : null, notice: 'What was typed before and not saved is back' });
    if (!view.dirty) update({ notice: null, conflict: null });
  };

  const changed = (state: EditorState) => {
    const { base, draft, state: before } = view;
    if (!before || !base || !draft) return accept(state, null);
    // After a checkout another text may stand under the same revision.
    const foreign = state.version.hash !== before.version.hash;
    // While a save is under way its own answer settles what is stored.
    if (view.saving) return;
    if (foreign && view.dirty) return update({ conflict: state.version });
    accept(state, base);
    if (foreign)
      update({ notice: `Updated to revision ${state.version.revision}, saved by ${state.version.updatedBy}` });
  };

  const save = async (over?: VersionRecord): Promise<boolean> => {
    const { state, draft } = view;
    if (!state || !draft || view.saving) return false;
    if (!view.dirty && over === undefined) return true;
    const problem = saveProblem();
    if (problem) {
      update({ notice: problem });
      return false;
    }
    update({ saving: true, notice: null, failure: null });
    const sent: EditorSave = { ...wordsOf(draft), content: contentOf(draft), expectRevision: 0 };
    const { revision, hash } = over ?? state.version;
    Object.assign(sent, { expectRevision: revision, expectHash: hash });
    try {
      const stored = await client.call.save(sent);
      view.saving = false;
      undo.seal();
      accept(stored, draft);
      // The host takes a save for the end of all changes; what was typed meanwhile is one.
      if (view.dirty) client.call.setDirty({ dirty: true }).catch(() => undefined);
      return true;
    } catch (error) {
      const failure = failureOf(error);
      const actual = failure.code === 'CONFLICT' ? (failure.details.actual as VersionRecord | undefined) : undefined;
      update(actual ? { saving: false, conflict: actual } : { saving: false, failure });
      return false;
    }
  };

  /** Why the draft cannot be saved as it stands; null when it can. */
  const saveProblem = () => {
    if (!view.draft) return null;
    const wrong = Object.keys(parseSettings(view.draft.settings).problems);
    return wrong.length > 0 ? 'A setting cannot be read: correct it, then save' : null;
  };

  const swap = (draft: Draft | null) => {
    if (draft) update({ draft });
    return draft !== null;
  };

  client.on('changed', changed);
  client.on('gone', ({ reason }) => update({ phase: 'gone', goneReason: reason }));
  client.on('saveRequested', () => void save());

  return {
    get view() {
      return view;
    },
    load,
    show,
    save,
    saveProblem,
    /** Tells at once what waits to be told of what is typed: the panel may be gone a moment later. */
    keepNow: keeping.flush,
    /** `key` names what is edited: changes of one field in a row undo together. */
    edit(key: string, change: Partial<Draft>) {
      if (!view.draft || view.state?.readOnlyReason) return;
      undo.record(view.draft, key, Date.now());
      update({ draft: { ...view.draft, ...change } });
    },
    undo: () => view.draft !== null && swap(undo.undo(view.draft)),
    redo: () => view.draft !== null && swap(undo.redo(view.draft)),
    canUndo: () => undo.canUndo(),
    canRedo: () => undo.canRedo(),
    overwrite: () => (view.conflict ? save(view.conflict) : Promise.resolve(false)),
    dismiss: () => update({ notice: null, failure: null }),
    report: (error: unknown) => update({ failure: failureOf(error) }),
  };
}
