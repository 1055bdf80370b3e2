import * as vscode from 'vscode';
import { rulesFor } from '../engine/rules.ts';
import { allVersions } from '../engine/wholeHistory.ts';
import { VaultError } from '../shared/errors.ts';
import type { Action } from '../vault/lifecycle.ts';
import type { VersionInfo } from '../vault/types.ts';
import type { Deps } from './deps.ts';
import { stageBadges } from './promptNodes.ts';
import { searchHint } from './searchHint.ts';
import { nameOf, type PromptTarget } from './targets.ts';
import { vaultName } from './vaultName.ts';
import { versionFacts } from './versionLine.ts';

type Needs = Pick<Deps, 'vaults' | 'selection'>;
/** `versions` are all of the prompt, highest number first. */
export type Chosen = { vault: string; versions: VersionInfo[]; info: VersionInfo };

type Item = vscode.QuickPickItem & { vault: string; path: string };

/** The prompts a text finds in a vault, as rows that say which vault where there are several. */
async function findPrompts({ vaults }: Needs, vault: string, text: string): Promise<Item[]> {
  const search = text.trim() || undefined;
  const engine = await vaults.engine(vault);
  const { prompts } = await engine.list({ search, limit: 200 }).catch(() => ({ prompts: [] }));
  const where = vaultName(vaults, vault);
  return prompts.map((one) => ({
    label: one.path,
    description: [where, stageBadges(one)].filter(Boolean).join(' · '),
    // VS Code marks what was typed in all three lines.
    detail: [one.title, one.snippet].filter((text) => text && text !== one.path).join(' — '),
    path: one.path,
    vault,
    // What the vault found must not be filtered away by the picker's own matching.
    alwaysShow: search !== undefined,
  }));
}

/** A prompt chosen by typing part of its name, from anywhere in the vault named, else in all vaults of the window. */
export async function pickPrompt(
  deps: Needs,
  title: string,
  vault?: string,
): Promise<(PromptTarget & { vault: string }) | undefined> {
  const { vaults } = deps;
  const first = vault ?? vaults.find()?.key;
  // Without a vault this tells the next step.
  await vaults.engine(first);
  const others = vault ? [] : vaults.present().map(({ key }) => key);
  const keys = [...new Set([first!, ...others])];
  const picker = vscode.window.createQuickPick<Item>();
  picker.title = title;
  picker.placeholder = searchHint;
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  let asked = 0;
  const load = async (text: string) => {
    const mine = ++asked;
    picker.busy = true;
    // A vault that does not open does not keep the others from being searched.
    const found = await Promise.all(keys.map((key) => findPrompts(deps, key, text).catch(() => [])));
    if (mine !== asked) return;
    picker.items = found.flat();
    picker.busy = false;
  };
  // Enter may come while the rows for what was typed are on their way: then the first of them is meant.
  let accepted = false;
  picker.onDidChangeValue((text) => {
    accepted = false;
    void load(text);
  });
  void load('');
  return new Promise((resolve) => {
    const choose = ([item]: readonly Item[]) => {
      if (!item || !accepted) return;
      resolve({ vault: item.vault, path: item.path });
      picker.hide();
    };
    picker.onDidAccept(() => {
      accepted = true;
      choose(picker.activeItems);
    });
    picker.onDidChangeActive(choose);
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

/** The prompt a command is about: its argument, else what is selected, else what the person picks. */
export async function needPrompt(deps: Needs, given: PromptTarget | undefined, title: string) {
  const target = given ?? deps.selection.current();
  if (!target) return pickPrompt(deps, title);
  const vault = target.vault ?? deps.vaults.find()?.key;
  return vault ? { ...target, vault } : undefined;
}

type Wanted = { title: string; action?: Action; fits?: (info: VersionInfo) => boolean };

/**
 * The version a command is about: the one named, else the only one that fits, else what the person picks. A named version
 * that the button table refuses is RULE with the table's reason.
 */
export async function needVersion(
  deps: Needs,
  given: PromptTarget | undefined,
  wanted: Wanted,
): Promise<Chosen | undefined> {
  const target = await needPrompt(deps, given, wanted.title);
  if (!target) return undefined;
  const { vault, path, version } = target;
  const versions = await allVersions(await deps.vaults.engine(vault), path);
  if (version) {
    const info = versions.find((one) => one.version === version);
    if (!info) throw new VaultError('NOT_FOUND', `${path} has no version ${version}`, { ref: `${path}@${version}` });
    requireAllowed(info, wanted.action);
    return { vault, versions, info };
  }
  const allowed = (one: VersionInfo) => !wanted.action || rulesFor(one.stage).actions[wanted.action].allowed;
  const fitting = versions.filter((one) => allowed(one) && (wanted.fits?.(one) ?? true));
  if (fitting.length === 0 && versions[0]) {
    requireAllowed(versions[0], wanted.action);
    throw new VaultError('NOT_FOUND', `${path} has no version for this`, { ref: path });
  }
  const info = fitting.length === 1 ? fitting[0] : await pickFrom(fitting, `${wanted.title}: ${nameOf(path)}`);
  return info ? { vault, versions, info } : undefined;
}

/** Throws RULE when the button table says no. */
export function requireAllowed(info: VersionInfo, action: Action | undefined): void {
  const answer = action ? rulesFor(info.stage).actions[action] : undefined;
  if (!answer || answer.allowed) return;
  const ref = `${info.path}@${info.version}`;
  throw new VaultError('RULE', answer.reason, { stage: info.stage, action, ref });
}

export async function pickFrom(versions: readonly VersionInfo[], title: string): Promise<VersionInfo | undefined> {
  const now = new Date();
  const items = versions.map((info) => ({
    label: `v${info.version}`,
    description: `${info.stage}  ${versionFacts(info, now)}`,
    detail: info.rationale || undefined,
    info,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true });
  return chosen?.info;
}
