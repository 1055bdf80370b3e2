import type { Stage } from '../../src/vault/types.ts';

/** The vault as simple as it can be said: what the real one must agree with. */
export type ModelVersion = {
  major: number;
  minor: number;
  stage: Stage;
  text: string;
  rationale: string;
  /** Texts of all revisions, oldest first. */
  saved: string[];
  copiedFrom: string | null;
  rollbackOf: string | null;
  replacedBy: string | null;
};
export type ModelPrompt = {
  path: string;
  title: string;
  tags: Set<string>;
  versions: ModelVersion[];
  highest: Map<number, number>;
  events: string[];
};
export type VaultModel = Map<string, ModelPrompt>;

export const nameOf = ({ major, minor }: ModelVersion) => `${major}.${minor}`;

export function addVersion(prompt: ModelPrompt, major: number, from: Partial<ModelVersion>): ModelVersion {
  const minor = (prompt.highest.get(major) ?? -1) + 1;
  prompt.highest.set(major, minor);
  const base = { text: '', rationale: '', copiedFrom: null, rollbackOf: null, replacedBy: null, ...from };
  const version: ModelVersion = { ...base, major, minor, stage: 'DEV', saved: [base.text] };
  prompt.versions.push(version);
  prompt.versions.sort((a, b) => b.major - a.major || b.minor - a.minor);
  prompt.events.push(`version.created ${nameOf(version)}`);
  return version;
}

export function saveText(version: ModelVersion, text: string): boolean {
  if (version.text === text) return false;
  version.text = text;
  version.saved.push(text);
  return true;
}

export function promoteModel(prompt: ModelPrompt, version: ModelVersion): void {
  const old = version.stage === 'TST' ? prompt.versions.find(({ stage }) => stage === 'PRD') : undefined;
  version.stage = version.stage === 'DEV' ? 'TST' : 'PRD';
  prompt.events.push(`version.promoted ${nameOf(version)}`);
  if (!old) return;
  old.stage = 'RET';
  old.replacedBy = nameOf(version);
  prompt.events.push(`version.retired ${nameOf(old)}`);
}
