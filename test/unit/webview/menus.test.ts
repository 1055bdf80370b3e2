import assert from 'node:assert/strict';
import { rulesFor } from '../../../src/engine/rules.ts';
import { stages } from '../../../src/vault/types.ts';
import { compareItems, headerButtons } from '../../../webview-ui/editor/editorActions.ts';
import { undoKey } from '../../../webview-ui/editor/undoKeys.ts';
import { menuTarget } from '../../../webview-ui/shared/menuKeys.ts';
import { modelItems } from '../../../webview-ui/shared/modelItems.ts';
import { infoOf, models, records } from '../../support/panelHarness/sampleVersions.ts';

const stateOf = (stage: (typeof stages)[number], readOnlyReason: string | null = null) => ({
  version: { ...records.find((one) => one.stage === stage)! },
  rules: rulesFor(stage),
  siblings: records.map(infoOf),
  stages: { DEV: 1, TST: 1, PRD: '2.2', RET: 1 },
  models,
  knownLabels: [],
  vaultReadOnly: false,
  readOnlyReason,
});

describe('The buttons of the editor', () => {
  for (const stage of stages) {
    it(`follow the table for ${stage}: what is refused says why, what is hidden is not there`, () => {
      const buttons = headerButtons(stateOf(stage));
      for (const [action, rule] of Object.entries(rulesFor(stage).actions)) {
        const button = buttons.find(({ id }) => id === action);
        if (rule.allowed) assert.equal(button?.reason, null);
        else if (rule.hidden) assert.equal(button, undefined);
        else assert.equal(button?.reason, rule.reason);
      }
    });
  }

  it('are greyed with the vault’s reason where they would write to a locked one', () => {
    const buttons = headerButtons(stateOf('DEV', 'The folder is read-only'));
    const open = buttons.filter(({ reason }) => reason === null).map(({ id }) => id);
    assert.deepEqual(open, ['test']);
  });

  it('roll back to a retired version by name', () => {
    assert.ok(headerButtons(stateOf('RET')).some(({ id, label }) => id === 'rollback' && label.includes('v2.1')));
  });

  it('compare with production unless this is it, and with unsaved text when there is some', () => {
    assert.deepEqual(
      compareItems(stateOf('DEV'), true).map(({ value }) => value),
      ['unsaved', 'comparePrd', 'compare'],
    );
    assert.deepEqual(
      compareItems(stateOf('PRD'), false).map(({ value }) => value),
      ['compare'],
    );
  });
});

describe('Keys', () => {
  const key = (name: string, held: object = {}) =>
    undoKey({ key: name, ctrlKey: true, metaKey: false, shiftKey: false, altKey: false, ...held });

  it('mean undo, redo and save with Ctrl or Cmd only', () => {
    assert.deepEqual([key('z'), key('Z', { shiftKey: true }), key('y'), key('s')], ['undo', 'redo', 'redo', 'save']);
    assert.equal(key('s', { ctrlKey: false, metaKey: true }), 'save');
    assert.deepEqual([key('z', { ctrlKey: false }), key('z', { altKey: true }), key('a')], [null, null, null]);
  });

  it('move through a menu, around its ends and to a letter', () => {
    const labels = ['echo:echo', 'openai:a', 'openai:b'];
    const go = (name: string, current: number) => menuTarget({ key: name, current, labels });
    assert.deepEqual([go('ArrowDown', 2), go('ArrowUp', 0), go('Home', 2), go('End', 0)], [0, 2, 0, 2]);
    assert.deepEqual([go('o', 0), go('o', 1), go('O', 2), go('x', 0)], [1, 2, 1, null]);
    assert.equal(menuTarget({ key: 'ArrowDown', current: -1, labels: [] }), null);
  });
});

describe('The list of models', () => {
  it('puts the ready ones first, with ticks, and says what the others need', () => {
    const items = modelItems(models, ['echo:echo']);
    assert.deepEqual(
      items.map(({ checked }) => checked),
      [true, false, false, undefined, undefined],
    );
    assert.match(items[3]?.description ?? '', /No key for Google/);
  });
});
