/**
 * Schema 2. `changed_seq` is the last entry of the log that says something of a prompt itself (runs do not change it): it orders
 * "recently changed" without a clock. Labels are words on a version ("Production Candidate"); they say nothing of its
 * content and may change in every stage.
 * `versions_served` holds all that a fetch of production needs of a version: in a large vault each page it spares counts.
 * Datasets, suites and check sets are the lab's. The cases of a dataset are a content of their own, by hash, so that a run
 * says exactly what it ran over; every save is a revision. A mark is a person's word on one cell, above its checks.
 */
export const schema2Sql = `
ALTER TABLE prompts ADD COLUMN changed_seq INTEGER NOT NULL DEFAULT 0;
UPDATE prompts SET changed_seq = coalesce(
  (SELECT max(seq) FROM events WHERE prompt_id = prompts.id AND kind NOT GLOB 'run.*'), 0);
CREATE INDEX prompts_by_change ON prompts (changed_seq);
CREATE TRIGGER events_tell_prompt AFTER INSERT ON events
  WHEN NEW.prompt_id IS NOT NULL AND NEW.kind NOT GLOB 'run.*' BEGIN
    UPDATE prompts SET changed_seq = NEW.seq WHERE id = NEW.prompt_id; END;

CREATE INDEX versions_served ON versions (prompt_id, content_hash, major, minor) WHERE stage = 'PRD';

CREATE TABLE version_labels (
  version_id INTEGER NOT NULL REFERENCES versions (id),
  label TEXT NOT NULL CHECK (length(label) BETWEEN 1 AND 60),
  PRIMARY KEY (version_id, label)
) STRICT, WITHOUT ROWID;
CREATE INDEX version_labels_by_label ON version_labels (label);
CREATE TRIGGER versions_drop_labels AFTER DELETE ON versions BEGIN
  DELETE FROM version_labels WHERE version_id = OLD.id; END;

CREATE TABLE dataset_contents (
  hash TEXT PRIMARY KEY NOT NULL CHECK (length(hash) = 71 AND hash GLOB 'sha256:*'),
  columns TEXT NOT NULL CHECK (json_valid(columns)),
  cases TEXT NOT NULL CHECK (json_valid(cases)),
  case_count INTEGER NOT NULL
) STRICT;
CREATE TABLE datasets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL DEFAULT '',
  hash TEXT NOT NULL REFERENCES dataset_contents (hash),
  revision INTEGER NOT NULL CHECK (revision >= 1),
  created_at TEXT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  updated_by TEXT NOT NULL
) STRICT;
CREATE TABLE dataset_revisions (
  dataset_id INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  hash TEXT NOT NULL REFERENCES dataset_contents (hash),
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  PRIMARY KEY (dataset_id, revision)
) STRICT, WITHOUT ROWID;
-- Which column of some cases fills which variable of a prompt; 'source' is 'dataset:<name>' or 'file:<path>'.
CREATE TABLE case_mappings (
  source TEXT NOT NULL,
  path TEXT NOT NULL,
  mapping TEXT NOT NULL CHECK (json_valid(mapping)),
  PRIMARY KEY (source, path)
) STRICT, WITHOUT ROWID;
CREATE TABLE suites (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  definition TEXT NOT NULL CHECK (json_valid(definition)),
  revision INTEGER NOT NULL CHECK (revision >= 1),
  created_at TEXT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  updated_by TEXT NOT NULL
) STRICT;
CREATE TABLE check_sets (
  name TEXT PRIMARY KEY NOT NULL,
  checks TEXT NOT NULL CHECK (json_valid(checks)),
  updated_at TEXT NOT NULL,
  updated_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE marks (
  run_seq INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  mark TEXT CHECK (mark IN ('pass', 'fail')),
  note TEXT NOT NULL DEFAULT '',
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  PRIMARY KEY (run_seq, idx),
  FOREIGN KEY (run_seq, idx) REFERENCES cells (run_seq, idx) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
-- 'dataset' is {name, revision, hash}; 'scored_from' is the run whose outputs were judged again.
ALTER TABLE runs ADD COLUMN suite TEXT;
ALTER TABLE runs ADD COLUMN dataset TEXT CHECK (dataset IS NULL OR json_valid(dataset));
ALTER TABLE runs ADD COLUMN judge_usd REAL;
ALTER TABLE runs ADD COLUMN scored_from TEXT;
ALTER TABLE cells ADD COLUMN judge_usd REAL;
ALTER TABLE cells ADD COLUMN timeline TEXT CHECK (timeline IS NULL OR json_valid(timeline));
`;
