import assert from 'node:assert/strict';
import type { PresetName, SyncTarget } from '../../src/publish/types.ts';
import { openPublishing, type PublishingTest, releaseText } from '../support/publishing.ts';
import {
  type NoStore,
  openConsul,
  openCouch,
  openEtcd,
  openS3,
  type RealStore,
  s3Keys,
} from '../support/realStores.ts';
import { createReleased } from '../support/vaultBuilders.ts';

type Case = {
  preset: PresetName;
  open(): Promise<RealStore | NoStore>;
  more?: Partial<SyncTarget>;
  /** Changes what the store has of `support/triage` behind our back, and puts something beside it. */
  meddle(url: string, put: (path: string, body: string) => Promise<void>): Promise<void>;
};
const request = async (url: string, init: RequestInit) => {
  const answer = await fetch(url, init);
  if (!answer.ok) throw new Error(`${init.method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer;
};
const base64 = (text: string) => Buffer.from(text).toString('base64');
const tampered = (text: string) => text.replace('Sort', 'Lose');

const cases: Case[] = [
  {
    preset: 'etcd',
    open: openEtcd,
    async meddle(url) {
      const ask = async (path: string, body: object) =>
        (await request(`${url}/v3/kv/${path}`, { method: 'POST', body: JSON.stringify(body) })).json();
      const key = base64('promptvault/support/triage');
      const { kvs } = (await ask('range', { key })) as { kvs: { value: string }[] };
      const value = base64(tampered(Buffer.from(kvs[0]!.value, 'base64').toString()));
      await ask('put', { key, value });
      await ask('put', { key: base64('promptvault/stranger'), value });
    },
  },
  {
    preset: 'consul',
    open: openConsul,
    async meddle(url) {
      const at = `${url}/v1/kv/promptvault/support/triage`;
      const body = tampered(await (await request(`${at}?raw`, { method: 'GET' })).text());
      await request(at, { method: 'PUT', body });
      await request(`${url}/v1/kv/promptvault/stranger`, { method: 'PUT', body });
    },
  },
  {
    preset: 'couchdb',
    open: openCouch,
    async meddle(url) {
      const at = `${url}/promptvault%2Fsupport%2Ftriage`;
      const body = tampered(await (await request(at, { method: 'GET' })).text());
      const headers = { 'content-type': 'application/json' };
      await request(at, { method: 'PUT', body, headers });
      await request(`${url}/promptvault%2Fstranger`, { method: 'PUT', body: '{}', headers });
    },
  },
  {
    preset: 's3',
    open: openS3,
    more: { s3: s3Keys },
    async meddle(_, put) {
      await put('support/triage', '{"hash":"sha256:0"}');
      await put('stranger', 'x & y');
    },
  },
];

describe('sync with stores as they are', function () {
  this.timeout(60_000);
  for (const { preset, open, more, meddle } of cases) {
    describe(preset, () => {
      let store: RealStore | NoStore;
      let test: PublishingTest;
      const calls = () => test.publisher.calls;
      before(async function () {
        store = await open();
        if ('missing' in store) {
          console.log(`      skipped: ${store.missing}`);
          this.skip();
        }
        test = openPublishing();
        test.settings.targets.push({ name: 'store', preset, url: store.url, ...more });
        createReleased(test.vault, { path: 'support/triage' });
        createReleased(test.vault, { path: 'legal/nda' });
      });
      after(async () => {
        if ('missing' in store) return;
        test.remove();
        await store.close();
      });
      const sync = async () => {
        const { sent, removed, unchanged, failed } = await calls().syncTarget({ name: 'store' });
        return { sent, removed, unchanged, failed };
      };
      const pull = async () => {
        const { same, missing, different, extra, failed } = await calls().pullTarget({ name: 'store' });
        return { same, missing, different: different.map(({ path }) => path), extra, failed };
      };
      const whole = (same: number) => ({ same, missing: [], different: [], extra: [], failed: [] });

      it('takes what production has, once, and answers with exactly that', async () => {
        assert.deepEqual(await sync(), { sent: 2, removed: 0, unchanged: 0, failed: 0 });
        assert.deepEqual(await pull(), whole(2));
        assert.deepEqual(await sync(), { sent: 0, removed: 0, unchanged: 2, failed: 0 });
      });

      it('takes a newer version in the place of the older, and loses what moved', async () => {
        releaseText(test.vault, 'support/triage', 'Sort this mail kindly.');
        test.vault.move({ path: 'legal/nda', to: 'legal/contracts/nda' });
        assert.deepEqual(await sync(), { sent: 2, removed: 1, unchanged: 0, failed: 0 });
        assert.deepEqual(await pull(), whole(2));
      });

      it('shows what somebody else changed in it, and takes it back to what production is when forced', async () => {
        const url = (store as RealStore).url;
        const put = async (path: string, body: string) => {
          const { readTarget } = await import('../../src/publish/readTarget.ts');
          const { sendOnce } = await import('../../src/publish/sendOnce.ts');
          const own = {
            name: 'store',
            preset,
            url,
            ...more,
            put: { method: 'PUT', url: '/{key}', body: 'text' as const },
          };
          const target = readTarget(own);
          const served = {
            ...test.vault.get({ ref: 'support/triage' }),
            path,
            messages: [{ role: 'user' as const, content: body }],
          };
          assert.equal((await sendOnce(target.put(served, 'k'), { reach: 'loopback' })).status, 200);
        };
        await meddle(url, put);
        const found = await pull();
        assert.deepEqual([found.same, found.different, found.extra], [1, ['support/triage'], ['promptvault/stranger']]);
        await calls().syncTarget({ name: 'store', force: true });
        assert.deepEqual((await pull()).different, []);
      });
    });
  }
});
