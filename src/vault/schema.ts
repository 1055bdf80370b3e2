import { integer, primaryKey, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';
import type { Stage } from './types.ts';

/** The vault's tables as drizzle sees them; `tablesSql.ts` makes them and a test holds the two together. */
export const meta = sqliteTable('meta', {
  key: text().primaryKey(),
  value: text().notNull(),
});

export const prompts = sqliteTable('prompts', {
  id: integer().primaryKey({ autoIncrement: true }),
  path: text().notNull().unique(),
  folder: text().notNull(),
  name: text().notNull(),
  title: text().notNull(),
  description: text().notNull(),
  createdAt: text('created_at').notNull(),
  updatedAt: text('updated_at').notNull(),
  dev: integer().notNull().default(0),
  tst: integer().notNull().default(0),
  prd: text(),
  ret: integer().notNull().default(0),
  latest: text().notNull().default(''),
  changedSeq: integer('changed_seq').notNull().default(0),
});

export const promptTags = sqliteTable(
  'prompt_tags',
  {
    promptId: integer('prompt_id')
      .notNull()
      .references(() => prompts.id),
    tag: text().notNull(),
    path: text().notNull().default(''),
    dev: integer().notNull().default(0),
    tst: integer().notNull().default(0),
    prd: integer().notNull().default(0),
    ret: integer().notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.promptId, table.tag] })],
);

export const counts = sqliteTable(
  'counts',
  {
    kind: text().$type<'folder' | 'tag'>().notNull(),
    name: text().notNull(),
    parent: text(),
    total: integer().notNull(),
    direct: integer().notNull(),
    dev: integer().notNull(),
    tst: integer().notNull(),
    prd: integer().notNull(),
    ret: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.name] })],
);

export const contents = sqliteTable('contents', {
  id: integer().primaryKey(),
  hash: text().notNull().unique(),
  settings: text().notNull(),
  variables: text().notNull(),
  messages: text().notNull(),
});

export const versions = sqliteTable(
  'versions',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    promptId: integer('prompt_id')
      .notNull()
      .references(() => prompts.id),
    major: integer().notNull(),
    minor: integer().notNull(),
    stage: text().$type<Stage>().notNull(),
    contentHash: text('content_hash')
      .notNull()
      .references(() => contents.hash),
    revision: integer().notNull(),
    rationale: text().notNull(),
    copiedFrom: text('copied_from'),
    rollbackOf: text('rollback_of'),
    createdAt: text('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    updatedAt: text('updated_at').notNull(),
    updatedBy: text('updated_by').notNull(),
    deployedAt: text('deployed_at'),
    retiredAt: text('retired_at'),
    replacedBy: text('replaced_by'),
  },
  (table) => [unique().on(table.promptId, table.major, table.minor)],
);

export const versionLabels = sqliteTable(
  'version_labels',
  {
    versionId: integer('version_id')
      .notNull()
      .references(() => versions.id),
    label: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.versionId, table.label] })],
);

export const versionNumbers = sqliteTable(
  'version_numbers',
  {
    promptId: integer('prompt_id')
      .notNull()
      .references(() => prompts.id),
    major: integer().notNull(),
    highest: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.promptId, table.major] })],
);

export const revisions = sqliteTable(
  'revisions',
  {
    id: integer().primaryKey(),
    versionId: integer('version_id')
      .notNull()
      .references(() => versions.id),
    revision: integer().notNull(),
    contentHash: text('content_hash')
      .notNull()
      .references(() => contents.hash),
    rationale: text().notNull(),
    at: text().notNull(),
    actor: text().notNull(),
  },
  (table) => [unique().on(table.versionId, table.revision)],
);

/** Columns keep their SQL names: a row is what its hash is taken over. */
export const events = sqliteTable('events', {
  seq: integer().primaryKey({ autoIncrement: true }),
  at: text().notNull(),
  actor: text().notNull(),
  kind: text().notNull(),
  prompt_id: integer(),
  path: text(),
  version: text(),
  reason: text(),
  details: text().notNull(),
  prev_hash: text().notNull(),
  hash: text().notNull().unique(),
});

export type PromptRow = typeof prompts.$inferSelect;
export type VersionRow = typeof versions.$inferSelect;
export type ContentRow = typeof contents.$inferSelect;
export type RevisionRow = typeof revisions.$inferSelect;
