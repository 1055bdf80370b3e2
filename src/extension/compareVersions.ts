import * as vscode from 'vscode';
import type { Content, VersionInfo } from '../vault/types.ts';
import type { Deps } from './deps.ts';
import { compareTitle } from './versionUri.ts';

type Side = { vault: string; info: Pick<VersionInfo, 'path' | 'version' | 'stage'> };
type Needs = Pick<Deps, 'documents'>;

const source = ({ vault, info }: Side) => ({ vault, path: info.path, version: info.version });

async function openDiff(left: vscode.Uri, right: vscode.Uri, title: string): Promise<void> {
  await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true });
}

/** Two versions in VS Code's own diff. */
export async function compareVersions({ documents }: Needs, from: Side, to: Side): Promise<void> {
  await openDiff(documents.uri(source(from)), documents.uri(source(to)), compareTitle(from.info, to.info));
}

/** An older state of a draft against what is stored now. */
export async function compareRevision({ documents }: Needs, side: Side, revision: number): Promise<void> {
  const { path, version } = side.info;
  const title = `${path} v${version}: revision ${revision} ↔ stored`;
  await openDiff(documents.uri({ ...source(side), revision }), documents.uri(source(side)), title);
}

/** What is stored against what a panel holds unsaved. */
export async function compareUnsaved({ documents }: Needs, side: Side, content: Content): Promise<void> {
  const { path, version } = side.info;
  const title = `${path} v${version}: stored ↔ unsaved`;
  await openDiff(documents.uri(source(side)), documents.unsavedUri(source(side), content), title);
}
