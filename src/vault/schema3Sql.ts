/** What a webhook can be told of; `promoted.TST` and `promoted.PRD` say where to. */
export const webhookActions = ['promoted.TST', 'promoted.PRD', 'rolledBack', 'retired', 'moved'] as const;

const told = (name: string) => `CASE WHEN json_valid(NEW.details) THEN json_extract(NEW.details, '$.${name}') END`;
const isServed = `EXISTS (SELECT 1 FROM prompts WHERE id = NEW.prompt_id AND prd IS NOT NULL)`;
/** A rollback walks through the stages, but it is told as one thing where somebody wants to hear of rollbacks. */
const isStepOfRollback = `EXISTS (SELECT 1 FROM versions WHERE prompt_id = NEW.prompt_id AND rollback_of IS NOT NULL
    AND major || '.' || minor = NEW.version)`;
const columns = 'target, event_seq, path, version, action, key, created_at';

/**
 * Schema 3: the outbox. A target is a name: where it lies and with which secrets is known to its user alone, outside of
 * the vault, so that no vault can send anything by itself. `actions` is what a webhook is told of, a blank around each.
 * `state_reason` says why it is off, `failures` how many deliveries failed one after the other, `next_at` until when all of
 * it rests. One engine at a time delivers to a target: `claimed_by` until `claimed_until`.
 *
 * A delivery is queued in the transaction of the entry it tells of. To sync targets it means "see to it that the target
 * has of this path what production has", path '' for the whole vault; `version` is what was sent in the end. `next_at` '' is
 * now. `delivered` and `failed` are ends, `dead` is one that says nothing any more. `key` is the same for each attempt.
 *
 * `agent_files` remembers which files for agents were written of a prompt, and with which content.
 */
export const schema3Sql = `
CREATE TABLE targets (
  name TEXT PRIMARY KEY NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
  kind TEXT NOT NULL CHECK (kind IN ('sync', 'webhook')),
  automatic INTEGER NOT NULL CHECK (automatic IN (0, 1)),
  actions TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'off')),
  state_reason TEXT,
  failures INTEGER NOT NULL DEFAULT 0,
  next_at TEXT NOT NULL DEFAULT '',
  last_delivered_at TEXT,
  last_error TEXT,
  claimed_by TEXT,
  claimed_until TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  target TEXT NOT NULL REFERENCES targets (name) ON DELETE CASCADE,
  event_seq INTEGER,
  path TEXT NOT NULL,
  version TEXT,
  action TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  done_at TEXT,
  error TEXT
) STRICT;
CREATE INDEX deliveries_by_target ON deliveries (target, id);
CREATE INDEX deliveries_waiting ON deliveries (target, path, id) WHERE state = 'pending';
CREATE TABLE delivery_attempts (
  delivery_id INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
  attempt INTEGER NOT NULL,
  at TEXT NOT NULL,
  status INTEGER,
  error TEXT,
  ms INTEGER NOT NULL,
  PRIMARY KEY (delivery_id, attempt)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER events_queue_deliveries AFTER INSERT ON events
  WHEN NEW.kind IN ('version.promoted', 'version.retired', 'version.rolledBack', 'prompt.moved',
    'vault.restored', 'vault.salvaged') BEGIN
    INSERT INTO deliveries (${columns})
      SELECT t.name, NEW.seq, p.path, NULL, 'sync', NEW.hash || ':' || t.name || ':' || p.path, NEW.at
      FROM targets t JOIN (
        SELECT NEW.path AS path WHERE NEW.kind = 'version.promoted' AND ${told('to')} = 'PRD'
        UNION ALL SELECT NEW.path WHERE NEW.kind = 'prompt.moved' AND ${isServed}
        UNION ALL SELECT ${told('from')} WHERE NEW.kind = 'prompt.moved' AND ${isServed}
        UNION ALL SELECT '' WHERE NEW.kind IN ('vault.restored', 'vault.salvaged')
      ) p WHERE t.kind = 'sync' AND t.automatic = 1 AND t.state = 'on' AND p.path IS NOT NULL;
    INSERT INTO deliveries (${columns})
      SELECT t.name, NEW.seq, NEW.path, NEW.version, a.action, NEW.hash || ':' || t.name, NEW.at
      FROM targets t JOIN (SELECT CASE NEW.kind
        WHEN 'version.promoted' THEN 'promoted.' || ${told('to')} WHEN 'version.retired' THEN 'retired'
        WHEN 'version.rolledBack' THEN 'rolledBack' WHEN 'prompt.moved' THEN 'moved' END AS action) a
      WHERE t.kind = 'webhook' AND t.automatic = 1 AND t.state = 'on' AND NEW.path IS NOT NULL
        AND instr(t.actions, ' ' || a.action || ' ') > 0
        AND NOT (NEW.kind = 'version.promoted' AND instr(t.actions, ' rolledBack ') > 0 AND ${isStepOfRollback});
  END;

CREATE TABLE agent_files (
  prompt_id INTEGER NOT NULL REFERENCES prompts (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
  file TEXT,
  hash TEXT,
  PRIMARY KEY (prompt_id, kind)
) STRICT, WITHOUT ROWID;
`;
