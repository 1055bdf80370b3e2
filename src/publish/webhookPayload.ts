import type { JsonObject } from '../shared/json.ts';
import { readContent } from '../vault/content.ts';
import type { Database } from '../vault/database.ts';
import { compareVersions } from '../vault/diff.ts';
import { type EventRow, toEvent } from '../vault/events.ts';
import type { Stage, VersionRecord } from '../vault/types.ts';
import type { DeliveryRow } from './outbox.ts';
import type { Delivery } from './types.ts';

type PayloadDatabase = Pick<Database, 'prepare' | 'orm' | 'read'>;
/** What a webhook is told. `diff` is from `previous` to `version`; null where there is nothing to compare. */
export type WebhookPayload = {
  /** The same for each attempt: the `idempotency-key`. */
  id: string;
  /** When it happened, ISO 8601 UTC. */
  timestamp: string;
  type: 'prompt' | 'test';
  apiVersion: 1;
  action: Delivery['action'];
  vault: string;
  prompt: {
    path: string;
    version: string | null;
    /** The version before: what was in production, or what a draft was copied from. */
    previous: string | null;
    hash: string | null;
    stage: Stage | null;
    /** Of a rollback, whose content came back; of a retired version, what replaced it; of a move, from where. */
    rollbackOf?: string;
    replacedBy?: string;
    movedFrom?: string;
  } | null;
  reason: string | null;
  actor: string;
  diff: { summary: DiffSummary; text: string } | null;
};
export type DiffSummary = {
  messages: number;
  wordsAdded: number;
  wordsRemoved: number;
  settings: string[];
  variables: string[];
};

const longestDiff = { lines: 60, letters: 4000 };

/** What a delivery tells, put together from the log and from contents that never change: the same at each attempt. Null when the log does not have it. */
export function webhookPayload(database: PayloadDatabase, delivery: DeliveryRow, vault: string): WebhookPayload | null {
  const about = { id: delivery.key, apiVersion: 1, vault } as const;
  if (delivery.action === 'test') {
    const said = {
      prompt: null,
      reason: 'A test, so that you see whether it arrives',
      actor: 'PromptVault',
      diff: null,
    };
    return { ...about, timestamp: delivery.created_at, type: 'test', action: 'test', ...said };
  }
  return database.read(() => {
    const event = database.prepare('SELECT * FROM events WHERE seq = ?').get<EventRow>(delivery.event_seq);
    if (!event?.path) return null;
    const { path, at, actor, reason } = event;
    const told = (toEvent(event).details ?? {}) as JsonObject;
    const shown = shapes[delivery.action]?.(event, told, database);
    if (!shown) return null;
    const diff = diffOf(database, event, shown);
    return {
      ...{ ...about, timestamp: at, type: 'prompt', action: delivery.action },
      ...{ prompt: { path, ...shown }, reason, actor, diff },
    };
  });
}

type Shown = Omit<NonNullable<WebhookPayload['prompt']>, 'path'>;
type Shape = (event: EventRow, told: JsonObject, database: PayloadDatabase) => Shown;
const text = (value: unknown) => (typeof value === 'string' ? value : null);

const shapes: { readonly [Action in Delivery['action']]?: Shape } = {
  'promoted.TST': (event, told, database) => ({
    ...{ version: event.version, hash: text(told.hash), stage: 'TST' },
    previous: versionColumn(database, event, event.version, 'copied_from'),
  }),
  'promoted.PRD': (event, told, database) => ({
    ...{ version: event.version, hash: text(told.hash), stage: 'PRD' },
    previous: replacedBy(database, event),
  }),
  rolledBack: (event, told) => ({
    ...{ version: event.version, hash: text(told.hash), stage: 'PRD', previous: text(told.from) },
    ...(text(told.rollbackOf) && { rollbackOf: text(told.rollbackOf)! }),
  }),
  retired: (event, told, database) => ({
    ...{ version: event.version, stage: 'RET', previous: null },
    hash: versionColumn(database, event, event.version, 'content_hash'),
    ...(text(told.replacedBy) && { replacedBy: text(told.replacedBy)! }),
  }),
  moved: (event, told, database) => {
    const prd = database.prepare('SELECT prd FROM prompts WHERE id = ?').pluck().get<string | null>(event.prompt_id);
    return {
      ...{ version: prd ?? null, stage: prd ? 'PRD' : null, previous: null },
      hash: versionColumn(database, event, prd ?? null, 'content_hash'),
      ...(text(told.from) && { movedFrom: text(told.from)! }),
    };
  },
};

function versionColumn(
  database: PayloadDatabase,
  { prompt_id }: EventRow,
  version: string | null,
  column: 'copied_from' | 'content_hash',
): string | null {
  const sql = `SELECT ${column} FROM versions WHERE prompt_id = ? AND major || '.' || minor = ?`;
  return database.prepare(sql).pluck().get<string | null>(prompt_id, version) ?? null;
}

/** What was in production until this version came. */
function replacedBy(database: PayloadDatabase, { prompt_id, version }: EventRow): string | null {
  const sql = `SELECT major || '.' || minor FROM versions WHERE prompt_id = ? AND replaced_by = ?`;
  return database.prepare(sql).pluck().get<string>(prompt_id, version) ?? null;
}

function diffOf(database: PayloadDatabase, event: EventRow, { version, previous, hash, stage }: Shown) {
  const before = previous && versionColumn(database, event, previous, 'content_hash');
  if (version === null || !previous || hash === null || !before) return null;
  const path = event.path ?? '';
  const side = (number: string, of: string) =>
    ({ path, version: number, stage: stage ?? 'PRD', hash: of, ...readContent(database, of) }) as VersionRecord;
  const found = compareVersions(side(previous, before), side(version, hash), 'words');
  const words = (op: 'add' | 'remove') =>
    found.messages
      .flatMap(({ parts }) => parts.filter((part) => part.op === op))
      .reduce((sum, part) => sum + (part.text.match(/\S+/g)?.length ?? 0), 0);
  const summary: DiffSummary = {
    messages: found.messages.length,
    wordsAdded: words('add'),
    wordsRemoved: words('remove'),
    settings: found.settings.map(({ key }) => key),
    variables: found.variables.map(({ name }) => name),
  };
  return { summary, text: shortened(found.unified) };
}

/** The beginning of a long diff; who wants all of it asks the vault. */
function shortened(diff: string): string {
  const lines = diff.split('\n');
  const some = lines.slice(0, longestDiff.lines).join('\n').slice(0, longestDiff.letters);
  return some.length < diff.length ? `${some}\n…` : diff;
}
