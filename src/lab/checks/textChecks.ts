import type { Json } from '../../shared/json.ts';
import { sameJson } from '../sameJson.ts';
import {
  type CheckContext,
  isObject,
  kind,
  parseJson,
  quote,
  type Ready,
  readNothing,
  readText,
  type Verdict,
} from './checkKind.ts';
import { findRefusal } from './refusals.ts';
import { splitList } from './splitList.ts';

const found = (holds: boolean, text: string): Verdict => ({
  holds,
  reason: `Output ${holds ? 'contains' : 'does not contain'} ${quote(text)}`,
});
const lower = (text: string) => text.toLowerCase();
const asIs = (text: string) => text;

function equals(output: string, { value }: Ready<Json>): Verdict {
  if (typeof value === 'string') {
    if (output === value) return { holds: true, reason: `Output equals ${quote(value)}` };
    const hint = output.trim() === value.trim() ? ' (only the white space around it differs)' : '';
    return { holds: false, reason: `Expected ${quote(value)}, got ${quote(output)}${hint}` };
  }
  const holds = sameJson(parseJson(output), value);
  const expected = quote(JSON.stringify(value));
  return {
    holds,
    reason: holds ? `Output is the JSON ${expected}` : `Expected the JSON ${expected}, got ${quote(output)}`,
  };
}

function readTexts(value: Json | undefined): string[] {
  const texts = Array.isArray(value) ? value.map(readText) : splitList(readText(value));
  if (texts.length > 0) return texts;
  throw new Error('it needs at least one text, as in contains-any:yes, "no, thanks"');
}

const containsAny =
  (fold: (text: string) => string) =>
  (output: string, { value }: Ready<string[]>): Verdict => {
    const hit = value.find((text) => fold(output).includes(fold(text)));
    if (hit !== undefined) return found(true, hit);
    return { holds: false, reason: `Output contains none of ${value.map(quote).join(', ')}` };
  };

const containsAll =
  (fold: (text: string) => string) =>
  (output: string, { value }: Ready<string[]>): Verdict => {
    const missing = value.filter((text) => !fold(output).includes(fold(text)));
    if (missing.length === 0) return { holds: true, reason: `Output contains ${value.map(quote).join(', ')}` };
    return { holds: false, reason: `Output does not contain ${missing.map(quote).join(', ')}` };
  };

function readPattern(value: Json | undefined): string {
  const text = readText(value);
  new RegExp(text);
  return text;
}

async function regex(output: string, { value }: Ready<string>, context: CheckContext): Promise<Verdict> {
  const answer = await context.regex.match({ pattern: value, text: output });
  const shown = quote(value);
  if ('matches' in answer)
    return { holds: answer.matches, reason: `Output ${answer.matches ? 'matches' : 'does not match'} ${shown}` };
  const why = 'invalid' in answer ? answer.invalid : answer.stopped;
  return { holds: null, reason: `The pattern ${shown} was stopped: ${why}` };
}

type Range = { min: number; max: number };

function readRange(value: Json | undefined): Range {
  const given = typeof value === 'string' ? parseJson(value) : value;
  const count = (one: Json | undefined): one is number => typeof one === 'number' && Number.isInteger(one) && one >= 0;
  if (count(given)) return { min: given, max: given };
  const fail = () => new Error('it needs a number of words, or {"min": 10, "max": 50} with one of them or both');
  if (!isObject(given) || Object.keys(given).some((key) => key !== 'min' && key !== 'max')) throw fail();
  const { min, max } = given;
  if (min === undefined && max === undefined) throw fail();
  if ((min !== undefined && !count(min)) || (max !== undefined && !count(max))) throw fail();
  const range = { min: min ?? 0, max: max ?? Number.POSITIVE_INFINITY };
  if (range.min > range.max) throw new Error('its min is more than its max');
  return range;
}

function wordCount(output: string, { value: { min, max } }: Ready<Range>): Verdict {
  const words = output.split(/\s+/).filter(Boolean).length;
  const wanted = min === max ? `${min}` : max === Number.POSITIVE_INFINITY ? `${min} or more` : `${min} to ${max}`;
  return { holds: words >= min && words <= max, reason: `Output has ${words} words, wanted ${wanted}` };
}

function isRefusal(output: string): Verdict {
  const phrase = findRefusal(output);
  if (phrase === null) return { holds: false, reason: `Output is no refusal: ${quote(output)}` };
  return { holds: true, reason: phrase === '' ? 'Output is empty' : `Output refuses: ${quote(phrase)}` };
}

const list = 'texts with commas between, in quotes where a text holds a comma; or a list';

export const textChecks = {
  equals: kind<Json>({
    by: 'rule',
    about: 'the whole output is this text, or JSON with the same content',
    value: 'a text, kept to the letter, or any JSON',
    example: 'equals:card',
    read: (value) => value ?? '',
    judge: equals,
  }),
  contains: kind<string>({
    by: 'rule',
    about: 'the text is in the output',
    value: 'a text',
    example: 'contains:Refund',
    read: readText,
    judge: (output, { value }) => found(output.includes(value), value),
  }),
  'contains-any': kind<string[]>({
    by: 'rule',
    about: 'at least one of the texts is in the output',
    value: list,
    example: 'contains-any:Refund, "Yes, of course"',
    read: readTexts,
    judge: containsAny(asIs),
  }),
  'contains-all': kind<string[]>({
    by: 'rule',
    about: 'every one of the texts is in the output',
    value: list,
    example: 'contains-all:name, address',
    read: readTexts,
    judge: containsAll(asIs),
  }),
  icontains: kind<string>({
    by: 'rule',
    about: 'like contains, letter case apart',
    value: 'a text',
    example: 'icontains:refund',
    read: readText,
    judge: (output, { value }) => found(lower(output).includes(lower(value)), value),
  }),
  'icontains-any': kind<string[]>({
    by: 'rule',
    about: 'like contains-any, letter case apart',
    value: list,
    example: 'icontains-any:refund, money back',
    read: readTexts,
    judge: containsAny(lower),
  }),
  'icontains-all': kind<string[]>({
    by: 'rule',
    about: 'like contains-all, letter case apart',
    value: list,
    example: 'icontains-all:name, address',
    read: readTexts,
    judge: containsAll(lower),
  }),
  'starts-with': kind<string>({
    by: 'rule',
    about: 'the output begins with this text',
    value: 'a text',
    example: 'starts-with:Dear',
    read: readText,
    judge: (output, { value }) => {
      const holds = output.startsWith(value);
      const start = holds ? '' : `, but with ${quote(output.slice(0, value.length))}`;
      return { holds, reason: `Output ${holds ? 'starts' : 'does not start'} with ${quote(value)}${start}` };
    },
  }),
  regex: kind<string>({
    by: 'rule',
    about: 'a JavaScript regular expression matches somewhere; stopped, and failed, after 200 ms',
    value: 'a pattern without slashes and flags',
    example: 'regex:^\\d{3}$',
    read: readPattern,
    judge: regex,
  }),
  'word-count': kind<Range>({
    by: 'rule',
    about: 'the output has so many words, by the white space between them',
    value: 'a number, or {"min", "max"}',
    example: 'word-count:{"min": 10, "max": 50}',
    read: readRange,
    judge: wordCount,
  }),
  'is-refusal': kind<undefined>({
    by: 'rule',
    about: 'the output declines to help, by its phrases, or is empty',
    value: '',
    example: 'not-is-refusal',
    read: readNothing,
    judge: isRefusal,
  }),
};
