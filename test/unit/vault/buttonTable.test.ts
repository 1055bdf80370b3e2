import assert from 'node:assert/strict';
import { type Action, actions, nextStage, permission, requireAllowed } from '../../../src/vault/lifecycle.ts';
import { type Stage, stages } from '../../../src/vault/types.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import {
  createReleased,
  promoteToPrd,
  type TestVault,
  temporaryVault,
  userMessage,
} from '../../support/vaultBuilders.ts';

/** DESIGN §3, written out once more: what the table in the source must say. */
const expected: Record<Stage, Record<Action, 'yes' | 'no' | 'hidden'>> = {
  DEV: { edit: 'yes', test: 'yes', promote: 'yes', createVersion: 'yes', delete: 'yes' },
  TST: { edit: 'yes', test: 'yes', promote: 'yes', createVersion: 'yes', delete: 'no' },
  PRD: { edit: 'no', test: 'yes', promote: 'hidden', createVersion: 'yes', delete: 'no' },
  RET: { edit: 'no', test: 'yes', promote: 'hidden', createVersion: 'yes', delete: 'no' },
};
const path = 'support/triage';

/** Version 1.0 in the given stage. */
const inStage: Record<Stage, (vault: Vault) => void> = {
  DEV: (vault) => vault.create({ path, messages: [userMessage('Sort.')] }),
  TST: (vault) => {
    inStage.DEV(vault);
    vault.promote({ ref: `${path}@1.0` });
  },
  PRD: (vault) => createReleased(vault, { path }),
  RET: (vault) => {
    inStage.PRD(vault);
    vault.createVersion({ ref: `${path}@1.0` });
    promoteToPrd(vault, `${path}@1.1`);
  },
};
const perform: Record<Action, (vault: Vault, ref: string) => unknown> = {
  edit: (vault, ref) => vault.edit({ ref, messages: [userMessage('Changed.')] }),
  test: (vault, ref) => vault.render({ ref, values: {} }),
  promote: (vault, ref) => vault.promote({ ref }),
  createVersion: (vault, ref) => vault.createVersion({ ref }),
  delete: (vault, ref) => vault.deleteVersion({ ref }),
};

describe('the button table', () => {
  let made: TestVault;
  beforeEach(() => {
    made = temporaryVault();
  });
  afterEach(() => made.remove());

  for (const stage of stages) {
    for (const action of actions) {
      const answer = expected[stage][action];
      it(`${answer === 'yes' ? 'allows' : 'refuses'} ${action} in ${stage}`, () => {
        const { vault } = made;
        inStage[stage](vault);
        const ref = `${path}@1.0`;
        assert.equal(vault.show({ ref }).stage, stage);
        const rule = permission(stage, action);
        assert.equal(rule.allowed ? 'yes' : rule.hidden ? 'hidden' : 'no', answer);
        const before = vault.info().lastSeq;
        if (answer === 'yes') {
          perform[action](vault, ref);
          assert.equal(vault.info().lastSeq > before, action !== 'test');
          requireAllowed(stage, action, 'a/b@1.0');
        } else {
          assert.throws(() => perform[action](vault, ref), { code: 'RULE', details: { stage, action, ref } });
          assert.throws(() => requireAllowed(stage, action, 'a/b@1.0'), { code: 'RULE' });
          assert.equal(vault.info().lastSeq, before);
        }
      });
    }
  }

  it('lets released versions neither be restored nor edited by their rationale', () => {
    inStage.PRD(made.vault);
    assert.throws(() => made.vault.edit({ ref: path, rationale: 'better' }), { code: 'RULE' });
    assert.throws(() => made.vault.restoreRevision({ ref: path, revision: 1 }), { code: 'RULE' });
  });

  it('moves a stage one step forward and ends in production', () => {
    assert.deepEqual(stages.map(nextStage), ['TST', 'PRD', null, null]);
  });
});
