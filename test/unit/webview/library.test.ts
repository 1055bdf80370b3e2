import assert from 'node:assert/strict';
import { messagesText, showHidden, textParts } from '../../../webview-ui/library/plainText.ts';
import { noFilters, parseRoute, routeHash } from '../../../webview-ui/library/route.ts';

describe('the address of a place in the web library', () => {
  it('names a prompt, its version, what it is compared with and the filters, there and back', () => {
    const filters = { search: 'refund & 100%', folder: 'support', tag: 'mail', stage: 'PRD' } as const;
    const route = { path: 'support/triage', version: '2.3', compare: '2.2', filters };
    assert.match(routeHash(route), /^#\/support\/triage@2\.3\?compare=2\.2&search=refund/);
    assert.deepEqual(parseRoute(routeHash(route)), route);
    const bare = { path: 'a', version: null, compare: null, filters: noFilters };
    assert.equal(routeHash(bare), '#/a');
    assert.deepEqual(parseRoute('#/a'), bare);
  });

  it('names nothing where it is no path, version or stage', () => {
    const nothing = { path: null, version: null, compare: null, filters: noFilters };
    for (const hash of ['', '#', '#/', '#/../v1/get/x', '#/a//b', '#/%', '#/<script>', '#/javascript:alert(1)'])
      assert.deepEqual(parseRoute(hash), nothing, hash);
    assert.deepEqual(parseRoute('#/a@x?compare=PRD&stage=LIVE'), { ...nothing, path: 'a' });
  });
});

describe('a text in the web library', () => {
  it('writes out what cannot be seen, and leaves what languages and emoji need', () => {
    assert.equal(showHidden('pay\u202e100\u200b\u0007'), 'pay⟨U+202E⟩100⟨U+200B⟩⟨U+0007⟩');
    assert.equal(showHidden('\u{e0041}'), '⟨U+E0041⟩');
    assert.equal(showHidden('👩\u200d🚒 می\u200cخواهم\n\tx'), '👩\u200d🚒 می\u200cخواهم\n\tx');
  });

  it('is cut at its variables and nowhere else', () => {
    const text = 'Sort {{ message }} for \\{{literal}} {{a}}{{b}}.';
    const parts = textParts(text);
    assert.deepEqual(
      parts.filter(({ kind }) => kind === 'variable').map((part) => part.text),
      ['{{ message }}', '{{a}}', '{{b}}'],
    );
    assert.equal(parts.map((part) => part.text).join(''), text);
  });

  it('is copied as it is, and below its role where there are several', () => {
    assert.equal(messagesText([{ role: 'user', content: ' x\n' }]), ' x\n');
    const two = [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Hi' },
    ];
    assert.equal(messagesText(two), '# SYSTEM\n\nBe kind.\n\n# USER\n\nHi\n');
  });
});
