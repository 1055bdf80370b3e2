import * as vscode from 'vscode';
import type { RunResult } from '../../lab/types.ts';
import type { VersionRecord } from '../../vault/types.ts';
import type { Deps } from '../deps.ts';
import { textUri } from '../draftTarget.ts';
import { vaultName } from '../vaultName.ts';
import { type Column, columnId, columnLabel } from './columns.ts';
import { type LoadedSuite, loadSuite } from './loadSuite.ts';

/** What the explorer knows of a suite; `shown` is the run whose results it shows. */
export type SuiteNode = {
  vault: string;
  name: string;
  item: vscode.TestItem;
  loaded?: LoadedSuite;
  shown?: RunResult;
};
type Place = { suite: SuiteNode; caseId?: string };

export type TestTree = {
  /** Brings the suites of all vaults up to date, without their cases. */
  readSuites(): Promise<SuiteNode[]>;
  suites(): SuiteNode[];
  /** The suite an item stands for or lies in, with the case; undefined for a vault. */
  placeOf(item: vscode.TestItem): Place | undefined;
  /** Reads the suite and its cases. What is wrong with them is shown on the item, and undefined answered. */
  load(suite: SuiteNode): Promise<LoadedSuite | undefined>;
  /** Rows below the cases, where a run has several columns. */
  showColumns(suite: SuiteNode, columns: readonly Column[]): void;
  /** The row of a case in a column; undefined when the suite has no such case any more. */
  leaf(suite: SuiteNode, caseId: string, column: Column): vscode.TestItem | undefined;
};

/** vault (where there are several) → suite → case → column (where there are several). */
export function createTestTree(controller: vscode.TestController, vaults: Deps['vaults']): TestTree {
  const places = new WeakMap<vscode.TestItem, Place>();
  const known = new Map<string, SuiteNode>();

  async function suitesOf(vault: string): Promise<SuiteNode[]> {
    const engine = await vaults.engine(vault);
    const listed = await engine.listSuites({ limit: 1000 });
    return listed.map(({ name }) => known.get(`${vault} ${name}`) ?? newSuite(vault, name));
  }

  function newSuite(vault: string, name: string): SuiteNode {
    const item = controller.createTestItem(`suite ${name}`, name);
    item.canResolveChildren = true;
    const suite = { vault, name, item };
    places.set(item, { suite });
    return suite;
  }

  async function readSuites(): Promise<SuiteNode[]> {
    const present = vaults.present();
    const lists = await Promise.all(present.map(({ key }) => suitesOf(key).catch(() => [])));
    const several = present.length > 1;
    known.clear();
    for (const suite of lists.flat()) known.set(`${suite.vault} ${suite.name}`, suite);
    if (!several) {
      controller.items.replace(lists.flat().map(({ item }) => item));
      return lists.flat();
    }
    const roots = present.map(({ key, folder }, index) => {
      const root = controller.items.get(`vault ${key}`) ?? controller.createTestItem(`vault ${key}`, folder.name);
      root.label = vaultName(vaults, key) ?? folder.name;
      root.children.replace(lists[index]!.map(({ item }) => item));
      return root;
    });
    controller.items.replace(roots);
    return lists.flat();
  }

  async function load(suite: SuiteNode): Promise<LoadedSuite | undefined> {
    const { item, vault, name } = suite;
    item.busy = true;
    try {
      const engine = await vaults.engine(vault);
      const loaded = await loadSuite(engine, name, vaults.find(vault)!.folder.uri.fsPath);
      suite.loaded = loaded;
      const { refs = [], models } = loaded.definition;
      const versions = await Promise.all(refs.map(async (ref) => engine.show({ ref }).catch(() => undefined)));
      const tags = [...refs, ...models.map((one) => (typeof one === 'string' ? one : (one.label ?? one.model)))];
      item.tags = tags.map((id) => new vscode.TestTag(id));
      item.description = `${loaded.cases.length} ${loaded.cases.length === 1 ? 'case' : 'cases'}`;
      item.error = undefined;
      placeCases(suite, loaded, versions.find(Boolean));
      return loaded;
    } catch (error) {
      suite.loaded = undefined;
      item.error = error instanceof Error ? error.message : String(error);
      item.children.replace([]);
      return undefined;
    } finally {
      item.busy = false;
    }
  }

  /** Rows that are there stay, and what they show with them; "Go to Test" opens the prompt. */
  function placeCases(suite: SuiteNode, { cases }: LoadedSuite, version: VersionRecord | undefined): void {
    const uri = version && textUri(suite.vault, version);
    const { children, tags } = suite.item;
    const rows = cases.map(({ id, name }, index) => {
      const before = children.get(`case ${id}`);
      const row =
        before && before.uri?.toString() === uri?.toString()
          ? before
          : controller.createTestItem(`case ${id}`, name, uri);
      row.label = name;
      row.sortText = String(index).padStart(6, '0');
      row.tags = tags;
      places.set(row, { suite, caseId: id });
      return row;
    });
    const same = rows.length === children.size && rows.every((row) => children.get(row.id) === row);
    if (!same) children.replace(rows);
  }

  return {
    readSuites,
    suites: () => [...known.values()],
    placeOf: (item) => places.get(item),
    load,
    showColumns(suite, columns) {
      const several = columns.length > 1;
      for (const [, row] of suite.item.children) {
        const { caseId } = places.get(row)!;
        const wanted = several ? columns : [];
        const items = wanted.map((column, index) => {
          const id = columnId(column);
          const item = row.children.get(id) ?? controller.createTestItem(id, columnLabel(column, columns), row.uri);
          item.sortText = String(index).padStart(3, '0');
          item.tags = [new vscode.TestTag(column.model), new vscode.TestTag(column.path)];
          places.set(item, { suite, caseId: caseId! });
          return item;
        });
        const same = items.length === row.children.size && items.every((item) => row.children.get(item.id) === item);
        if (!same) row.children.replace(items);
      }
    },
    leaf(suite, caseId, column) {
      const row = suite.item.children.get(`case ${caseId}`);
      return row && row.children.size > 0 ? row.children.get(columnId(column)) : row;
    },
  };
}
