import { isAbsolute, join, relative } from 'node:path';
import * as vscode from 'vscode';
import type { LabContract, LabSetup, LabState } from '../engine/panels.ts';
import { allVersions } from '../engine/wholeHistory.ts';
import type { CaseSet, RunInfo, RunRequest } from '../lab/types.ts';
import { codeOf } from '../shared/errors.ts';
import { exportRun } from './exportRun.ts';
import type { LabDeps } from './labPanels.ts';
import type { PanelHandlers } from './panelConnection.ts';
import { pickVersions } from './pickVersions.ts';
import { newestFirst } from './promptNodes.ts';

/** `wanted` is what the host was asked to show and the panel has not been told yet. */
export type LabSession = { vault: string; wanted: { refs?: string[]; runId?: string } };

const setupKey = 'promptvault.lab';
const emptySetup: LabSetup = {
  refs: [],
  models: ['echo:echo'],
  casesFile: null,
  repeat: 1,
  maxCostUsd: null,
  baseline: null,
};
const listedRuns = 100;
const listedFiles = 500;

/** Answers every call of a Lab panel. Case files are named relative to the vault's folder. */
export function labHandlers(deps: LabDeps, session: LabSession): PanelHandlers<LabContract> {
  const { vaults, context } = deps;
  const engine = async () => vaults.engine(session.vault);
  const folder = () => vaults.find(session.vault)!.folder.uri.fsPath;
  const absolute = (file: string) => (isAbsolute(file) ? file : join(folder(), file));
  const memory = `${setupKey} ${session.vault}`;

  const toRequest = ({ refs, models, casesFile, repeat, maxCostUsd, baseline }: LabSetup): RunRequest => ({
    refs,
    models,
    repeat,
    ...(casesFile && { casesFile: absolute(casesFile) }),
    ...(maxCostUsd !== null && { maxCostUsd }),
    ...(baseline && { baseline }),
  });

  async function load({ restore, runId, from }: Parameters<LabContract['requests']['load']>[0]): Promise<LabState> {
    const host = await engine();
    const { refs, runId: wantedRun } = session.wanted;
    session.wanted = {};
    const shownRun = wantedRun ?? (refs ? undefined : (from ?? runId));
    const [models, runs, caseFiles, result] = await Promise.all([
      host.models(),
      host.listRuns({ limit: listedRuns }),
      findCaseFiles(folder()),
      shownRun ? host.showRun({ runId: shownRun }).catch(ifGone) : null,
    ]);
    const remembered = { ...emptySetup, ...context.workspaceState.get<LabSetup>(memory), ...restore };
    const fromRun = (wantedRun ?? from) && result ? setupOf(result.run, folder()) : {};
    const setup: LabSetup = { ...remembered, ...fromRun, ...(refs && { refs }) };
    const cases = setup.casesFile ? await readCases(setup.casesFile) : null;
    if (!cases) setup.casesFile = null;
    const { vault } = session;
    return { vault, setup, versions: await versionsOf(setup.refs), models, caseFiles, cases, runs, result };
  }

  async function versionsOf(refs: readonly string[]) {
    const host = await engine();
    const paths = [...new Set(refs.map((ref) => ref.split('@')[0]!))];
    const each = await Promise.all(paths.map(async (path) => allVersions(host, path).catch(ifGone)));
    return each.flatMap((versions) => (versions ? newestFirst(versions) : []));
  }

  // A remembered file may be gone or broken by now: the panel then starts without cases.
  const readCases = async (file: string): Promise<CaseSet | null> =>
    (await engine()).readCases({ file: absolute(file) }).catch(() => null);

  return {
    load,
    pickVersions: async () => pickVersions(deps, session.vault),
    async pickCases() {
      const [file] =
        (await vscode.window.showOpenDialog({
          canSelectMany: false,
          filters: { Cases: ['csv'] },
          openLabel: 'Use Cases',
          defaultUri: vscode.Uri.file(folder()),
        })) ?? [];
      return file ? shortName(folder(), file.fsPath) : null;
    },
    readCases: async ({ file }) => (await engine()).readCases({ file: absolute(file) }),
    estimate: async (setup) => (await engine()).estimateRun(toRequest(setup)),
    async start(setup) {
      await context.workspaceState.update(memory, setup);
      return (await engine()).startRun(toRequest(setup));
    },
    cancel: async (run) => (await engine()).cancelRun(run),
    showRun: async (run) => (await engine()).showRun(run),
    showCell: async (cell) => (await engine()).showCell(cell),
    listRuns: async () => (await engine()).listRuns({ limit: listedRuns }),
    openVersion: async ({ ref }) => {
      await vscode.commands.executeCommand('promptvault.version.open', { vault: session.vault, ...split(ref) });
    },
    addKey: async ({ vendor }) => {
      await vscode.commands.executeCommand('promptvault.models.setKey', vendor);
    },
    exportRun: async (request) => exportRun(await engine(), request),
  };
}

function split(ref: string): { path: string; version?: string } {
  const [path = '', version] = ref.split('@');
  return { path, version };
}

function ifGone(error: unknown): null {
  if (codeOf(error) === 'NOT_FOUND') return null;
  throw error;
}

/** What a past run was made of, to run it again. */
function setupOf({ versions, models, casesFile, repeat, baseline }: RunInfo, folder: string): Partial<LabSetup> {
  return {
    refs: versions,
    models,
    casesFile: casesFile && shortName(folder, casesFile),
    repeat,
    baseline: baseline && `${baseline.path}@${baseline.version}`,
  };
}

/** Relative inside the folder, whole outside of it. */
function shortName(folder: string, file: string): string {
  if (!isAbsolute(file)) return file;
  const short = relative(folder, file);
  return short.startsWith('..') ? file : short.replaceAll('\\', '/');
}

async function findCaseFiles(folder: string): Promise<string[]> {
  const pattern = new vscode.RelativePattern(vscode.Uri.file(folder), '**/*.csv');
  const files = await vscode.workspace.findFiles(pattern, '**/node_modules/**', listedFiles);
  return files.map(({ fsPath }) => shortName(folder, fsPath)).sort();
}
