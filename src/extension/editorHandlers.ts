import * as vscode from 'vscode';
import type { EditorAction, EditorContract, EditorSave, EditorState } from '../engine/panels.ts';
import { VaultError } from '../shared/errors.ts';
import { compareUnsaved } from './compareVersions.ts';
import type { Deps } from './deps.ts';
import type { EditorSession } from './editorPanel.ts';
import { sampleHandlers } from './editorSamples.ts';
import { loadEditorState } from './editorState.ts';
import type { PanelHandlers } from './panelConnection.ts';
import { promote } from './promote.ts';
import { rollback } from './rollback.ts';
import { showError } from './showError.ts';
import { refOf } from './targets.ts';
import { compare, compareWithPrd, createVersion, deleteVersion } from './versionActions.ts';

type Send = <Name extends keyof EditorContract['events']>(name: Name, value: EditorContract['events'][Name]) => void;

/** Answers every call of an editor panel. */
export function editorHandlers(deps: Deps, session: EditorSession, send: Send): PanelHandlers<EditorContract> {
  const { vaults, unsaved, editors, log, documents } = deps;
  const tries = new Map<string, AbortController>();
  const engine = async () => vaults.engine(session.target.vault);
  const load = async () => session.setState(await loadEditorState(deps, session.target));

  return {
    async load() {
      const { early, target } = session;
      session.early = undefined;
      const state = early && (await early);
      return state && session.target === target ? session.setState(state) : load();
    },
    async save(save) {
      if (!session.state) throw new VaultError('USAGE', 'The panel saved before it loaded');
      await saveEditor(await engine(), session.state, save);
      session.setDirty(false);
      const state = await load();
      session.saved();
      return state;
    },
    async compareUnsaved({ content }) {
      const info = session.state?.version;
      if (info) await compareUnsaved({ documents }, { vault: session.target.vault, info }, content);
    },
    async keepUnsaved(typed) {
      if (!session.dirty || !session.state) return;
      session.unsaved = { ...typed, revision: session.state.version.revision };
      unsaved.keep(session.target, { ...session.unsaved, at: new Date().toISOString() });
    },
    render: async ({ content, values }) => (await engine()).renderContent({ content, values }),
    models: async () => (await engine()).models(),
    tokens: async (request) => (await engine()).countTokens(request),
    async tryOnce({ streamId, content, values, model }, signal) {
      const host = await engine();
      const { messages } = await host.renderContent({ content, values });
      const { model: _, ...settings } = content.settings;
      const abort = new AbortController();
      tries.set(streamId, abort);
      const listening = host.onDidStream((event) => {
        if (event.streamId === streamId) send('stream', event);
      });
      try {
        const stop = signal ? AbortSignal.any([abort.signal, signal]) : abort.signal;
        return await host.tryOnce({ streamId, model, request: { messages, settings } }, stop);
      } finally {
        listening.dispose();
        tries.delete(streamId);
      }
    },
    cancelTry: async ({ streamId }) => tries.get(streamId)?.abort(),
    run: async ({ action }) => {
      try {
        await runAction(deps, session, action);
      } catch (error) {
        void showError(error, log);
      }
    },
    openVersion: async ({ version }) => editors.open({ ...session.target, version }),
    setDirty: async ({ dirty }) => session.setDirty(dirty),
    ...sampleHandlers(deps, session),
    async label({ add, remove }) {
      const host = await engine();
      const label = add ?? (remove ? undefined : await askLabel());
      const ref = refOf(session.target);
      if (label || remove) await host.label({ ref, add: label ? [label] : [], remove: remove ? [remove] : [] });
    },
  };
}

const askLabel = () =>
  vscode.window.showInputBox({
    title: 'Add Label',
    prompt: 'A few words on this version, such as Production Candidate. They change nothing of what it says.',
    validateInput: (text) => (text.trim().length > 60 ? 'At most 60 characters' : null),
  });

type Saver = Awaited<ReturnType<Deps['vaults']['engine']>>;

/** The content first, since only it can conflict; then what belongs to the prompt, where something changed. */
async function saveEditor(engine: Saver, { version }: EditorState, save: EditorSave): Promise<void> {
  const { path } = version;
  const { expectRevision, expectHash, content, rationale } = save;
  await engine.edit({ ref: refOf(version), expectRevision, expectHash, ...content, rationale });
  // Only what was changed here, so that what somebody else changed beside it stays.
  const title = save.title === version.title ? undefined : save.title;
  const description = save.description === version.description ? undefined : save.description;
  if (title !== undefined || description !== undefined) await engine.editPrompt({ path, title, description });
  const add = save.tags.filter((tag) => !version.tags.includes(tag));
  const remove = version.tags.filter((tag) => !save.tags.includes(tag));
  if (add.length + remove.length > 0) await engine.tag({ path, add, remove });
}

// What ships is what is stored: these work on the stored version, so unsaved text is saved before them.
const savesFirst: readonly EditorAction[] = ['test', 'testSamples', 'promote', 'createVersion'];

async function runAction(deps: Deps, session: EditorSession, action: EditorAction): Promise<void> {
  if (savesFirst.includes(action) && !(await session.settle())) return;
  const { target } = session;
  const actions: { [Name in EditorAction]: () => Promise<unknown> } = {
    test: async () => deps.labs.open({ vault: target.vault, refs: [refOf(target)] }),
    // Its samples are the dataset of its path.
    testSamples: async () => deps.labs.open({ vault: target.vault, refs: [refOf(target)], dataset: target.path }),
    promote: async () => promote(deps, target),
    createVersion: async () => createVersion(deps, target),
    delete: async () => deleteVersion(deps, target),
    compare: async () => compare(deps, target),
    comparePrd: async () => compareWithPrd(deps, target),
    rollback: async () => rollback(deps, target),
    history: async () => vscode.commands.executeCommand('promptvault.versions.focus'),
    addKey: async () => vscode.commands.executeCommand('promptvault.models.setKey'),
    showLog: async () => deps.log.show(),
  };
  await actions[action]();
}
