import type { Vault } from '../vault/vault.ts';
import type { LabModels } from './labModels.ts';
import type { LiveRun, RunWork } from './liveRun.ts';
import type { RunPlan } from './planRun.ts';
import type { RegexMatcher } from './regexMatcher.ts';
import type { RunStore } from './runStore.ts';
import type { Cell, RunInfo, RunProgress, RunRequest, RunResult } from './types.ts';

/** What the lab's use cases share. */
export type LabContext = {
  vault: Vault;
  models: LabModels;
  store: RunStore;
  regex: RegexMatcher;
  now(): Date;
  fire(progress: RunProgress): void;
  /** Runs under way in this process, by id. */
  live: ReadonlyMap<string, LiveRun>;
  launch(work: RunWork): RunInfo;
  /** Stores a planned run and begins it. */
  begin(plan: RunPlan, more?: Pick<RunWork, 'answerOf'> & { todo?: number[] }): Promise<RunInfo>;
  startRun(request: RunRequest): Promise<RunInfo>;
  waitForRun(id: string, signal?: AbortSignal): Promise<RunResult>;
  /** All cells of a run as they are now. */
  cellsOf(id: string): Cell[];
};
