import * as vscode from 'vscode';
import type { EngineClient } from '../../engine/engineClient.ts';
import type { Variable, VersionRecord } from '../../vault/types.ts';
import { passRateText, personOf, versionFacts } from '../versionLine.ts';
import type { WorkspaceVaults } from '../workspaceVaults.ts';
import { type CodeReader, codeSelector, type PromptFacts, rangeIn, versionMeant } from './codeReader.ts';
import { cutText, shownText } from './shownText.ts';

type Needs = { reader: CodeReader; vaults: Pick<WorkspaceVaults, 'engine'> };

/** How many events of a prompt are looked through for who deployed a version. */
const lookedEvents = 200;
const shownVariables = 20;
const longest = 400;

/** What a prompt in code is: stage, version, owner, variables and the beginning of its text. */
export function registerPromptHover({ reader, vaults }: Needs): vscode.Disposable {
  return vscode.languages.registerHoverProvider(codeSelector, {
    async provideHover(document, position) {
      const vault = reader.vaultOf(document.uri);
      const reference = vault ? reader.referenceAt(document, position) : undefined;
      const facts = vault && reference ? await reader.facts(vault, reference.path) : undefined;
      if (!vault || !reference || !facts) return undefined;
      const info = versionMeant(facts, reference);
      if (!info) return undefined;
      const engine = await vaults.engine(vault);
      // It may have been moved or deleted a moment ago.
      const record = await engine.show({ ref: `${info.path}@${info.version}` }).catch(() => undefined);
      if (!record) return undefined;
      const text = describe(record, { facts, deployedBy: await deployer(engine, record) });
      return new vscode.Hover(text, rangeIn(document, reference));
    },
  });
}

async function deployer(engine: EngineClient, { path, version, deployedAt }: VersionRecord): Promise<string | null> {
  if (!deployedAt) return null;
  const none = { events: [] };
  const { events } = await engine.history({ path, versionLimit: 0, eventLimit: lookedEvents }).catch(() => none);
  const promoted = events.findLast(
    ({ kind, details, ...event }) =>
      kind === 'version.promoted' && event.version === version && (details as { to?: unknown } | null)?.to === 'PRD',
  );
  return promoted?.actor ?? null;
}

/** Vault text is shown as text: nothing in it becomes markup, a link or a command. */
function describe(
  record: VersionRecord,
  { facts, deployedBy }: { facts: PromptFacts; deployedBy: string | null },
): vscode.MarkdownString {
  const now = new Date();
  const evidence = facts.evidence.find(({ hash }) => hash === record.hash);
  const about = [
    versionFacts(record, now),
    evidence && passRateText(evidence),
    `created by ${personOf(record.createdBy)}`,
    deployedBy && `deployed by ${personOf(deployedBy)}`,
  ];
  const title = record.title === record.path ? '' : ` — ${cutText(shownText(record.title), 120, 1)}`;
  const text = new vscode.MarkdownString('**').appendText(record.path).appendMarkdown('** ');
  text.appendText(`v${record.version} ${record.stage}${title}`);
  const lines = [
    about.filter(Boolean).join(' · '),
    record.labels.length > 0 && `Labels: ${record.labels.join(', ')}`,
    record.rationale && `Rationale: ${record.rationale}`,
  ];
  for (const line of lines) if (line) text.appendMarkdown('\n\n').appendText(cutText(shownText(line), longest));
  appendVariables(text, record.variables);
  for (const { role, content } of record.messages) {
    text.appendMarkdown(`\n\n${role.toUpperCase()}`).appendCodeblock(cutText(shownText(content), longest, 6), 'text');
  }
  return text;
}

function appendVariables(text: vscode.MarkdownString, variables: readonly Variable[]): void {
  if (variables.length === 0) return;
  text.appendMarkdown('\n\nVariables:\n');
  for (const { name, default: preset, description } of variables.slice(0, shownVariables)) {
    const value = preset === undefined ? ' (needed)' : ` = "${cutText(shownText(preset), 60, 1)}"`;
    const why = description ? ` — ${cutText(shownText(description), 120, 1)}` : '';
    text.appendMarkdown('\n- **').appendText(name).appendMarkdown('**').appendText(`${value}${why}`);
  }
  const more = variables.length - shownVariables;
  if (more > 0) text.appendMarkdown(`\n- and ${more} more`);
}
