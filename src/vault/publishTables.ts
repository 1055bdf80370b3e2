/**
 * What sync remembers: the hash an endpoint last accepted for a prompt, so that nothing unchanged is sent and a broken
 * sync goes on where it stopped. `endpoint` is the address without token or query; `sent_at` is ISO 8601 UTC.
 */
export const publishTablesSql = `
CREATE TABLE sync_state (
  endpoint TEXT NOT NULL,
  path TEXT NOT NULL,
  hash TEXT NOT NULL,
  version TEXT NOT NULL,
  sent_at TEXT NOT NULL,
  PRIMARY KEY (endpoint, path)
) WITHOUT ROWID;
`;
