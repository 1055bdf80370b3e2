import * as vscode from 'vscode';
import type { EditorContract, EditorSample } from '../engine/panels.ts';
import { allEvents } from '../engine/wholeHistory.ts';
import type { Dataset } from '../lab/dataTypes.ts';
import type { Case } from '../lab/types.ts';
import { codeOf } from '../shared/errors.ts';
import type { Deps } from './deps.ts';
import type { EditorSession } from './editorPanel.ts';
import type { PanelHandlers } from './panelConnection.ts';

type SampleCalls = 'samples' | 'saveSamples' | 'samplesFromFile';
/** A table of more columns than this is no help; what is beyond stays in the dataset as it is. */
const mostShown = 50;

/** The samples of a panel's prompt: the rows of the dataset that has the prompt's path for its name. */
export function sampleHandlers(
  { vaults, context }: Pick<Deps, 'vaults' | 'context'>,
  session: Pick<EditorSession, 'target'>,
): Pick<PanelHandlers<EditorContract>, SampleCalls> {
  const engine = async () => vaults.engine(session.target.vault);
  const memory = (what: string) => `promptvault.${what} ${session.target.vault} ${base.path}`;
  const { workspaceState } = context;
  /** What the page's samples stand on. A dataset numbers its rows anew at each save; the page keeps its own ids. */
  let base: { path: string; rows: Case[]; ids: string[]; revision: number } = {
    path: '',
    rows: [],
    ids: [],
    revision: 0,
  };

  async function stored(name: string): Promise<Dataset | undefined> {
    try {
      return await (await engine()).showDataset({ name });
    } catch (error) {
      if (codeOf(error) === 'NOT_FOUND') return undefined;
      throw error;
    }
  }

  /** A prompt that was moved finds its samples under the path they were saved under. */
  async function earlier(): Promise<Dataset | undefined> {
    for (const { kind, details } of (await allEvents(await engine(), session.target.path)).reverse()) {
      const { from } = (details ?? {}) as { from?: unknown };
      const found = kind === 'prompt.moved' && typeof from === 'string' ? await stored(from) : undefined;
      if (found) return found;
    }
    return undefined;
  }

  return {
    async samples() {
      const { path } = session.target;
      const own = await stored(path);
      base = { path, rows: [], ids: [], revision: own?.revision ?? 0 };
      const rows = (own ?? (await earlier()))?.rows ?? workspaceState.get<Case[]>(memory('samples'), []);
      base = { ...base, rows, ids: rows.map(({ id }) => id) };
      const chosen = workspaceState.get<string | null>(memory('sample'), null);
      return { samples: rows.slice(0, mostShown).map(sampleOf), chosen, more: Math.max(0, rows.length - mostShown) };
    },
    async saveSamples({ samples, chosen }) {
      const place = samples.findIndex(({ id }) => id === chosen);
      await workspaceState.update(memory('sample'), String(place + 1));
      const checks = new Map(base.ids.map((id, at) => [id, base.rows[at]?.checks ?? []]));
      const shown = samples.map(({ id, name, values }) => ({
        id,
        name,
        variables: values,
        checks: checks.get(id) ?? [],
      }));
      const rows: Case[] = [...shown, ...base.rows.slice(mostShown)];
      if (base.rows.length === 0 && rows.every(({ variables }) => Object.keys(variables).length === 0)) return;
      // The page may show another prompt by now; these are the samples of the one they were asked for.
      const { path: name } = base;
      try {
        const { revision } = await (await engine()).saveDataset({ name, rows, expectRevision: base.revision });
        base = { path: name, rows, ids: rows.map(({ id }) => id), revision };
      } catch (error) {
        // Where nothing can be written, samples are this window's.
        if (codeOf(error) !== 'READ_ONLY') throw error;
        await workspaceState.update(memory('samples'), rows);
      }
    },
    async samplesFromFile() {
      const filters = { 'Files of cases': ['csv', 'tsv', 'json', 'jsonl', 'yaml', 'yml'] };
      const [file] = (await vscode.window.showOpenDialog({ title: 'Use Cases from File', filters })) ?? [];
      if (!file) return null;
      const { cases } = await (await engine()).readCases({ file: file.fsPath });
      return cases.slice(0, mostShown).map(sampleOf);
    },
  };
}

function sampleOf({ id, name, variables }: Case): EditorSample {
  return { id, name: name || `Sample ${id}`, values: variables };
}
