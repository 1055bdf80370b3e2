import assert from 'node:assert/strict';
import { distinctNames } from '../../../src/extension/vaultName.ts';

const named = (...paths: string[]) =>
  distinctNames(paths.map((path) => ({ name: path.slice(path.lastIndexOf('/') + 1), path })));

describe('the names of a window’s vaults', () => {
  it('are those of their folders', () => {
    assert.deepEqual(named('/work/client-a', '/work/client-b'), ['client-a', 'client-b']);
  });

  it('say where folders of the same name lie, as shortly as tells them apart', () => {
    const paths = ['/work/client-a/prompts', '/work/client-b/prompts', '/work/docs'];
    assert.deepEqual(named(...paths), ['prompts (client-a)', 'prompts (client-b)', 'docs']);
    const deep = ['/a/app/prompts', '/b/app/prompts'];
    assert.deepEqual(named(...deep), ['prompts (/a/app)', 'prompts (/b/app)']);
  });
});
