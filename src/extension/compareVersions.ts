import * as vscode from 'vscode';
import type { Content, VersionInfo } from '../vault/types.ts';
import type { Deps } from './deps.ts';
import { vaultName } from './vaultName.ts';
import { compareTitle } from './versionUri.ts';

type Side = { vault: string; info: Pick<VersionInfo, 'path' | 'version' | 'stage'> };
type Needs = Pick<Deps, 'documents' | 'vaults'>;

const source = ({ vault, info }: Side) => ({ vault, path: info.path, version: info.version });

async function openDiff(left: vscode.Uri, right: vscode.Uri, title: string): Promise<void> {
  await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true });
}

/** Two versions in VS Code's own diff. */
export async function compareVersions({ documents, vaults }: Needs, from: Side, to: Side): Promise<void> {
  const where = vaultName(vaults, from.vault);
  const title = `${where ? `${where}: ` : ''}${compareTitle(from.info, to.info)}`;
  await openDiff(documents.uri(source(from)), documents.uri(source(to)), title);
}

/** An older state of a draft against what is stored now. */
export async function compareRevision(
  { documents }: Pick<Needs, 'documents'>,
  side: Side,
  revision: number,
): Promise<void> {
  const { path, version } = side.info;
  const title = `${path} v${version}: revision ${revision} ↔ stored`;
  await openDiff(documents.uri({ ...source(side), revision }), documents.uri(source(side)), title);
}

/** What is stored against what a panel holds unsaved. */
export async function compareUnsaved(
  { documents }: Pick<Needs, 'documents'>,
  side: Side,
  content: Content,
): Promise<void> {
  const { path, version } = side.info;
  const title = `${path} v${version}: stored ↔ unsaved`;
  await openDiff(documents.uri(source(side)), documents.unsavedUri(source(side), content), title);
}
