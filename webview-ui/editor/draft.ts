import type { EditorWords } from '../../src/engine/panels.ts';
import type { Content, Message, Variable, VersionRecord } from '../../src/vault/types.ts';
import { deepEqual } from '../shared/deepEqual.ts';
import { parseSettings, type SettingsText, settingsText } from './settingsForm.ts';

/** `key` names a message on the page while it moves about; it is never stored. */
export type DraftMessage = Message & { key: string };
/** Everything a person can change on the page. Never mutated: each change is a new one. */
export type Draft = {
  title: string;
  description: string;
  tags: string[];
  rationale: string;
  messages: DraftMessage[];
  settings: SettingsText;
  variables: Variable[];
};

let lastKey = 0;
export function newKey(): string {
  lastKey += 1;
  return `m${lastKey}`;
}

/** A stored version as a draft. Messages take the keys of `like` place by place, so that open editors stay. */
export function draftOf(version: VersionRecord, like?: Draft): Draft {
  return {
    title: version.title,
    description: version.description,
    tags: version.tags,
    rationale: version.rationale,
    messages: version.messages.map((message, at) => ({ ...message, key: like?.messages[at]?.key ?? newKey() })),
    settings: settingsText(version.settings),
    variables: version.variables,
  };
}

/** What would be saved. Settings that cannot be read are left out: `parseSettings` says why. */
export function contentOf(draft: Draft): Content {
  return {
    messages: draft.messages.map(({ role, content }) => ({ role, content })),
    settings: parseSettings(draft.settings).settings,
    variables: draft.variables,
  };
}

export function wordsOf({ title, description, tags, rationale }: Draft): EditorWords {
  return { title, description, tags, rationale };
}

function comparable(draft: Draft): Record<keyof Draft, unknown> {
  const { settings, problems } = parseSettings(draft.settings);
  const readable = Object.keys(problems).length === 0;
  return {
    ...draft,
    messages: draft.messages.map(({ role, content }) => ({ role, content })),
    // The same settings as fields and as JSON are the same; what cannot be read is only like itself.
    settings: readable ? settings : draft.settings,
  };
}

/** The fields that differ between two drafts. */
export function changedFields(a: Draft, b: Draft): (keyof Draft)[] {
  const [left, right] = [comparable(a), comparable(b)];
  return (Object.keys(left) as (keyof Draft)[]).filter((field) => !deepEqual(left[field], right[field]));
}

export function isDirty(draft: Draft, base: Draft): boolean {
  return changedFields(draft, base).length > 0;
}

/** What was typed since `base` stays; every other field becomes what is stored now. */
export function rebase(p: { mine: Draft; base: Draft; theirs: Draft }): Draft {
  const kept = changedFields(p.mine, p.base).map((field) => [field, p.mine[field]]);
  return { ...p.theirs, ...Object.fromEntries(kept) };
}
