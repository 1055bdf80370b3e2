import { countsSql } from './countsSql.ts';
import { labTablesSql } from './labTables.ts';
import { publishTablesSql } from './publishTables.ts';
import { rulesSql } from './rulesSql.ts';
import { schema2Sql } from './schema2Sql.ts';
import { schema3Sql } from './schema3Sql.ts';
import { tablesSql } from './tablesSql.ts';

/** 'PVLT': marks a SQLite file as a vault. */
export const applicationId = 0x50564c54;

/** Hand-written SQL; the entry at index n leads from schema n to schema n + 1. A released entry is never changed. */
export const migrations: readonly string[] = [
  tablesSql + labTablesSql + publishTablesSql + rulesSql + countsSql,
  schema2Sql,
  schema3Sql,
];
