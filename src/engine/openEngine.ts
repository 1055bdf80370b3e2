import { agentFileCalls } from '../exchange/agentFiles/agentFiles.ts';
import { importPrompts } from '../exchange/importPrompts.ts';
import { importPromptfoo } from '../exchange/promptfoo/importPromptfoo.ts';
import { readChecksFile } from '../lab/caseFiles.ts';
import { listChecks } from '../lab/checks/registry.ts';
import { evidenceOf } from '../lab/evidence.ts';
import { createLab } from '../lab/lab.ts';
import { labData } from '../lab/labData.ts';
import { readChecks } from '../lab/readChecks.ts';
import { readSuiteFile } from '../lab/suiteFiles.ts';
import { listModels } from '../models/catalog.ts';
import { testConnection } from '../models/testConnection.ts';
import { tokensOf } from '../publish/accessTokens.ts';
import { bundleCalls } from '../publish/bundle.ts';
import { sync } from '../publish/sync.ts';
import { toVaultError, VaultError } from '../shared/errors.ts';
import { createEmitter, type Emitter } from '../shared/events.ts';
import { backupRoot } from '../vault/backupPlace.ts';
import { openVault, type Vault } from '../vault/vault.ts';
import { createChangeFeed } from './changeFeed.ts';
import type { Engine, EngineEvents, EngineExtras, OpenEngineOptions } from './engine.ts';
import { engineMethods, vaultMethods } from './engineMethods.ts';
import { type BackUp, keepBackups } from './keepBackups.ts';
import { promoteThroughGate } from './promoteThroughGate.ts';
import { publishing } from './publishing.ts';
import { reachModels } from './reachModels.ts';
import { stampOf } from './stamp.ts';
import { countTokens, tryModel } from './tryModel.ts';
import { watchCommits } from './watchCommits.ts';
import { draftCalls } from './writeDraft.ts';

type AnyMethod = (first?: unknown, signal?: AbortSignal) => unknown;
type Methods = { [name: string]: AnyMethod };
/** `backUp` makes daily backups where they stop nobody; in this process unless given. */
export type InProcessOptions = OpenEngineOptions & { backUp?: BackUp };

/**
 * Opens a vault with everything around it, in this process. Fails with FILE_NOT_FOUND, FOREIGN, NEWER, DAMAGED, BUSY or
 * READ_ONLY as the vault does. Whoever opens it closes it: `close` stops what is under way, stores it and settles after that.
 */
export async function openEngine(file: string, options: InProcessOptions): Promise<Engine> {
  const { actor, host, mode } = options;
  const backups = backupRoot(options.backups);
  const vault = openVault(file, { actor, mode, backups });
  try {
    return assemble(vault, { ...options, host, backups, asked: file });
  } catch (error) {
    vault.close();
    throw error;
  }
}

