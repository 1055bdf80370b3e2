import type { Json } from '../../shared/json.ts';
import type { Check } from '../checkTypes.ts';
import {
  type CheckContext,
  cannotJudge,
  kind,
  type OutputKind,
  quote,
  type Ready,
  readNumber,
  type Verdict,
} from './checkKind.ts';

const finishReasons = ['stop', 'length', 'filter', 'tool', 'other'] as const;
/** What vendors call them. */
const otherNames: { readonly [word: string]: string } = {
  end_turn: 'stop',
  max_tokens: 'length',
  content_filter: 'filter',
  tool_calls: 'tool',
  tool_use: 'tool',
};
const counted = ['total', 'input', 'output'] as const;
type Counted = (typeof counted)[number];

const readLimit = (value: Json | undefined, { threshold }: Check) => readNumber(threshold ?? value);

function latency(_: string, { value: limit }: Ready<number>, { latencyMs, cached }: CheckContext): Verdict {
  if (cached) return { holds: true, skipped: true, reason: 'A stored answer: how long it took then says nothing now' };
  if (latencyMs === null) throw cannotJudge('Nobody measured how long the answer took');
  const holds = latencyMs <= limit;
  return { holds, reason: `Took ${latencyMs} ms, ${holds ? 'within' : 'over'} ${limit} ms` };
}

function cost(_: string, { value: limit }: Ready<number>, { costUsd }: CheckContext): Verdict {
  if (costUsd === null) throw cannotJudge('Cost unknown: set a price for this model in the settings');
  const holds = costUsd <= limit;
  return { holds, reason: `Cost $${costUsd}, ${holds ? 'within' : 'over'} $${limit}` };
}

type TokenLimit = { of: Counted; limit: number };

function readTokens(value: Json | undefined, { threshold }: Check): TokenLimit {
  if (threshold === undefined) return { of: 'total', limit: readNumber(value) };
  const of = counted.find((one) => one === (value ?? 'total'));
  if (of) return { of, limit: readNumber(threshold) };
  throw new Error(`it counts ${counted.join(', ')}, not ${quote(String(value))}`);
}

function tokens(_: string, { value: { of, limit } }: Ready<TokenLimit>, context: CheckContext): Verdict {
  const { inputTokens, outputTokens } = context;
  const parts = { input: [inputTokens], output: [outputTokens], total: [inputTokens, outputTokens] }[of];
  if (parts.includes(null)) throw cannotJudge('The model told no token counts');
  const count = parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
  const holds = count <= limit;
  return { holds, reason: `Took ${count} ${of} tokens, ${holds ? 'within' : 'over'} ${limit}` };
}

function readReason(value: Json | undefined): string {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  const reason = finishReasons.find((one) => one === (otherNames[word] ?? word));
  if (reason) return reason;
  throw new Error(`it needs one of ${finishReasons.join(', ')}`);
}

function finishReason(_: string, { value }: Ready<string>, { finishReason: got }: CheckContext): Verdict {
  if (got === null) throw cannotJudge('The model did not tell why it stopped');
  return { holds: got === value, reason: `Stopped with "${got}"${got === value ? '' : `, wanted "${value}"`}` };
}

type Limit = Pick<OutputKind<number>, 'about' | 'example' | 'judge'> & { unit: string };

/** A check of one number that must not be passed. */
const limit = ({ unit, ...own }: Limit): OutputKind =>
  kind<number>({
    ...own,
    by: 'rule',
    value: `${unit}, unless the threshold says them`,
    threshold: { about: `${unit} at most` },
    read: readLimit,
  });

export const callChecks = {
  latency: limit({
    unit: 'milliseconds',
    about: 'the whole answer was there in time; stored answers are not judged',
    example: 'latency(2000)',
    judge: latency,
  }),
  cost: limit({
    unit: 'USD',
    about: 'the answer cost no more; the judge’s cost is not in it',
    example: 'cost(0.002)',
    judge: cost,
  }),
  tokens: kind<TokenLimit>({
    by: 'rule',
    about: 'prompt and answer took no more tokens',
    value: 'tokens at most; with a threshold what it counts: total, input or output',
    example: 'tokens(300):output',
    threshold: { about: 'tokens at most' },
    read: readTokens,
    judge: tokens,
  }),
  'finish-reason': kind<string>({
    by: 'rule',
    about: 'the model stopped for this reason; length is an answer cut at the token limit',
    value: finishReasons.join(', '),
    example: 'finish-reason:stop',
    read: readReason,
    judge: finishReason,
  }),
};
