import { createHash } from 'node:crypto';
import { VaultError } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';
import { canonicalJson } from './canonical.ts';
import type { EventKind, VaultEvent } from './types.ts';

/** What a writer says; the log adds number, time and actor. `promptId` keeps a prompt's story together when it moves. */
export type EventDraft = {
  kind: EventKind;
  promptId?: number | null;
  path?: string | null;
  version?: string | null;
  reason?: string | null;
  details?: Json;
};
/** A row of the log. `prev_hash` and `hash` chain it: no entry can be changed, dropped or put in between unnoticed. */
export type EventRow = {
  seq: number;
  at: string;
  actor: string;
  kind: string;
  prompt_id: number | null;
  path: string | null;
  version: string | null;
  reason: string | null;
  details: string;
  prev_hash: string;
  hash: string;
};

/** `sha256:…` over everything the entry says and the hash before it. */
export function eventHash(row: Omit<EventRow, 'hash'>): string {
  const { seq, at, actor, kind, prompt_id, path, version, reason, details, prev_hash } = row;
  const text = canonicalJson([seq, at, actor, kind, prompt_id, path, version, reason, details, prev_hash]);
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

export function toEvent(row: EventRow): VaultEvent {
  const { seq, at, actor, path, version, reason } = row;
  return { seq, at, actor, kind: row.kind as EventKind, path, version, reason, details: detailsOf(row) };
}

function detailsOf({ seq, details }: EventRow): Json {
  try {
    return JSON.parse(details) as Json;
  } catch (error) {
    const message = `Entry ${seq} of the log is damaged. Run "promptvault verify", then "promptvault restore" a backup`;
    throw new VaultError('DAMAGED', message, { seq }, error);
  }
}
