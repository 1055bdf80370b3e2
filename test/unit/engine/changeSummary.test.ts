import assert from 'node:assert/strict';
import { changeSummary } from '../../../src/engine/changeSummary.ts';
import type { Content } from '../../../src/vault/types.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import { aContent, type TestVault, temporaryVault, userMessage } from '../../support/vaultBuilders.ts';

describe('what changed, in words', () => {
  let made: TestVault;
  let vault: Vault;
  let n = 0;
  before(() => {
    made = temporaryVault();
    vault = made.vault;
  });
  after(() => made.remove());

  function summary(from: Partial<Content>, to: Partial<Content>, unit: 'words' | 'lines' = 'words'): string[] {
    const [a, b] = [`a${n}`, `b${n++}`];
    vault.create({ path: a, ...aContent(from) });
    vault.create({ path: b, ...aContent(to) });
    return changeSummary(vault.diff({ from: a, to: b, words: unit === 'words' }), unit);
  }

  it('is nothing for the same content', () => {
    assert.deepEqual(summary({}, {}), []);
  });

  it('names each setting with both values', () => {
    const from = { settings: { temperature: 0.2, model: 'openai:gpt-5', stop: ['a'], topP: 1 } };
    const to = { settings: { temperature: 0.4, model: 'openai:gpt-5', stop: ['a', 'b'], maxTokens: 512 } };
    assert.deepEqual(summary(from, to), [
      'maxTokens set to 512',
      'stop ["a"] → ["a","b"]',
      'temperature 0.2 → 0.4',
      'topP removed (was 1)',
    ]);
  });

  it('tells a variable that came, went, or has another default or description', () => {
    const from = { variables: [{ name: 'gone' }, { name: 'tone' }, { name: 'who', description: 'x' }] };
    const to = {
      variables: [{ name: 'fresh', default: 'a b' }, { name: 'tone', default: 'kind' }, { name: 'who' }],
    };
    assert.deepEqual(summary(from, to), [
      'variable fresh added with default "a b"',
      'variable gone removed',
      'variable tone: default set to kind',
      'variable who: description changed',
    ]);
  });

  it('counts words or lines in messages', () => {
    const say = (...texts: string[]) => ({ messages: texts.map(userMessage) });
    assert.deepEqual(summary(say('Be very kind.'), say('Be quite extra kind.')), [
      'message 1 (user): 2 words added, 1 removed',
    ]);
    assert.deepEqual(summary(say('a\nb\nc\n'), say('a\nc\n'), 'lines'), ['message 1 (user): 1 line removed']);
    assert.deepEqual(summary(say('a  b'), say('a b')), ['message 1 (user): white space changed']);
    assert.deepEqual(summary(say('a', 'b'), say('a')), ['message 2 (user) removed']);
    assert.deepEqual(summary(say('a'), say('a', 'b')), ['message 2 (user) added']);
  });

  it('tells a role that changed', () => {
    assert.deepEqual(summary({}, { messages: [{ role: 'system', content: 'Sort this mail.' }] }), [
      'message 1 (user → system): another role',
    ]);
  });

  it('cuts long values', () => {
    const [line = ''] = summary({}, { settings: { stop: 'x '.repeat(500) } });
    assert.ok(line.length < 80 && line.endsWith('…'));
  });

  it('counts one word as one, added or removed', () => {
    const of = (text: string) => ({ messages: [userMessage(text)] });
    assert.deepEqual(summary(of('Sort mail'), of('Sort this mail')), ['message 1 (user): 1 word added']);
    assert.deepEqual(summary(of('Sort this mail'), of('Sort mail')), ['message 1 (user): 1 word removed']);
    assert.deepEqual(summary(of('Sort all this mail'), of('Sort mail')), ['message 1 (user): 2 words removed']);
    assert.deepEqual(summary(of('a\nb\nc'), of('a\nc'), 'lines'), ['message 1 (user): 1 line removed']);
  });
});
