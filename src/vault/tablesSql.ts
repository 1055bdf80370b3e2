/**
 * Schema 1. Times are ISO 8601 UTC with milliseconds, so that text order is time order. `dev`, `tst`, `prd`, `ret` and
 * `latest` of a prompt are kept by triggers: a page of prompts is one scan. Ids are never used twice (AUTOINCREMENT),
 * so the log's `prompt_id` means one prompt for ever. `version_numbers` remembers the highest number ever given.
 * Triggers also keep what makes lists as quick in a large vault as in a small one: a tag's row carries the path of its
 * prompt and whether it is in each stage (0 or 1), and `counts` says how many prompts a folder (with what is below it; '' is the vault) or a tag has, in
 * all and per stage.
 */
export const tablesSql = `
CREATE TABLE meta (
  key TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE prompts (
  id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
  path TEXT NOT NULL UNIQUE,
  folder TEXT NOT NULL,
  name TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  dev INTEGER NOT NULL DEFAULT 0,
  tst INTEGER NOT NULL DEFAULT 0,
  prd TEXT,
  ret INTEGER NOT NULL DEFAULT 0,
  latest TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX prompts_by_folder ON prompts (folder, path);
CREATE INDEX prompts_with_dev ON prompts (path) WHERE dev > 0;
CREATE INDEX prompts_with_tst ON prompts (path) WHERE tst > 0;
CREATE INDEX prompts_with_prd ON prompts (path) WHERE prd IS NOT NULL;
CREATE INDEX prompts_with_ret ON prompts (path) WHERE ret > 0;

CREATE TABLE prompt_tags (
  prompt_id INTEGER NOT NULL REFERENCES prompts (id),
  tag TEXT NOT NULL,
  path TEXT NOT NULL DEFAULT '',
  dev INTEGER NOT NULL DEFAULT 0,
  tst INTEGER NOT NULL DEFAULT 0,
  prd INTEGER NOT NULL DEFAULT 0,
  ret INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (prompt_id, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX prompt_tags_by_tag ON prompt_tags (tag, path);
CREATE INDEX prompt_tags_with_dev ON prompt_tags (tag, path) WHERE dev > 0;
CREATE INDEX prompt_tags_with_tst ON prompt_tags (tag, path) WHERE tst > 0;
CREATE INDEX prompt_tags_with_prd ON prompt_tags (tag, path) WHERE prd > 0;
CREATE INDEX prompt_tags_with_ret ON prompt_tags (tag, path) WHERE ret > 0;

CREATE TABLE counts (
  kind TEXT NOT NULL CHECK (kind IN ('folder', 'tag')),
  name TEXT NOT NULL,
  parent TEXT,
  total INTEGER NOT NULL,
  direct INTEGER NOT NULL,
  dev INTEGER NOT NULL,
  tst INTEGER NOT NULL,
  prd INTEGER NOT NULL,
  ret INTEGER NOT NULL,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX counts_below ON counts (parent, name) WHERE kind = 'folder';

CREATE TABLE contents (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 71 AND hash GLOB 'sha256:*'),
  settings TEXT NOT NULL,
  variables TEXT NOT NULL,
  messages TEXT NOT NULL
) STRICT;

CREATE TABLE versions (
  id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
  prompt_id INTEGER NOT NULL REFERENCES prompts (id),
  major INTEGER NOT NULL CHECK (major >= 1),
  minor INTEGER NOT NULL CHECK (minor >= 0),
  stage TEXT NOT NULL CHECK (stage IN ('DEV', 'TST', 'PRD', 'RET')),
  content_hash TEXT NOT NULL REFERENCES contents (hash),
  revision INTEGER NOT NULL CHECK (revision >= 1),
  rationale TEXT NOT NULL,
  copied_from TEXT,
  rollback_of TEXT,
  created_at TEXT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  deployed_at TEXT,
  retired_at TEXT,
  replaced_by TEXT,
  UNIQUE (prompt_id, major, minor),
  CHECK ((stage IN ('PRD', 'RET')) = (deployed_at IS NOT NULL)),
  CHECK ((stage = 'RET') = (retired_at IS NOT NULL AND replaced_by IS NOT NULL)),
  CHECK (retired_at IS NULL OR retired_at >= deployed_at)
) STRICT;
CREATE UNIQUE INDEX versions_one_prd ON versions (prompt_id) WHERE stage = 'PRD';
CREATE INDEX versions_by_content ON versions (content_hash);

CREATE TABLE version_numbers (
  prompt_id INTEGER NOT NULL REFERENCES prompts (id),
  major INTEGER NOT NULL,
  highest INTEGER NOT NULL,
  PRIMARY KEY (prompt_id, major)
) STRICT, WITHOUT ROWID;

CREATE TABLE revisions (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  version_id INTEGER NOT NULL REFERENCES versions (id),
  revision INTEGER NOT NULL,
  content_hash TEXT NOT NULL REFERENCES contents (hash),
  rationale TEXT NOT NULL,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  UNIQUE (version_id, revision)
) STRICT;
CREATE INDEX revisions_by_content ON revisions (content_hash);

CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  kind TEXT NOT NULL,
  prompt_id INTEGER,
  path TEXT,
  version TEXT,
  reason TEXT,
  details TEXT NOT NULL,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE
) STRICT;
CREATE INDEX events_by_prompt ON events (prompt_id, seq);
CREATE INDEX events_by_path ON events (path, seq);

CREATE VIRTUAL TABLE prompts_fts USING fts5(
  path, title, description, tags, content,
  tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
CREATE VIRTUAL TABLE names_fts USING fts5(
  path, title, description,
  tokenize = 'trigram', content = '', contentless_delete = 1
);
`;
