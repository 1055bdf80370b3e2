import assert from 'node:assert/strict';
import { findReferences } from '../../../src/code/findReferences.ts';
import { type SnippetRequest, snippetFor, snippetSources, snippets } from '../../../src/code/snippets.ts';

const path = 'support/triage-2';
const request: SnippetRequest = {
  path,
  variables: [{ name: 'customer_message' }, { name: 'tone', default: 'kind' }, { name: 'product' }],
};

describe('snippets', () => {
  for (const { label, languages, opening = '', write } of snippets) {
    for (const { source } of snippetSources) {
      it(`in ${label} from a ${source} are found again as uses of the prompt, with what they pass`, () => {
        for (const language of languages) {
          const text = opening + write[source](request);
          const references = findReferences(text, language);
          assert.deepEqual(
            references.map((found) => [found.path, found.selector, text.slice(found.start, found.end)]),
            [[path, null, path]],
          );
          // What jq is given is not known to be the variables of the prompt.
          const passed = references[0]?.variables?.names.map(({ name }) => name);
          const shown = label === 'Shell' && source !== 'vault' ? undefined : ['customer_message', 'product'];
          assert.deepEqual(passed, shown);
        }
      });
    }
  }

  it('give a placeholder for each variable that must be given, and for all where none must', () => {
    const { write } = snippetFor('python')!;
    assert.match(
      write.bundle(request),
      /get_prompt\("support\/triage-2", \{"customer_message": "<customer_message>", "product": "<product>"\}\)/,
    );
    const optional = { path, variables: [{ name: 'tone', default: 'kind' }] };
    assert.match(write.bundle(optional), /\{"tone": "<tone>"\}\)/);
    assert.match(write.bundle({ path, variables: [] }), /get_prompt\("support\/triage-2"\)\n$/);
  });

  it('are there for every language in which prompts are found', () => {
    for (const id of [
      'typescript',
      'typescriptreact',
      'javascript',
      'javascriptreact',
      'python',
      'go',
      'java',
      'csharp',
      'ruby',
      'php',
      'rust',
      'shellscript',
    ])
      assert.ok(snippetFor(id), id);
    assert.equal(snippetFor('typescriptreact')?.label, 'TypeScript');
    assert.equal(snippetFor('cobol'), undefined);
  });
});
