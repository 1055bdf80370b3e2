import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { EngineClient } from '../engine/engineClient.ts';
import type { LabContract, LabDataset } from '../engine/panels.ts';
import type { Dataset } from '../lab/dataTypes.ts';
import { codeOf } from '../shared/errors.ts';
import { askName } from './askName.ts';
import type { PanelHandlers } from './panelConnection.ts';
import { reviewCases } from './reviewCases.ts';

type DataCall =
  | ('showDataset' | 'datasetRevisions' | 'saveDataset' | 'importDataset' | 'exportDataset' | 'generateCases')
  | ('casesFromRun' | 'addToDataset');
type Place = { engine(): Promise<EngineClient>; folder(): string };

/** Datasets of the vault as a Lab panel edits them. */
export function labDataHandlers({ engine, folder }: Place): Pick<PanelHandlers<LabContract>, DataCall> {
  const names = async () => (await (await engine()).listDatasets({})).map(({ name }) => name);
  const show = async (name: string) => toPanel(await (await engine()).showDataset({ name }));

  return {
    showDataset: async (p) => toPanel(await (await engine()).showDataset(p)),
    datasetRevisions: async (p) => (await engine()).datasetRevisions(p),
    async saveDataset({ name: known, revision, columns, rows }) {
      const taken = await names();
      const name = known || (await askName({ title: 'Save Dataset', value: '', taken, what: 'dataset' }));
      if (!name) return null;
      await (await engine()).saveDataset({ name, columns, rows, expectRevision: revision });
      return show(name);
    },
    async importDataset() {
      const [file] =
        (await vscode.window.showOpenDialog({
          canSelectMany: false,
          filters: { Cases: ['csv', 'json', 'jsonl', 'yaml', 'yml'] },
          openLabel: 'Import',
          defaultUri: vscode.Uri.file(folder()),
        })) ?? [];
      if (!file) return null;
      const value = basename(file.fsPath)
        .replace(/\.\w+$/, '')
        .replace(/[^\w.-]+/g, '-');
      const name = await askName({ title: 'Import as Dataset', value, taken: await names(), what: 'dataset' });
      if (name) await (await engine()).importDataset({ name, file: file.fsPath });
      return name;
    },
    async exportDataset({ name }) {
      const filters = { CSV: ['csv'], JSON: ['json'], 'JSON Lines': ['jsonl'], YAML: ['yaml'] };
      const defaultUri = vscode.Uri.joinPath(vscode.Uri.file(folder()), `${name.replaceAll('/', '-')}.csv`);
      const file = await vscode.window.showSaveDialog({ filters, defaultUri, saveLabel: 'Export' });
      if (!file) return;
      const format = (['json', 'jsonl', 'yaml'] as const).find((one) => file.fsPath.endsWith(`.${one}`)) ?? 'csv';
      const text = await (await engine()).exportDataset({ name, format });
      await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
    },
    generateCases: async (p, signal) => (await engine()).generateCases(p, signal),
    casesFromRun: async (p) => (await engine()).casesFromRun(p),
    async addToDataset({ runId, indexes }) {
      const host = await engine();
      const chosen = await pickDataset(await names());
      if (!chosen) return null;
      const before = await host.showDataset({ name: chosen }).catch(ifNew);
      // What a model answered is a proposal: a person says what becomes of it.
      const added = await reviewCases(await host.casesFromRun({ runId, indexes }), chosen);
      if (added.length === 0) return null;
      const rows = [...(before?.rows ?? []), ...added].map((row, at) => ({ ...row, id: String(at + 1) }));
      await host.saveDataset({ name: chosen, rows, expectRevision: before?.revision ?? 0 });
      return chosen;
    },
  };
}

const toPanel = ({ name, revision, columns, rows }: Dataset): LabDataset => ({ name, revision, columns, rows });

function ifNew(error: unknown): null {
  if (codeOf(error) === 'NOT_FOUND') return null;
  throw error;
}

async function pickDataset(names: readonly string[]): Promise<string | null> {
  const fresh = { label: '$(add) New dataset…' };
  const items = [fresh, ...names.map((label) => ({ label }))];
  const title = 'Add to Dataset';
  const picked = names.length === 0 ? fresh : await vscode.window.showQuickPick(items, { title });
  if (picked !== fresh) return picked?.label ?? null;
  return askName({ title, value: '', taken: names, what: 'dataset' });
}
