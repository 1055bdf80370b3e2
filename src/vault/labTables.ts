/**
 * What the lab remembers. A run has columns (versions × models) and cases; only cells that came to an end are rows, their
 * `idx` is the address in versions × models × cases × repeats. Nothing here refers to versions by key: runs stay when a
 * version goes. What was sent is a content (by `hash`) and a case, so neither is copied into the cells.
 * `case_key` is the SHA-256 of a case's values, so that the same case is found again in other runs; `cache_key` is the
 * SHA-256 of vendor, model, endpoint and request, null where an answer must not be used again.
 */
export const labTablesSql = `
CREATE TABLE runs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL CHECK (status IN ('running', 'done', 'cancelled', 'interrupted')),
  started_at TEXT NOT NULL,
  finished_at TEXT,
  actor TEXT NOT NULL,
  versions TEXT NOT NULL CHECK (json_valid(versions)),
  models TEXT NOT NULL CHECK (json_valid(models)),
  cases_file TEXT,
  case_count INTEGER NOT NULL,
  repeat INTEGER NOT NULL CHECK (repeat >= 1),
  cell_count INTEGER NOT NULL,
  options TEXT NOT NULL CHECK (json_valid(options)),
  baseline TEXT CHECK (baseline IS NULL OR json_valid(baseline)),
  regressions TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(regressions)),
  passed INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  errors INTEGER NOT NULL DEFAULT 0,
  cost_usd REAL,
  spent_usd REAL,
  wall_ms INTEGER NOT NULL DEFAULT 0,
  stop_reason TEXT CHECK (stop_reason IN ('cancelled', 'budget')),
  owner TEXT NOT NULL,
  heartbeat_at TEXT NOT NULL
) STRICT;
CREATE TABLE run_cases (
  run_seq INTEGER NOT NULL REFERENCES runs (seq) ON DELETE CASCADE,
  idx INTEGER NOT NULL,
  case_id TEXT NOT NULL,
  name TEXT NOT NULL,
  case_key TEXT NOT NULL,
  variables TEXT NOT NULL CHECK (json_valid(variables)),
  checks TEXT NOT NULL CHECK (json_valid(checks)),
  PRIMARY KEY (run_seq, idx)
) STRICT;
CREATE TABLE cells (
  run_seq INTEGER NOT NULL REFERENCES runs (seq) ON DELETE CASCADE,
  idx INTEGER NOT NULL,
  hash TEXT NOT NULL,
  model TEXT NOT NULL,
  case_key TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pass', 'fail', 'error', 'cancelled')),
  output TEXT NOT NULL,
  checks TEXT NOT NULL CHECK (json_valid(checks)),
  latency_ms INTEGER,
  first_token_ms INTEGER,
  input_tokens INTEGER,
  output_tokens INTEGER,
  cached_tokens INTEGER,
  cost_usd REAL,
  error_code TEXT,
  error_message TEXT,
  cached INTEGER NOT NULL CHECK (cached IN (0, 1)),
  cache_key TEXT,
  finish_reason TEXT,
  attempts INTEGER NOT NULL,
  PRIMARY KEY (run_seq, idx)
) STRICT;
CREATE INDEX cells_by_evidence ON cells (hash, model, case_key, run_seq);
CREATE INDEX cells_by_cache_key ON cells (cache_key) WHERE cache_key IS NOT NULL;
`;
