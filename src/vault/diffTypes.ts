import type { Json } from '../shared/json.ts';
import type { Role, Stage, Variable } from './types.ts';

/** A field that differs; messages, settings and variables apart, since a temperature change is a change. */
export type DiffResult = {
  from: { path: string; version: string; stage: Stage; hash: string };
  to: { path: string; version: string; stage: Stage; hash: string };
  same: boolean;
  messages: {
    index: number;
    role: string;
    change: 'added' | 'removed' | 'changed';
    /** What was asked for, or something coarser where the texts are too long and too different for that. */
    by: 'words' | 'lines' | 'whole';
    parts: { op: 'same' | 'add' | 'remove'; text: string }[];
  }[];
  settings: { key: string; from: Json | null; to: Json | null }[];
  variables: { name: string; from: Variable | null; to: Variable | null }[];
  /** A unified diff of the two versions as text, for terminals. */
  unified: string;
};

/** A saved state that brought something. `at` is ISO 8601 UTC; the rationale is the revision's, else its version's. */
export type BlameOrigin = {
  version: string;
  stage: Stage;
  revision: number;
  at: string;
  author: string;
  rationale: string;
};
/** `chain`: the versions this one descends from by copying, itself last. It and `origins` are oldest first. */
export type BlameResult = {
  path: string;
  version: string;
  stage: Stage;
  hash: string;
  chain: string[];
  origins: BlameOrigin[];
  /** The sentences of a message, joined, are its text. `origin` is an index into `origins`. */
  messages: { role: Role; sentences: { text: string; origin: number }[] }[];
};

/** `from`: what is in production now and would be retired, or null. `served`: what `get` answers after the rollback. */
export type RollbackDrill = {
  path: string;
  to: string;
  from: string | null;
  served: { version: string; hash: string };
  /** From what is in production to what would be served, by words; null when nothing is in production. */
  changes: DiffResult | null;
  copyMs: number;
  rollbackMs: number;
  totalMs: number;
};
