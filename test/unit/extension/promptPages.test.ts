import assert from 'node:assert/strict';
import { createPromptPages, type Page } from '../../../src/extension/promptPages.ts';

describe('the pages of a tree', () => {
  const all = Array.from({ length: 25 }, (_, i) => i);
  let asked: unknown[];
  const page = async (from: { after?: number | string }): Promise<Page<number>> => {
    asked.push(from.after ?? null);
    const start = from.after === undefined ? 0 : Number(from.after) + 1;
    const rows = all.slice(start, start + 10);
    const last = rows.at(-1)!;
    return { rows, next: last < 24 ? { after: last } : null, total: all.length };
  };
  beforeEach(() => {
    asked = [];
  });

  it('read the first only, and say how many rows are left', async () => {
    const pages = createPromptPages<number>();
    assert.deepEqual(await pages.read('a', page), { rows: all.slice(0, 10), more: true, left: 15 });
    await pages.read('a', page);
    assert.deepEqual(asked, [null]);
  });

  it('go on where the page before ended, and stop at the end', async () => {
    const pages = createPromptPages<number>();
    await pages.read('a', page);
    for (let i = 0; i < 4; i += 1) {
      pages.loadMore('a');
      await pages.read('a', page);
    }
    assert.deepEqual(await pages.read('a', page), { rows: all, more: false, left: 0 });
    assert.deepEqual(asked, [null, 9, 19]);
  });

  it('are read once though two ask at the same time', async () => {
    const pages = createPromptPages<number>();
    await Promise.all([pages.read('a', page), pages.read('a', page)]);
    assert.deepEqual(asked, [null]);
  });

  it('are read anew after a change, as far as they were', async () => {
    const pages = createPromptPages<number>();
    await pages.read('a', page);
    pages.loadMore('a');
    await pages.read('a', page);
    pages.forgetRows();
    assert.equal((await pages.read('a', page)).rows.length, 20);
    pages.forgetLevels();
    assert.equal((await pages.read('a', page)).rows.length, 10);
    assert.deepEqual(asked, [null, 9, null, 9, null]);
  });

  it('are asked for again after a failure', async () => {
    const pages = createPromptPages<number>();
    await assert.rejects(pages.read('a', () => Promise.reject(new Error('gone'))));
    assert.equal((await pages.read('a', page)).rows.length, 10);
  });
});
