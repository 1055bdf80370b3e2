export const agentFileKinds = ['skill', 'copilot', 'claude-command', 'cursor'] as const;
export type AgentFileKind = (typeof agentFileKinds)[number];

/**
 * `missing` and `behind` are mended by writing; `edited` (by hand since) and `foreign` (not ours) only when a person wants them
 * overwritten. Never written: `taken` by another prompt of the same file name, `blocked` by a link or by the file system,
 * `unsafe` for a text that the agent would run commands of, `unreleased` while nothing is in production.
 */
export type AgentFileState =
  | 'current'
  | 'missing'
  | 'behind'
  | 'edited'
  | 'foreign'
  | 'taken'
  | 'blocked'
  | 'unsafe'
  | 'unreleased';
/** One prompt for one kind of agent. `file` is relative to the workspace, with slashes; `version` is what is in production. */
export type AgentFile = {
  path: string;
  kind: AgentFileKind;
  file: string;
  version: string | null;
  state: AgentFileState;
  /** Why it is not current, in words; null when it is. */
  problem: string | null;
};
/** `state` is what was found; `kept` is all that was left as it is. */
export type AgentFileChange = AgentFile & { done: 'written' | 'removed' | 'kept' };

export type AgentFileCalls = {
  /** What was chosen for agents, by path and kind; 200 unless told. `after`: the last of the page before. */
  agentFiles(p: { path?: string; limit?: number; after?: Pick<AgentFile, 'path' | 'kind'> }): Promise<AgentFile[]>;
  /** Chooses kinds for a prompt, or drops them, and writes or removes their files at once. NOT_FOUND, INVALID_INPUT outside of a workspace. */
  chooseAgentFiles(p: {
    path: string;
    add?: AgentFileKind[];
    remove?: AgentFileKind[];
    force?: boolean;
  }): Promise<AgentFileChange[]>;
  /** Brings all files, or those of a prompt, in step. `force` overwrites what is edited or foreign; `dryRun` only tells. */
  writeAgentFiles(p: { path?: string; force?: boolean; dryRun?: boolean }): Promise<AgentFileChange[]>;
};
