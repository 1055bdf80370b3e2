import * as z from 'zod';
import { VaultError } from '../../shared/errors.ts';
import type { PromptList } from '../../vault/types.ts';

type Next = NonNullable<PromptList['next']>;

const shape = z.strictObject({
  after: z.string().max(1000).optional(),
  afterSeq: z.int().min(0).optional(),
  offset: z.int().min(0).optional(),
});

/** Where a page of prompts ended, as one word for whoever asks for the next. */
export function toCursor(next: PromptList['next']): string | undefined {
  return next === null ? undefined : Buffer.from(JSON.stringify(next)).toString('base64url');
}

/** INVALID_INPUT when it is none of ours. */
export function fromCursor(cursor: string | undefined): Next {
  if (cursor === undefined) return {};
  try {
    return shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (error) {
    throw new VaultError('INVALID_INPUT', 'The cursor is not one of an answer before', { field: 'cursor' }, error);
  }
}
