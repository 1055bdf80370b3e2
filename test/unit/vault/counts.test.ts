import assert from 'node:assert/strict';
import fc from 'fast-check';
import { codeOf } from '../../../src/shared/errors.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import { aPrompt, temporaryVault } from '../../support/vaultBuilders.ts';
import { openRaw } from '../../support/vaultRaw.ts';

const paths = ['top', 'a/one', 'a/two', 'a/b/deep', 'ab/other', 'a/b/c/d/far'];
const tags = ['mail', 'urgent', "o'clock"];
type Step = (vault: Vault) => void;
const aPath = fc.constantFrom(...paths);
const aTag = fc.constantFrom(...tags);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(aPath, fc.subarray(tags)).map(
    ([path, some]) =>
      (vault: Vault) =>
        vault.create(aPrompt({ path, tags: some })),
  ),
  aPath.map((ref) => (vault: Vault) => vault.promote({ ref })),
  aPath.map((ref) => (vault: Vault) => vault.createVersion({ ref })),
  aPath.map((ref) => (vault: Vault) => vault.deleteVersion({ ref })),
  fc.tuple(aPath, aPath).map(
    ([path, to]) =>
      (vault: Vault) =>
        vault.move({ path, to }),
  ),
  fc.tuple(aPath, aTag).map(
    ([path, tag]) =>
      (vault: Vault) =>
        vault.tag({ path, add: [tag] }),
  ),
  fc.tuple(aPath, aTag).map(
    ([path, tag]) =>
      (vault: Vault) =>
        vault.tag({ path, remove: [tag] }),
  ),
);

describe('counters kept by triggers', () => {
  it('fit the prompts after any sequence of commands, and every list says the total it holds', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
        const { vault, remove } = temporaryVault();
        try {
          for (const one of steps) attempt(() => one(vault));
          assert.deepEqual(vault.verify().problems, []);
          for (const folder of [undefined, '', 'a', 'a/b', 'ab'])
            for (const tag of [undefined, ...tags])
              for (const stage of [undefined, 'DEV', 'TST', 'PRD', 'RET'] as const)
                for (const direct of [false, true]) {
                  const { total, prompts } = vault.list({ folder, tag, stage, direct });
                  assert.equal(total, prompts.length, JSON.stringify({ folder, tag, stage, direct }));
                }
          const { groups } = vault.groups({ by: 'tag' });
          for (const { name, count } of groups) assert.equal(vault.list({ tag: name }).prompts.length, count);
          assert.ok(groups.every(({ count }) => count > 0));
        } finally {
          remove();
        }
      }),
      { numRuns: 12 },
    );
  }).timeout(60_000);

  it('are checked by verify', () => {
    const { vault, file, remove } = temporaryVault();
    vault.create(aPrompt({ path: 'a/one', tags: ['mail'] }));
    const raw = openRaw(file, { recursiveTriggers: false, foreignKeys: false });
    const problems = () => vault.verify().problems.map(({ what }) => what);
    const attacks = {
      'folder counts': ["UPDATE counts SET total = 5 WHERE kind = 'folder' AND name = 'a'", 'SET total = 1'],
      'tag counts': ["UPDATE counts SET dev = 5 WHERE kind = 'tag'", 'SET dev = 1'],
      'tag rows': [`UPDATE prompt_tags SET path = 'a/other'`, `SET path = 'a/one'`],
    };
    for (const [what, [attack = '', repair = '']] of Object.entries(attacks)) {
      raw.exec(attack);
      assert.deepEqual(problems(), [what]);
      raw.exec(attack.replace(/SET \w+ = ('[^']*'|\d+)/, repair));
    }
    raw.exec('DELETE FROM counts');
    assert.deepEqual(new Set(problems()), new Set(['folder counts', 'tag counts']));
    raw.close();
    remove();
  });
});

/** What the rules refuse is part of the life of a vault; anything else is a bug. */
function attempt(body: () => void): void {
  try {
    body();
  } catch (error) {
    if (!['NOT_FOUND', 'RULE', 'EXISTS'].includes(codeOf(error))) throw error;
  }
}
