import { VaultError } from '../../shared/errors.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import type { Message } from '../../vault/types.ts';
import type { Check, JudgeCost } from '../checkTypes.ts';
import type { RegexMatcher } from '../regexMatcher.ts';

/** A question about material that is nobody's word: it is fenced off and told to be data. */
export type JudgeQuestion<Found> = {
  /** What to judge and how. */
  task: string;
  /** Named texts that are looked at. */
  material: { [name: string]: string };
  /** The JSON object to answer with, as an example. */
  form: string;
  /** What the answer says; throws in words what is wrong with its form. */
  read(answer: JsonObject): Found;
};
type JudgeOptions = { model: string | undefined; signal: AbortSignal };
/** Models that judge. `model` of a call takes the place of the run's. What fails is JUDGE, with the cost in `details.judge`. */
export type Judge = {
  rubric: string | undefined;
  ask<Found>(question: JudgeQuestion<Found>, options: JudgeOptions): Promise<{ found: Found; cost: JudgeCost }>;
  /** Cosine similarity of a text to each of the others, -1 to 1. */
  similarity(
    text: string,
    others: readonly string[],
    options: JudgeOptions,
  ): Promise<{ found: number[]; cost: JudgeCost }>;
};

/** What a check may look at beside the output. */
export type CheckContext = {
  /** What the model was sent. */
  messages: readonly Message[];
  /** The case's values. */
  variables: JsonObject;
  latencyMs: number | null;
  costUsd: number | null;
  inputTokens: number | null;
  outputTokens: number | null;
  finishReason: string | null;
  /** The answer is an earlier run's: its latency says nothing about today. */
  cached: boolean;
  regex: RegexMatcher;
  /** Null where nobody was chosen to judge. */
  judge: Judge | null;
  signal: AbortSignal;
};

/** `score` is 1 or 0 by `holds` unless told. `reason` states the fact, also for a `not-` check. */
export type Verdict = {
  /** Null where it cannot be told and yet must not pass: such a check fails, with `not` and without. */
  holds: boolean | null;
  score?: number;
  reason: string;
  skipped?: boolean;
  judge?: JudgeCost;
};

/** What a person is told about a check. `example` is a whole check, as a short text where it can be written as one. */
export type CheckAbout = {
  about: string;
  /** What its value is; empty when it takes none. */
  value: string;
  example: string;
  /** What its threshold means; absent when it takes none. */
  threshold?: { about: string; usual?: number };
  /** What judges it: the answer alone, a judge model, an embedding model, or a judge that sees all answers to a case. */
  by: 'rule' | 'judge' | 'embeddings' | 'row' | 'group';
};

/** A check with its value read. */
export type Ready<Value> = { value: Value; threshold: number | undefined; check: Check };

export type OutputKind<Value = unknown> = CheckAbout & {
  by: 'rule' | 'judge' | 'embeddings';
  /** The value as it is used; throws in words what is wrong with it. */
  read(value: Json | undefined, check: Check): Value;
  judge(output: string, ready: Ready<Value>, context: CheckContext): Verdict | Promise<Verdict>;
};
export type CheckKind = OutputKind | (CheckAbout & { by: 'row' | 'group' });

/** Gives a kind its value's type and forgets it: a table holds them all. */
export const kind = <Value>(one: OutputKind<Value>): OutputKind => one as OutputKind;

export const quote = (text: string) => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);

/** JUDGE: nobody can tell whether the check holds. */
export const cannotJudge = (reason: string, cost?: JudgeCost) =>
  new VaultError('JUDGE', reason, cost ? { judge: cost } : {});

export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

export function readText(value: Json | undefined): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error('it needs a text');
}

export function readNumber(value: Json | undefined): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number) && number >= 0) return number;
  throw new Error('it needs a number of 0 or more');
}

export function readNothing(value: Json | undefined): undefined {
  if (value === undefined || value === null || value === '') return undefined;
  throw new Error('it takes no value');
}
