import assert from 'node:assert/strict';
import { selectVersion } from '../../../src/code/selectVersion.ts';
import { codeOf } from '../../../src/shared/errors.ts';
import { promoteToPrd, type TestVault, temporaryVault, userMessage } from '../../support/vaultBuilders.ts';

// Everything people write behind the @, and what nobody should.
const selectors = [
  ...['1.0', 'v1.1', '2.0.0', '2.1', '3.0', '3.1', '9.9', '1', '01.0', '1.0.1', ' 1.1 '],
  ...['^1', '^2', '~2.1', '>=2 <3', '*', '1.x', '>2.0', '<1', '1 || 2', '^2.0.0-0', 'x'],
  ...['PRD', 'prd', 'TST', 'DEV', 'RET', 'latest', 'LATEST', 'soon', '', ' ', '@', '^'],
];

describe('selectVersion', () => {
  let test: TestVault;
  before(() => {
    test = temporaryVault();
    const { vault } = test;
    const path = 'support/triage';
    vault.create({ path, messages: [userMessage('Sort {{mail}}')] });
    promoteToPrd(vault, `${path}@1.0`);
    for (const [from, major] of [['1.0'], ['1.1', true], ['2.0']] as [string, boolean?][]) {
      promoteToPrd(vault, `${path}@${vault.createVersion({ ref: `${path}@${from}`, major }).version}`);
    }
    vault.promote({ ref: `${path}@${vault.createVersion({ ref: `${path}@2.1`, major: true }).version}` });
    vault.createVersion({ ref: `${path}@3.0` });
  });
  after(() => test.remove());

  /** What the vault itself answers: a version, or that there is none. */
  function served(use: 'get' | 'show', selector: string | null): string {
    const ref = selector === null ? 'support/triage' : `support/triage@${selector}`;
    try {
      return test.vault[use]({ ref }).version;
    } catch (error) {
      assert.match(codeOf(error), /^(?:NOT_FOUND|INVALID_INPUT)$/);
      return 'none';
    }
  }

  for (const [asks, use] of [
    ['released', 'get'],
    ['any', 'show'],
  ] as const) {
    it(`selects as the vault does when it is asked to ${use}`, () => {
      const { versions } = test.vault.history({ path: 'support/triage' });
      assert.deepEqual(
        versions.map(({ version, stage }) => `${version} ${stage}`),
        ['3.1 DEV', '3.0 TST', '2.1 PRD', '2.0 RET', '1.1 RET', '1.0 RET'],
      );
      for (const selector of [null, ...selectors]) {
        for (const order of [versions, versions.toReversed()]) {
          const selected = selectVersion(order, { selector, asks });
          assert.equal('found' in selected ? selected.found.version : 'none', served(use, selector), `@${selector}`);
        }
      }
    });
  }
});
