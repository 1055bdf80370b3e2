import type { GroupCount, GroupQuery, PromptSummary, Stage, VersionInfo } from '../vault/types.ts';

/** `recent` has no groups: what changed last stands first. */
export const groupings = ['folder', 'tag', 'stage', 'recent'] as const;
export type Grouping = (typeof groupings)[number];
export type GroupBy = GroupQuery['by'];

/** Rows of the Prompts view as plain data. They serve as command arguments too, so prompts and versions carry their names. */
/** `folder` is its path on disk; `problem` says why it cannot be written, or not read. */
export type VaultNode = { kind: 'vault'; vault: string; label: string; folder: string; problem: string | null };
export type GroupNode = { kind: 'group'; vault: string; by: GroupBy; name: string; label: string; count: number };
/** `list` says which list without folders it stands in: the hits of a search, or what changed last. */
export type PromptNode = {
  kind: 'prompt';
  vault: string;
  path: string;
  under: string;
  summary: PromptSummary;
  list?: { search: string } | 'recent';
};
export type VersionNode = {
  kind: 'version';
  vault: string;
  path: string;
  version: string;
  under: string;
  info: VersionInfo;
};
/** `left` is null where only the page is known, not the rest; `what` names what is loaded: "prompts of support". */
export type MoreNode = { kind: 'more'; vault: string; group: string; left: number | null; what: string };
export type PromptsNode = VaultNode | GroupNode | PromptNode | VersionNode | MoreNode;

/** Stable across refreshes, so that what is expanded stays expanded. */
export function nodeId(node: PromptsNode): string {
  if (node.kind === 'vault') return `vault ${node.vault}`;
  if (node.kind === 'group') return groupId(node);
  if (node.kind === 'prompt') return `prompt ${node.vault} ${node.under} ${node.path}`;
  if (node.kind === 'version') return `version ${node.vault} ${node.under} ${node.path}@${node.version}`;
  return `more ${node.group}`;
}

export const groupId = ({ vault, by, name }: Pick<GroupNode, 'vault' | 'by' | 'name'>) => `${by} ${vault} ${name}`;

const lastSegment = (folder: string) => folder.slice(folder.lastIndexOf('/') + 1);

/** The rows of one page of groups; a stage without prompts is left out. */
export function groupNodes(vault: string, by: GroupBy, groups: readonly GroupCount[]): GroupNode[] {
  return groups
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => {
      const label = by === 'folder' ? lastSegment(name) : name;
      return { kind: 'group', vault, by, name, label, count };
    });
}

/** The folder a folder lies in, as a row; undefined at the top. */
export function folderNode(vault: string, name: string): GroupNode | undefined {
  return name === '' ? undefined : { kind: 'group', vault, by: 'folder', name, label: lastSegment(name), count: 0 };
}

/** "v2.2 PRD ●TST ●DEV×2": what is in production first, since that is what people ask, then the open drafts. */
export function stageBadges({ stages: count, latest }: Pick<PromptSummary, 'stages' | 'latest'>): string {
  const drafts = (['TST', 'DEV'] as const).filter((stage) => count[stage] > 0);
  const dots = drafts.map((stage) => `●${stage}${count[stage] > 1 ? `×${count[stage]}` : ''}`);
  const first = count.PRD ? `v${count.PRD} PRD` : drafts.length > 0 ? `v${latest}` : `v${latest} RET`;
  return [first, ...dots].join(' ');
}

/** The stage that speaks for a prompt: production, else the draft that is furthest. */
export function leadStage({ PRD, TST, DEV }: PromptSummary['stages']): Stage {
  if (PRD) return 'PRD';
  if (TST > 0) return 'TST';
  return DEV > 0 ? 'DEV' : 'RET';
}

/** `prompt;stage=DEV;stage=PRD`: all the stages it has versions in, so the same clauses fit prompts and versions. */
export function promptContext({ DEV, TST, PRD, RET }: PromptSummary['stages']): string {
  const has: [Stage, boolean][] = [
    ['DEV', DEV > 0],
    ['TST', TST > 0],
    ['PRD', PRD !== null],
    ['RET', RET > 0],
  ];
  return ['prompt', ...has.filter(([, there]) => there).map(([stage]) => `stage=${stage}`)].join(';');
}

/** `version;stage=TST`, and `prd` when the prompt has another version in production to compare with. */
export function versionContext({ stage }: Pick<VersionInfo, 'stage'>, hasPrd: boolean): string {
  return `version;stage=${stage}${hasPrd && stage !== 'PRD' ? ';prd' : ''}`;
}

/** Highest number first; 2.10 stands above 2.9. */
export function newestFirst<T extends { version: string }>(versions: readonly T[]): T[] {
  const number = (version: string) => version.split('.').map(Number);
  return [...versions].sort((a, b) => {
    const [[aMajor = 0, aMinor = 0], [bMajor = 0, bMinor = 0]] = [number(a.version), number(b.version)];
    return bMajor - aMajor || bMinor - aMinor;
  });
}
