import assert from 'node:assert/strict';
import {
  groupNodes,
  leadStage,
  newestFirst,
  promptContext,
  stageBadges,
  versionContext,
} from '../../../src/extension/promptNodes.ts';

const counts = { DEV: 2, TST: 1, PRD: '2.2', RET: 3 };

describe('rows of the Prompts view', () => {
  it('say the production version first, then the open drafts', () => {
    assert.equal(stageBadges({ stages: counts, latest: '2.5' }), 'v2.2 PRD ●TST ●DEV×2');
  });

  it('say the newest version when nothing is in production', () => {
    assert.equal(stageBadges({ stages: { DEV: 1, TST: 0, PRD: null, RET: 0 }, latest: '1.0' }), 'v1.0 ●DEV');
  });

  it('take the colour of production, else of the furthest draft', () => {
    assert.equal(leadStage(counts), 'PRD');
    assert.equal(leadStage({ ...counts, PRD: null }), 'TST');
    assert.equal(leadStage({ ...counts, PRD: null, TST: 0 }), 'DEV');
  });

  it('carry every stage of a prompt, so that menus ask one question for prompts and versions', () => {
    assert.equal(promptContext({ DEV: 1, TST: 0, PRD: '1.0', RET: 0 }), 'prompt;stage=DEV;stage=PRD');
    assert.equal(versionContext({ stage: 'TST' }, true), 'version;stage=TST;prd');
    assert.equal(versionContext({ stage: 'PRD' }, true), 'version;stage=PRD');
  });

  it('show folders by their last name, with all that is in them', () => {
    const groups = [
      { name: 'a/b', count: 3, direct: 1 },
      { name: 'a/c', count: 1, direct: 1 },
    ];
    assert.deepEqual(
      groupNodes('v', 'folder', groups).map(({ name, label, count }) => [name, label, count]),
      [
        ['a/b', 'b', 3],
        ['a/c', 'c', 1],
      ],
    );
  });

  it('leave out stages nobody is in', () => {
    const stages = [
      { name: 'DEV', count: 2 },
      { name: 'TST', count: 0 },
      { name: 'PRD', count: 4 },
    ];
    assert.deepEqual(
      groupNodes('v', 'stage', stages).map(({ name }) => name),
      ['DEV', 'PRD'],
    );
  });

  it('order versions by number, not by text', () => {
    const versions = ['1.0', '2.9', '2.10', '10.0'].map((version) => ({ version }));
    assert.deepEqual(
      newestFirst(versions).map(({ version }) => version),
      ['10.0', '2.10', '2.9', '1.0'],
    );
  });
});
