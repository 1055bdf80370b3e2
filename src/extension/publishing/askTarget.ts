import * as vscode from 'vscode';
import { chooseVault } from '../chooseVault.ts';
import type { Deps } from '../deps.ts';
import type { NamedTarget } from '../targets.ts';
import { isHere, targetFacts } from './publishingText.ts';
import type { TargetKind } from './publishStore.ts';

export type ChosenTarget = { vault: string; name: string };

/** The target a command was given, else the one a person picks among those set up here. */
export async function askTarget(
  { vaults }: Pick<Deps, 'vaults'>,
  given: NamedTarget | undefined,
  { title, kind }: { title: string; kind?: TargetKind },
): Promise<ChosenTarget | undefined> {
  const vault =
    given?.vault && vaults.find(given.vault)?.present() ? given.vault : await chooseVault({ vaults }, title);
  if (!vault) return undefined;
  if (given) return { vault, name: given.name };
  const listed = await (await vaults.engine(vault)).listTargets();
  const fitting = listed.filter((one) => isHere(one) && (!kind || one.kind === kind));
  if (fitting.length === 0) {
    void offerFirst(kind);
    return undefined;
  }
  const items = fitting.map((status) => ({
    label: status.name,
    description: targetFacts(status, new Date()),
    detail: status.address ?? status.problem ?? '',
  }));
  const chosen = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { title });
  return chosen && { vault, name: chosen.label };
}

async function offerFirst(kind: TargetKind | undefined): Promise<void> {
  const choices = [
    { title: 'Add Target…', command: 'promptvault.target.add', kind: 'sync' },
    { title: 'Add Webhook…', command: 'promptvault.webhook.add', kind: 'webhook' },
  ].filter((one) => !kind || one.kind === kind);
  const chosen = await vscode.window.showInformationMessage('Nothing is set up here to send to yet.', ...choices);
  if (chosen) await vscode.commands.executeCommand(chosen.command);
}

export type TextQuestion = {
  title: string;
  prompt: string;
  value?: string;
  placeHolder?: string;
  password?: boolean;
  check?: (text: string) => string | undefined;
};

/** A line of text, trimmed; undefined when left. */
export async function askText({ check, ...question }: TextQuestion): Promise<string | undefined> {
  const validateInput = check && ((text: string) => (text.trim() === '' ? undefined : check(text.trim())));
  const text = await vscode.window.showInputBox({ ...question, ignoreFocusOut: true, validateInput });
  return text?.trim();
}

/** Yes or no, with what each means; undefined when left. */
export async function askChoice<Value>(
  title: string,
  choices: { label: string; detail?: string; value: Value }[],
): Promise<Value | undefined> {
  return (await vscode.window.showQuickPick(choices, { title, ignoreFocusOut: true }))?.value;
}

/** Irreversible things are asked about once. */
export async function confirmed(message: string, detail: string, go: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, go)) === go;
}
