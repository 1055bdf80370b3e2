import assert from 'node:assert/strict';
import { versionText } from '../../../src/extension/versionText.ts';
import { compareTitle, parseVersionQuery, versionUriParts } from '../../../src/extension/versionUri.ts';
import type { Content } from '../../../src/vault/types.ts';

const content: Content = {
  messages: [
    { role: 'system', content: 'You help.\n  Keep\ttabs.' },
    { role: 'user', content: '{{message}} and {{ foreign }}' },
  ],
  settings: { temperature: 0.2, model: 'echo:echo', stop: ['a', 'b'] },
  variables: [{ name: 'message' }, { name: 'tone', default: 'friendly', description: 'How it sounds' }],
};

describe('a version as text', () => {
  it('has a heading per message, then settings by name, then variables', () => {
    assert.equal(
      versionText(content),
      '# SYSTEM\n\nYou help.\n  Keep\ttabs.\n\n# USER\n\n{{message}} and {{ foreign }}\n\n' +
        '# SETTINGS\n\n- model: echo:echo\n- stop: ["a","b"]\n- temperature: 0.2\n\n' +
        '# VARIABLES\n\n- {{message}}\n- {{tone}} = "friendly": How it sounds\n',
    );
  });

  it('is the same for the same content whatever the order of its settings', () => {
    const turned = { ...content, settings: { stop: ['a', 'b'], model: 'echo:echo', temperature: 0.2 } };
    assert.equal(versionText(turned), versionText(content));
  });

  it('has an address that says what it is and can be read back', () => {
    const source = { vault: 'file:///w', path: 'support/triage', version: '2.2', revision: 3 };
    const parts = versionUriParts(source);
    assert.equal(parts.path, '/support/triage v2.2 (revision 3).md');
    assert.deepEqual(parseVersionQuery(parts.query), source);
  });

  it('has no address made of anything else', () => {
    assert.equal(parseVersionQuery('not json'), undefined);
    assert.equal(parseVersionQuery('{"path":"a"}'), undefined);
  });

  it('says a path twice only when two prompts are compared', () => {
    const from = { path: 'support/triage', version: '2.2', stage: 'PRD' };
    assert.equal(
      compareTitle(from, { ...from, version: '2.3', stage: 'TST' }),
      'support/triage v2.2 (PRD) ↔ v2.3 (TST)',
    );
    assert.equal(
      compareTitle(from, { path: 'other', version: '1.0', stage: 'DEV' }),
      'support/triage v2.2 (PRD) ↔ other v1.0 (DEV)',
    );
  });
});
