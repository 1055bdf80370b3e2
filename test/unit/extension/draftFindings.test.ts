import assert from 'node:assert/strict';
import {
  type Declared,
  findFindings,
  nameRange,
  namesIn,
  placeholdersIn,
} from '../../../src/extension/draftFindings.ts';

const text = '# SYSTEM\n\nBe {{ tone }}.\n\n# USER\n\n{{message}} {{message}} {{new}} {{not a name}} \\{{kept}}\n';
const declared: Declared = {
  variables: [{ name: 'tone' }, { name: 'message' }, { name: 'old' }],
  editable: true,
  storedNames: new Set(['tone', 'message']),
};
const said = (given: string, about: Declared) =>
  findFindings(given, about).map(({ kind, start, end }) => `${kind} ${given.slice(start, end)}`);

describe('what is said about the text of a draft', () => {
  it('names new, malformed and unused variables where they stand', () => {
    assert.deepEqual(said(text, declared), ['declaredOnSave {{new}}', 'malformed {{not a name}}', 'unused # SYSTEM']);
  });

  it('knows that a save declares nothing that stood there undeclared before', () => {
    const storedNames = new Set(['new']);
    assert.ok(said(text, { ...declared, storedNames }).includes('undeclared {{new}}'));
  });

  it('promises no declaration for a version that cannot be saved', () => {
    assert.ok(said(text, { ...declared, editable: false }).includes('undeclared {{new}}'));
  });

  it('says only what keeps the text from being read, when something does', () => {
    assert.deepEqual(said('stray {{new}}\n# USER\n', declared), ['unreadable stray {{new}}']);
  });

  it('finds names inside their braces, and none that are escaped', () => {
    assert.deepEqual([...namesIn(text)], ['tone', 'message', 'new']);
    const [first] = placeholdersIn(text);
    const { start, end } = nameRange(first!);
    assert.equal(text.slice(start, end), 'tone');
  });

  it('lets no braces reach from one message into the next', () => {
    assert.deepEqual(said('# USER\n\n{{open\n\n# USER\n\nx}}\n', { ...declared, variables: [] }), ['malformed {{open']);
  });
});
