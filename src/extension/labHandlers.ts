import * as vscode from 'vscode';
import type { LabCases, LabContract, LabSetup, LabState } from '../engine/panels.ts';
import { allVersions } from '../engine/wholeHistory.ts';
import type { Case, RunInfo, RunResult } from '../lab/types.ts';
import { codeOf } from '../shared/errors.ts';
import { metricNames } from '../shared/metricNames.ts';
import { emptySetup } from './emptySetup.ts';
import { packRun } from './labCells.ts';
import { labDataHandlers } from './labDataHandlers.ts';
import type { LabDeps } from './labPanels.ts';
import { labRunHandlers } from './labRunHandlers.ts';
import { absolute, fromSuite, setupOfRun, shortName, toRequest } from './labSetup.ts';
import { labSuiteHandlers } from './labSuiteHandlers.ts';
import type { PanelHandlers } from './panelConnection.ts';
import { pickVersions } from './pickVersions.ts';
import { newestFirst } from './promptNodes.ts';

/** `wanted` is what the host was asked to show and the panel has not been told yet; `shown` is the run on the page, whole. */
export type LabSession = {
  vault: string;
  wanted: { refs?: string[]; dataset?: string; runId?: string };
  shown: RunResult | null;
  /** The panel comes back after its window was loaded anew, and has not been shown yet. */
  restored?: boolean;
};

const setupKey = 'promptvault.lab';
const listedRuns = 100;
const listedFiles = 500;
const keptSetups = 50;

