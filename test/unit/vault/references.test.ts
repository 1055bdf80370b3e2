import assert from 'node:assert/strict';
import { parsePath } from '../../../src/vault/paths.ts';
import { formatVersion, parseReference, parseVersionNumber } from '../../../src/vault/references.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import { createReleased, promoteToPrd, type TestVault, temporaryVault } from '../../support/vaultBuilders.ts';

describe('a path', () => {
  it('has a folder and a name', () => {
    assert.deepEqual(parsePath('support/eu/triage'), {
      path: 'support/eu/triage',
      folder: 'support/eu',
      name: 'triage',
    });
    assert.deepEqual(parsePath('9_a.b-c'), { path: '9_a.b-c', folder: '', name: '9_a.b-c' });
  });
  const bad = [
    '',
    '/',
    'a/',
    '/a',
    'a//b',
    '.',
    '..',
    'a/../b',
    '-a',
    '.a',
    '_a',
    'a b',
    'a\\b',
    'ä',
    'a/b@1',
    'a\n',
    'a\0',
    'x'.repeat(401),
  ];
  for (const path of bad) {
    it(`is not ${JSON.stringify(path.slice(0, 20))}`, () => {
      assert.throws(() => parsePath(path), { code: 'INVALID_PATH', details: { path } });
    });
  }
});

describe('a reference', () => {
  it('reads numbers in every spelling people use', () => {
    for (const text of ['2.3', 'v2.3', '2.3.0', ' v2.3.0 '])
      assert.deepEqual(parseVersionNumber(text), { major: 2, minor: 3 });
    for (const text of ['2', '2.3.1', '0.1', '02.1', '2.03', 'x', '', '2.x', '-1.0', '1e3.0'])
      assert.equal(parseVersionNumber(text), null);
    assert.equal(formatVersion({ major: 2, minor: 10 }), '2.10');
  });

  it('refuses a selector that selects nothing', () => {
    for (const ref of ['a@', 'a@ ', 'a@nonsense', 'a@1.0@2.0', 'a@@']) {
      assert.throws(() => parseReference(ref), { code: 'INVALID_INPUT' }, ref);
    }
    assert.throws(() => parseReference('@1.0'), { code: 'INVALID_PATH' });
  });

  let made: TestVault;
  let vault: Vault;
  /** RET 1.0, RET 1.1, PRD 2.0, TST 1.2 and 2.1, DEV 1.3 and 2.2 */
  before(() => {
    made = temporaryVault();
    vault = made.vault;
    createReleased(vault, { path: 'p' });
    vault.createVersion({ ref: 'p@1.0' });
    promoteToPrd(vault, 'p@1.1');
    vault.createVersion({ ref: 'p@1.1', major: true });
    promoteToPrd(vault, 'p@2.0');
    for (const ref of ['p@1.0', 'p@2.0']) vault.promote({ ref: `p@${vault.createVersion({ ref }).version}` });
    for (const ref of ['p@1.0', 'p@2.0']) vault.createVersion({ ref });
  });
  after(() => made.remove());

  const shown: Record<string, string> = {
    p: '2.2',
    'p@latest': '2.2',
    'p@1.2': '1.2',
    'p@v1.2': '1.2',
    'p@PRD': '2.0',
    'p@prd': '2.0',
    'p@TST': '2.1',
    'p@DEV': '2.2',
    'p@RET': '1.1',
    'p@^1': '1.1',
    'p@^2': '2.0',
    'p@~1.0': '1.0',
    'p@1': '1.1',
    'p@>=1 <3': '2.0',
    'p@*': '2.0',
    'p@^1 || ^2': '2.0',
  };
  for (const [ref, version] of Object.entries(shown)) {
    it(`${ref} shows ${version}`, () => assert.equal(vault.show({ ref }).version, version));
  }

  const served: Record<string, string> = {
    p: '2.0',
    'p@PRD': '2.0',
    'p@^1': '1.1',
    'p@1.0': '1.0',
    'p@RET': '1.1',
    'p@*': '2.0',
  };
  for (const [ref, version] of Object.entries(served)) {
    it(`get ${ref} serves ${version}`, () => assert.equal(vault.get({ ref }).version, version));
  }

  for (const ref of ['p@latest', 'p@1.2', 'p@DEV', 'p@TST', 'p@^3', 'p@9.9', 'q', 'p@^1.5']) {
    it(`get ${ref} serves nothing that is not released`, () => {
      assert.throws(() => vault.get({ ref }), { code: 'NOT_FOUND' });
    });
  }

  it('serves nothing of a prompt without production', () => {
    vault.create({ path: 'draft', messages: [{ role: 'user', content: 'x' }] });
    assert.throws(() => vault.get({ ref: 'draft' }), { code: 'NOT_FOUND', details: { ref: 'draft' } });
  });
});