function assemble(
  vault: Vault,
  { host, afterSeq, backups, backUp, asked, delivers = false }: InProcessOptions & { backups: string; asked: string },
): Engine {
  const { database } = vault;
  const models = reachModels(host);
  const lab = createLab({ vault, models });
  const { dataVersion } = database;
  const feed = createChangeFeed({ ...vault, dataVersion }, { afterSeq });
  const { follow, ...agentFiles } = agentFileCalls({ ...vault, file: asked });
  feed.onDidChange(({ events, own }) => own && follow(events));
  const watching = watchCommits(vault.file, feed.look);
  const keeper = keepBackups(vault, { root: backups, ...(backUp ? { aside: backUp } : {}) });
  const streamed = createEmitter<EngineEvents['onDidStream']>();
  const synced = createEmitter<EngineEvents['onDidSync']>();
  const imported = createEmitter<EngineEvents['onDidImport']>();
  // Aborted by `close`: no import or call outlives the vault.
  const life = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  const until = (signal?: AbortSignal) => (signal ? AbortSignal.any([signal, life.signal]) : life.signal);
  const published = publishing(vault, {
    settings: host.publishing,
    delivers,
    onProgress: synced.fire,
    onDidChange: feed.onDidChange,
    life: life.signal,
  });

  const extras: EngineExtras = {
    models: () => listModels(host, life.signal),
    testConnection: ({ vendor }, signal) => testConnection(vendor, host, until(signal)),
    tryOnce: async ({ streamId, model, request }, signal) =>
      tryModel(
        models,
        { model, request, prices: await host.prices() },
        { onEvent: (event) => streamed.fire({ streamId, event }), signal: until(signal) },
      ),
    countTokens: async (p) => countTokens(models, { ...p, prices: await host.prices() }),
    readCases: (p) => lab.readCases(p),
    readChecks: ({ file }) => readChecksFile(file),
    checksOf: async ({ lines }) => readChecks(lines),
    checkKinds: async () => listChecks(),
    readSuite: ({ file }) => readSuiteFile(file),
    estimateRun: (p) => lab.estimateRun(p),
    startRun: (p) => lab.startRun(p),
    cancelRun: (p) => lab.cancelRun(p),
    waitForRun: (p, signal) => lab.waitForRun(p, signal),
    listRuns: (p) => lab.listRuns(p),
    showRun: (p) => lab.showRun(p),
    showCell: (p) => lab.showCell(p),
    evidence: async (p) => evidenceOf(database, p),
    exportRun: (p) => lab.exportRun(p),
    resumeRun: (p) => lab.resumeRun(p),
    retryErrors: (p) => lab.retryErrors(p),
    rerunCell: (p) => lab.rerunCell(p),
    rerunFailing: (p) => lab.rerunFailing(p),
    rescore: (p) => lab.rescore(p),
    bisect: (p) => lab.bisect(p),
    markCell: (p) => lab.markCell(p),
    clearMark: (p) => lab.clearMark(p),
    importDataset: (p) => lab.importDataset(p),
    exportDataset: (p) => lab.exportDataset(p),
    casesFromRun: (p) => lab.casesFromRun(p),
    generateCases: (p, signal) => lab.generateCases(p, until(signal)),
    compareColumns: (p) => lab.compareColumns(p),
    compareBaseline: (p) => lab.compareBaseline(p),
    flaky: (p) => lab.flaky(p),
    gate: () => lab.gate(),
    setGate: (p) => lab.setGate(p),
    checkGate: (p) => lab.checkGate(p),
    promote: published.releasing((p) => promoteThroughGate(p, { vault, checkGate: lab.checkGate })),
    importPrompts: (p, signal) =>
      importPrompts(vault, p, {
        onProgress: imported.fire,
        beforeWrite: keeper.beforeImport,
        signal: until(signal),
      }),
    importPromptfoo: (p) => importPromptfoo(vault, labData(database), p),
    sync: (p, signal) => sync(vault, p, { onProgress: synced.fire, signal: until(signal), ledger: published.ledger() }),
    ...published.calls,
    ...stampOf(database),
    ...draftCalls(vault),
    ...agentFiles,
    ...tokensOf(vault, database.actor),
    ...bundleCalls({ ...vault, read: database.read }),
    setFocused: async ({ focused }) => feed.setFocused(focused),
  };
  const events: { [Name in keyof EngineEvents]: Emitter<EngineEvents[Name]>['on'] } = {
    onDidChange: feed.onDidChange,
    onDidRun: lab.onDidRun,
    onDidStream: streamed.on,
    onDidSync: synced.on,
    onDidPublish: published.onDidPublish,
    onDidImport: imported.on,
    onDidFindDamage: keeper.onDidFindDamage,
  };
  const released = { rollback: published.releasing(vault.rollback), move: published.releasing(vault.move) };
  const all = { ...vaultCalls(vault), ...released, ...labData(database), ...extras } as Methods;

  /** Every method fails with a code once closed or aborted, and is waited for by `close`. */
  const guarded = (name: string) => async (first?: unknown, last?: AbortSignal) => {
    const signal = first instanceof AbortSignal ? first : last;
    if (life.signal.aborted) throw new VaultError('ENGINE_GONE', 'The engine was closed');
    if (signal?.aborted) throw new VaultError('CANCELLED', 'Cancelled');
    const work = (async () => (all[name] as AnyMethod)(first instanceof AbortSignal ? {} : (first ?? {}), signal))();
    underWay.add(work);
    try {
      return await work;
    } catch (error) {
      throw toVaultError(error);
    } finally {
      underWay.delete(work);
    }
  };
  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    life.abort();
    watching.dispose();
    feed.dispose();
    await lab.close();
    await published.close();
    await Promise.allSettled(underWay);
    await keeper.close();
    vault.close();
  }
  return {
    ...(Object.fromEntries(engineMethods.map((name) => [name, guarded(name)])) as Omit<
      Engine,
      'close' | keyof EngineEvents
    >),
    ...events,
    close() {
      closing ??= close();
      return closing;
    },
  };
}

/** The vault's methods by name: they are synchronous and know no signal. */
function vaultCalls(vault: Vault): Methods {
  return Object.fromEntries(vaultMethods.map((name) => [name, (p: unknown) => (vault[name] as AnyMethod)(p)]));
}
