import assert from 'node:assert/strict';
import { checkList } from '../../../src/engine/checkList.ts';
import { findPlaceholders } from '../../../src/engine/placeholders.ts';
import { rulesFor } from '../../../src/engine/rules.ts';
import { stages } from '../../../src/vault/types.ts';

describe('what editors ask without an engine', () => {
  it('are the placeholders of a text at their offsets, and braces that are none', () => {
    const text = 'Dear {{ name }}, \\{{x}} {{a b}} {{mail}}';
    const found = findPlaceholders(text);
    assert.deepEqual(
      found.map(({ kind, name }) => [kind, name]),
      [
        ['placeholder', 'name'],
        ['malformed', ''],
        ['placeholder', 'mail'],
      ],
    );
    for (const { start, end, text: own } of found) assert.equal(text.slice(start, end), own);
  });

  it('is what may be done in a stage, as the table of the stages says', () => {
    assert.deepEqual(
      stages.map((stage) => rulesFor(stage).promotesTo),
      ['TST', 'PRD', null, null],
    );
    const allowed = (action: 'edit' | 'delete') => stages.filter((stage) => rulesFor(stage).actions[action].allowed);
    assert.deepEqual([allowed('edit'), allowed('delete')], [['DEV', 'TST'], ['DEV']]);
  });

  it('are all checks, each with a name of its own and an example', () => {
    const names = checkList().map(({ type }) => type);
    assert.ok(names.includes('contains'));
    assert.equal(new Set(names).size, names.length);
  });
});
