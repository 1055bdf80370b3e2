import assert from 'node:assert/strict';
import type { EditorContract } from '../../../src/engine/panels.ts';
import { createSampleStore } from '../../../webview-ui/editor/sampleStore.ts';
import { withValue } from '../../../webview-ui/editor/samples.ts';
import type { PanelClient } from '../../../webview-ui/shared/panelClient.ts';
import { until } from '../../support/until.ts';

describe('The samples of a page', () => {
  it('are saved one after the other, the last of them as a whole', async () => {
    const log: string[] = [];
    const saveSamples: PanelClient<EditorContract>['call']['saveSamples'] = async ({ samples }) => {
      const said = JSON.stringify(samples[0]?.values);
      log.push(`begins ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      log.push(`ends ${said}`);
    };
    const client = { call: { saveSamples } } as PanelClient<EditorContract>;
    const failed = (error: unknown) => assert.fail(String(error));
    const store = createSampleStore(client, { changed() {}, failed });
    for (const [name, value] of [
      ['a', '1'],
      ['b', '2'],
    ] as const) {
      store.set(withValue(store.samples, { id: '1', name, value }));
      store.flush();
      await Promise.resolve();
    }
    await until(() => log.length >= 4, 'both saves');
    const both = '{"a":"1","b":"2"}';
    assert.deepEqual(log.slice(-2), [`begins ${both}`, `ends ${both}`]);
    assert.equal(log.length, 4);
    assert.deepEqual(
      log.map((line) => line.split(' ')[0]),
      ['begins', 'ends', 'begins', 'ends'],
    );
  });
});
