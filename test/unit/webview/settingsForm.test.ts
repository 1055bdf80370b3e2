import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonObject } from '../../../src/shared/json.ts';
import { parseSettings, settingsText } from '../../../webview-ui/editor/settingsForm.ts';
import { deepEqual } from '../../../webview-ui/shared/deepEqual.ts';

const blank = settingsText({});

describe('The settings form', () => {
  it('gives back any settings exactly as they were', () => {
    const names = fc.constantFrom('model', 'temperature', 'maxTokens', 'topP', 'stop', 'extra', 'seed', '__proto__');
    const values = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('-0'));
    fc.assert(
      fc.property(fc.dictionary(names, values), (drawn) => {
        const settings = JSON.parse(JSON.stringify(drawn)) as JsonObject;
        const { settings: read, problems } = parseSettings(settingsText(settings));
        assert.deepEqual(problems, {});
        assert.ok(deepEqual(read, settings), JSON.stringify([settings, read]));
      }),
      { numRuns: 500 },
    );
  });

  it('shows each known setting in its field and the rest as JSON', () => {
    const text = settingsText({ model: 'echo:echo', temperature: 0.2, maxTokens: 512, stop: ['END', '\n\n'], seed: 7 });
    assert.deepEqual(text, {
      ...blank,
      model: 'echo:echo',
      temperature: '0.2',
      maxTokens: '512',
      stop: 'END\n\\n\\n',
      extra: '{\n  "seed": 7\n}',
    });
  });

  for (const [field, wrong] of [
    ['temperature', 'warm'],
    ['temperature', '3'],
    ['maxTokens', '1.5'],
    ['maxTokens', '0'],
    ['topP', '-1'],
    ['extra', '[1]'],
    ['extra', '{'],
  ] as const) {
    it(`refuses ${wrong} as ${field}`, () => {
      const { settings, problems } = parseSettings({ ...blank, [field]: wrong });
      assert.deepEqual(Object.keys(problems), [field]);
      assert.deepEqual(settings, {});
    });
  }

  it('refuses a setting that is said twice', () => {
    const { problems } = parseSettings({ ...blank, temperature: '1', extra: '{"temperature": 2}' });
    assert.deepEqual(Object.keys(problems), ['extra']);
  });
});
