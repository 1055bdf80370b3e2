import assert from 'node:assert/strict';
import {
  flatGroupNodes,
  folderNodes,
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

  it('show the folders right below one, with all that is in them', () => {
    const folders = ['', 'a', 'a/b', 'a/b/c', 'ab'].map((name, count) => ({ name, count }));
    assert.deepEqual(
      folderNodes('v', folders, '').map(({ label, count }) => [label, count]),
      [
        ['a', 1],
        ['ab', 4],
      ],
    );
    assert.deepEqual(
      folderNodes('v', folders, 'a').map(({ name, label }) => [name, label]),
      [['a/b', 'b']],
    );
  });

  it('show stages in the order of life and leave out empty ones', () => {
    const stages = [
      { name: 'RET', count: 1 },
      { name: 'PRD', count: 4 },
      { name: 'TST', count: 0 },
      { name: 'DEV', count: 2 },
    ];
    const nodes = flatGroupNodes('v', { folders: [], tags: [], stages, total: 7 }, 'stage');
    assert.deepEqual(
      nodes.map(({ name }) => name),
      ['DEV', 'PRD', 'RET'],
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
