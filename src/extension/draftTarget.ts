import * as vscode from 'vscode';
import { rulesFor } from '../engine/rules.ts';
import type { VersionInfo } from '../vault/types.ts';
import {
  draftAddress,
  draftScheme,
  draftsFolder,
  parseDraftAddress,
  parseDraftPath,
  publishedScheme,
  type TextTarget,
} from './draftAddress.ts';

/** Drafts, published versions and checked-out files: what the features for prompt texts work on. */
export const textSelector = [
  { scheme: draftScheme },
  { scheme: publishedScheme },
  { scheme: 'file', pattern: `**/${draftsFolder}/**/*.prompt.md` },
];

/** The version a document or checked-out file is the text of. */
export function targetOf(uri: vscode.Uri): TextTarget | undefined {
  if (uri.scheme !== 'file') return parseDraftAddress(uri);
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri;
  const inside = folder && uri.path.slice(folder.path.length + 1);
  const found = inside?.startsWith(`${draftsFolder}/`) ? parseDraftPath(inside) : undefined;
  return folder && found && { vault: folder.toString(), ...found };
}

/** The document of a version: writable as long as its stage allows it. */
export function textUri(vault: string, { path, version, stage }: Pick<VersionInfo, 'path' | 'version' | 'stage'>) {
  const scheme = rulesFor(stage).actions.edit.allowed ? draftScheme : publishedScheme;
  return vscode.Uri.from(draftAddress({ vault, path, version }, scheme));
}

/** What is stored, to be read beside what somebody types. */
export const storedUri = (target: TextTarget) => vscode.Uri.from(draftAddress(target, publishedScheme));

export const openDocument = (uri: vscode.Uri) =>
  vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString() && !document.isClosed);
