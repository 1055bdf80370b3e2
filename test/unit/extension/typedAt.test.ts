import assert from 'node:assert/strict';
import { typedAt } from '../../../src/extension/code/typedAt.ts';

/** What is typed where `|` stands: what it is, and the text that a completion takes the place of. */
function typed(languageId: string, marked: string) {
  const at = marked.indexOf('|');
  const text = marked.slice(0, at) + marked.slice(at + 1);
  const found = typedAt(text, { at, languageId });
  return found && { what: found.what, text: text.slice(found.start, found.end), passed: found.passed };
}
const nothing = { text: '', passed: [] };

describe('what is typed where code names a prompt', () => {
  it('is a path: of a call, an address and a comment', () => {
    const path = { what: 'path', passed: [] };
    assert.deepEqual(typed('typescript', "getPrompt('|')"), { ...path, text: '' });
    assert.deepEqual(typed('typescript', "getPrompt('support/tr|')"), { ...path, text: 'support/tr' });
    assert.deepEqual(typed('python', 'get_prompt("support/|triage@^2")'), { ...path, text: 'support/triage' });
    assert.deepEqual(typed('yaml', 'prompt: promptvault:supp|\n'), { ...path, text: 'supp' });
    assert.deepEqual(typed('typescript', '// promptvault: |\nfoo();'), { ...path, text: '' });
  });

  it('is a selector behind @', () => {
    assert.deepEqual(typed('typescript', "getPrompt('a/b@|')"), { what: 'selector', ...nothing });
    assert.deepEqual(typed('python', 'get_prompt("a/b@^1|")'), { what: 'selector', passed: [], text: '^1' });
    assert.deepEqual(typed('json', '{ "prompt": "promptvault:a/b@|" }'), { what: 'selector', ...nothing });
  });

  it('is the name of a variable, with those that are passed already', () => {
    const variable = { what: 'variable', text: '', passed: ['tone'] };
    assert.deepEqual(typed('typescript', "getPrompt('a/b', { variables: { tone, | } })"), variable);
    assert.deepEqual(typed('typescript', "getPrompt('a/b', {|})"), { ...variable, passed: [] });
    assert.deepEqual(typed('python', 'get_prompt("a/b", {"tone": x, "|"})'), variable);
    assert.deepEqual(typed('python', 'get_prompt("a/b", {"tone": x, "me|": y})'), { ...variable, text: 'me' });
    assert.deepEqual(typed('go', 'GetPrompt("a/b", map[string]string{"tone": x, "|"})'), variable);
    assert.deepEqual(typed('ruby', 'get_prompt("a/b", tone: x, |)'), variable);
  });

  it('is none of our business elsewhere', () => {
    for (const text of [
      "getPrompt('a/b', { tone: | })",
      "foo('|')",
      "getPrompt('a/b'); |",
      '|',
      "const prompt = '|';",
    ]) {
      assert.equal(typed('typescript', text), undefined, text);
    }
  });
});