/** Answers every call of a Lab panel. Case files are named relative to the vault's folder. */
export function labHandlers(deps: LabDeps, session: LabSession): PanelHandlers<LabContract> {
  const { vaults, context } = deps;
  const engine = async () => vaults.engine(session.vault);
  const folder = () => vaults.find(session.vault)!.folder.uri.fsPath;
  const memory = `${setupKey} ${session.vault}`;
  const unsavedOf = (ref: string) => deps.unsaved.get({ vault: session.vault, ...split(ref) })?.content;
  const requestOf = (setup: LabSetup) => toRequest(setup, { folder: folder(), unsavedOf });
  /** The setups of past runs, whole: a run itself does not tell which checks were its own. */
  const past = () => context.workspaceState.get<[string, LabSetup][]>(`${memory} runs`, []);

  async function show(runId: string) {
    session.shown = await (await engine()).showRun({ runId });
    return packRun(session.shown);
  }

  async function setupOf(run: RunInfo): Promise<Partial<LabSetup>> {
    const known = past().find(([id]) => id === run.id)?.[1];
    if (known) return { ...known, unsaved: [] };
    const suite = run.suite ? await (await engine()).showSuite({ name: run.suite }).catch(ifGone) : null;
    return { ...setupOfRun(run, folder()), ...(suite && fromSuite(suite.name, suite.definition)) };
  }

  async function load({ restore, runId, from }: Parameters<LabContract['requests']['load']>[0]): Promise<LabState> {
    const host = await engine();
    const { refs, dataset } = session.wanted;
    const wantedRun = session.wanted.runId ?? (session.restored ? await cutOff() : undefined);
    Object.assign(session, { wanted: {}, restored: false });
    const shownRun = wantedRun ?? (refs ? undefined : (from ?? runId));
    const [models, runs, caseFiles, datasets, suites, checkSets, checkKinds, result] = await Promise.all([
      host.models(),
      host.listRuns({ limit: listedRuns }),
      findCaseFiles(folder()),
      host.listDatasets({}),
      host.listSuites({}),
      host.listCheckSets({}),
      host.checkKinds(),
      shownRun ? show(shownRun).catch(ifGone) : null,
    ]);
    const remembered = { ...emptySetup, ...context.workspaceState.get<LabSetup>(memory), ...restore };
    const fromRun = (wantedRun ?? from) && result ? await setupOf(result.run) : {};
    const asked = dataset && { dataset, casesFile: null, mapping: null, suiteChanged: true };
    const setup: LabSetup = { ...remembered, ...fromRun, ...(refs && { refs, unsaved: [] }), ...asked };
    const versions = await versionsOf(setup.refs);
    const drafts = versions.map(({ path, version }) => `${path}@${version}`).filter((ref) => unsavedOf(ref));
    setup.unsaved = setup.unsaved.filter((ref) => drafts.includes(ref));
    // Remembered test data may be gone or broken by now: the panel then starts without cases.
    const cases = await readCases(setup).catch(() => null);
    if (!cases) Object.assign(setup, { casesFile: null, dataset: null });
    return {
      ...{ vault: session.vault, setup, versions, drafts, models, caseFiles, cases, runs, result, checkKinds },
      ...{ datasets: names(datasets), suites: names(suites), checkSets: names(checkSets) },
      metricsOfSets: Object.fromEntries(checkSets.map(({ name, checks }) => [name, metricNames(checks)])),
      readOnlyReason: vaults.find(session.vault)?.problem() ?? null,
    };
  }

  /** What a panel remembers is older than the run that the end of its window cut off. */
  async function cutOff(): Promise<string | undefined> {
    const [newest] = await (await engine()).listRuns({ limit: 1 });
    return newest && (newest.resumable || newest.status === 'running') ? newest.id : undefined;
  }

  async function versionsOf(refs: readonly string[]) {
    const host = await engine();
    const paths = [...new Set(refs.map((ref) => split(ref).path))];
    const each = await Promise.all(paths.map(async (path) => allVersions(host, path).catch(ifGone)));
    return each.flatMap((versions) => (versions ? newestFirst(versions) : []));
  }

  async function readCases({ dataset, casesFile, refs }: LabSetup): Promise<LabCases> {
    const host = await engine();
    const source = sourceOf({ dataset, casesFile });
    const [path, ...others] = new Set(refs.map((ref) => split(ref).path));
    const mapping = source && path && others.length === 0 ? await host.mapping({ source, path }) : null;
    if (dataset) {
      const { columns, rows } = await host.showDataset({ name: dataset });
      return { columns, count: rows.length, mapping, metrics: metricsOf(rows) };
    }
    if (!casesFile) return { columns: [], count: 0, mapping: null, metrics: [] };
    const { columns, cases } = await host.readCases({ file: absolute(folder(), casesFile) });
    return { columns, count: cases.length, mapping, metrics: metricsOf(cases) };
  }

  return {
    load,
    readCases,
    ...labSuiteHandlers(engine),
    ...labRunHandlers({ engine, session, requestOf }),
    ...labDataHandlers({ engine, folder }),
    pickVersions: async () => pickVersions(deps, session.vault),
    async pickCases() {
      const [file] =
        (await vscode.window.showOpenDialog({
          canSelectMany: false,
          filters: { Cases: ['csv', 'json', 'jsonl', 'yaml', 'yml'] },
          openLabel: 'Use Cases',
          defaultUri: vscode.Uri.file(folder()),
        })) ?? [];
      return file ? shortName(folder(), file.fsPath) : null;
    },
    async saveMapping({ setup, mapping }) {
      const source = sourceOf(setup);
      const paths = new Set(setup.refs.map((ref) => split(ref).path));
      for (const path of source ? paths : []) await (await engine()).saveMapping({ source: source!, path, mapping });
    },
    estimate: async (setup) => (await engine()).estimateRun(requestOf(setup)),
    async start(setup) {
      const run = await (await engine()).startRun(requestOf(setup));
      await context.workspaceState.update(memory, setup);
      await context.workspaceState.update(`${memory} runs`, [[run.id, setup], ...past()].slice(0, keptSetups));
      return run;
    },
    showRun: async ({ runId }) => show(runId),
    listRuns: async () => (await engine()).listRuns({ limit: listedRuns }),
    openVersion: async ({ ref }) => {
      const { path, version } = split(ref.replace(/\*$/, ''));
      await vscode.commands.executeCommand('promptvault.version.open', { vault: session.vault, path, version });
    },
    addKey: async ({ vendor }) => {
      await vscode.commands.executeCommand('promptvault.models.setKey', vendor);
    },
  };
}

const metricsOf = (cases: readonly Case[]) => metricNames(cases.flatMap(({ checks }) => checks));
const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);

function sourceOf({ dataset, casesFile }: Pick<LabSetup, 'dataset' | 'casesFile'>): string | null {
  if (dataset) return `dataset:${dataset}`;
  return casesFile ? `file:${casesFile}` : null;
}

function split(ref: string): { path: string; version: string } {
  const [path = '', version = ''] = ref.split('@');
  return { path, version };
}

function ifGone(error: unknown): null {
  if (codeOf(error) === 'NOT_FOUND') return null;
  throw error;
}

async function findCaseFiles(folder: string): Promise<string[]> {
  const pattern = new vscode.RelativePattern(vscode.Uri.file(folder), '**/*.{csv,jsonl}');
  const files = await vscode.workspace.findFiles(pattern, '**/node_modules/**', listedFiles);
  return files.map(({ fsPath }) => shortName(folder, fsPath)).sort();
}
