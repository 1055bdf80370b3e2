import type { Json } from '../../src/shared/json.ts';
import type { Variable } from '../../src/vault/types.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { promoteToPrd, userMessage } from './vaultBuilders.ts';

/** What every renderer must do, byte for byte: the vault's, the client's and those of the fetch snippets. */
export type RenderCase = {
  name: string;
  text: string;
  values: { [name: string]: Json };
  rendered: string;
  /** The placeholders' names unless told. */
  variables?: Variable[];
};

export const renderCases: readonly RenderCase[] = [
  { name: 'a placeholder', text: 'Sort {{mail}}.', values: { mail: 'Hi' }, rendered: 'Sort Hi.' },
  { name: 'blanks and tabs inside', text: '{{ mail }}{{\tmail}}', values: { mail: 'x' }, rendered: 'xx' },
  { name: 'a placeholder used twice', text: '{{a}} {{b}} {{a}}', values: { a: '1', b: '2' }, rendered: '1 2 1' },
  { name: 'an escape', text: '\\{{mail}} {{mail}}', values: { mail: 'x' }, rendered: '{{mail}} x' },
  { name: 'two backslashes', text: '\\\\{{mail}} {{mail}}', values: { mail: 'x' }, rendered: '\\{{mail}} x' },
  { name: 'braces inside a value', text: '{{a}}{{b}}', values: { a: '{{b}}', b: '\\{{a}}' }, rendered: '{{b}}\\{{a}}' },
  { name: 'JSON around a placeholder', text: '{"a":{{a}}}', values: { a: '1' }, rendered: '{"a":1}' },
  { name: 'three braces', text: '{{{a}}}', values: { a: 'x' }, rendered: '{x}' },
  {
    name: 'what is no placeholder',
    text: '{{}} {{1a}} {{a.b}} {{a',
    values: {},
    variables: [],
    rendered: '{{}} {{1a}} {{a.b}} {{a',
  },
  { name: 'a placeholder in an open one', text: '{{ a {{b}} }}', values: { b: 'x' }, rendered: '{{ a x }}' },
  {
    name: 'undeclared ones',
    text: '{{a}} {{ b }}',
    values: { a: 'x' },
    variables: [{ name: 'a' }],
    rendered: 'x {{ b }}',
  },
  { name: 'a line feed inside', text: '{{a\n}} {{b}}', values: { b: 'x' }, rendered: '{{a\n}} x' },
  {
    name: 'an own line with spaces around',
    text: '  {{a}}  \n\n{{a}}\n',
    values: { a: ' x\n' },
    rendered: '   x\n  \n\n x\n\n',
  },
  {
    name: 'letters beyond ASCII',
    text: 'Ünï {{a}} 😀 日本',
    values: { a: 'é\u0301 👩‍👩‍👧 \u2028' },
    rendered: 'Ünï é\u0301 👩‍👩‍👧 \u2028 😀 日本',
  },
  {
    name: 'what a replacement could mean',
    text: '{{a}}',
    values: { a: "$& $1 $$ \\1 \\g<0> $' %s" },
    rendered: "$& $1 $$ \\1 \\g<0> $' %s",
  },
  {
    name: 'quotes and shells',
    text: '{{a}}',
    values: { a: `"'\`$(id) ; & | < > \\ %PATH% !` },
    rendered: `"'\`$(id) ; & | < > \\ %PATH% !`,
  },
  {
    name: 'names of JavaScript',
    text: '{{constructor}} {{toString}}',
    values: { toString: 'x' },
    variables: [{ name: 'toString' }],
    rendered: '{{constructor}} x',
  },
  {
    name: 'a default',
    text: '{{a}} {{b}}',
    values: { b: 'y' },
    variables: [{ name: 'a', default: 'x' }, { name: 'b' }],
    rendered: 'x y',
  },
  {
    name: 'a value in the place of a default',
    text: '{{a}}',
    values: { a: '' },
    variables: [{ name: 'a', default: 'x' }],
    rendered: '',
  },
  {
    name: 'a number, a list, an object, null',
    text: '{{a}} {{b}} {{c}} {{d}} {{e}}',
    values: { a: 1.5, b: [1, 'ü'], c: { k: 'v' }, d: null, e: false },
    rendered: '1.5 [1,"ü"] {"k":"v"} null false',
  },
];

/** Releases every case under a path of its own. Answers them in order. */
export function releaseCases(vault: Vault): (RenderCase & { path: string })[] {
  return renderCases.map((one, index) => {
    const path = `cases/case-${index}`;
    const { text, variables } = one;
    vault.create({ path, messages: [userMessage(text)] });
    // What a text uses declares itself; only a person can take it away again.
    if (variables) vault.edit({ ref: `${path}@1.0`, messages: [userMessage(text)], variables });
    promoteToPrd(vault, `${path}@1.0`);
    return { ...one, path };
  });
}
