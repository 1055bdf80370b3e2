import assert from 'node:assert/strict';
import {
  deliveryAction,
  deliveryFacts,
  deliveryLabel,
  deliveryName,
  isHere,
  needsAttention,
  targetFacts,
  tokenFacts,
} from '../../../src/extension/publishing/publishingText.ts';
import {
  checkAddress,
  checkTargetName,
  readTargetSettings,
  readWebhookSettings,
  withToken,
} from '../../../src/extension/publishing/publishSettings.ts';
import { dryRunText, pullIsSame, pullText } from '../../../src/extension/publishing/reportTexts.ts';
import type { TokenInfo } from '../../../src/publish/accessTokens.ts';
import type { Delivery, TargetStatus } from '../../../src/publish/types.ts';

const now = new Date('2026-11-21T12:00:00Z');
const target: TargetStatus = {
  ...{ name: 'production', kind: 'sync', address: 'https://example.com', automatic: true, state: 'on' },
  ...{ stateReason: null, problem: null, pending: 0, failed: 0, lastDeliveredAt: null, lastError: null },
};
const delivery: Delivery = {
  ...{ id: 1, target: 'production', action: 'promoted.PRD', path: 'support/triage', version: '2.2', key: 'k' },
  ...{ state: 'delivered', createdAt: '2026-11-21T11:50:00Z', doneAt: '2026-11-21T11:55:00Z', nextAt: null },
  ...{ error: null, attempts: [] },
};

describe('rows of the Publishing view', () => {
  it('say how a target stands, and who has to look after it', () => {
    assert.equal(targetFacts(target, now), 'automatic · nothing sent yet');
    const sent = { ...target, lastDeliveredAt: '2026-11-21T11:55:00Z', pending: 3, failed: 1 };
    assert.equal(targetFacts(sent, now), 'automatic · 3 waiting · 1 failed · sent 5 min ago');
    assert.ok(needsAttention(sent) && !needsAttention(target));
    const off = { ...target, state: 'off', stateReason: 'switched off by a person' } as const;
    assert.equal(targetFacts(off, now), 'off · nothing sent yet');
    assert.equal(needsAttention(off), false);
  });

  it('tell one that cannot be used from one that is set up elsewhere', () => {
    const broken = { ...target, address: null, problem: 'the address is wrong' };
    assert.ok(isHere(broken) && needsAttention(broken));
    const away = { ...target, address: null, failed: 4 };
    assert.equal(targetFacts(away, now), 'not set up here');
    assert.ok(!isHere(away) && !needsAttention(away));
  });

  it('say what was delivered and how it went', () => {
    assert.equal(deliveryLabel(delivery), 'Promoted to PRD: support/triage v2.2');
    assert.equal(deliveryLabel({ ...delivery, action: 'sync', path: '', version: null }), 'Sync: the whole vault');
    assert.equal(deliveryLabel({ ...delivery, action: 'test', path: '' }), 'Test');
    assert.deepEqual([deliveryName(delivery), deliveryAction(delivery)], ['triage v2.2', 'promoted to PRD']);
    const whole = { ...delivery, action: 'sync', path: '', version: null } as const;
    assert.deepEqual([deliveryName(whole), deliveryAction(whole)], ['Whole vault', 'sync']);
    const test = { ...whole, action: 'test' } as const;
    assert.deepEqual([deliveryName(test), deliveryAction(test)], ['Test', '']);
    assert.equal(deliveryFacts(delivery, now), 'delivered · 5 min ago');
    const waiting = { ...delivery, state: 'pending', doneAt: null, error: 'HTTP 500' } as const;
    assert.equal(
      deliveryFacts({ ...waiting, nextAt: '2026-11-21T12:00:30Z' }, now),
      'waiting · HTTP 500 · again in 30 s',
    );
  });

  it('say what a token is good for and until when', () => {
    const token = {
      ...{ id: 'a', name: 'shop', scope: 'read-prd', createdAt: '', createdBy: '', lastUsedAt: null },
      ...{ expiresAt: null, revokedAt: null },
    } as TokenInfo;
    assert.equal(tokenFacts(token, now), 'read-prd · no end · never used');
    assert.match(tokenFacts({ ...token, expiresAt: '2026-11-20T12:00:00Z' }, now), /expired Nov 20/);
    assert.match(tokenFacts({ ...token, revokedAt: '2026-11-21T11:58:00Z' }, now), /revoked 2 min ago/);
  });
});

describe('documents of the Publishing view', () => {
  const request = { method: 'PUT', url: 'https://example.com/a|b', headers: { authorization: '…' }, bytes: 120 };
  const item = { path: 'a', version: '1.0', hash: 'sha256:0', attempts: 0, error: null };
  const report = { url: 'https://example.com', dryRun: true, sent: 1, unchanged: 2, failed: 0, removed: 1 };

  it('say what would leave, and what is there already', () => {
    const items = [
      { ...item, status: 'sent' as const, request },
      { ...item, path: 'old', status: 'removed' as const },
    ];
    const text = dryRunText('production', { ...report, items });
    assert.match(text, /2 requests to https:\/\/example\.com\. Nothing was sent\. 2 prompts there already/);
    assert.match(text, /^\| a {6}\| v1\.0 {9}\| 120 bytes \| PUT https:\/\/example\.com\/a\\\|b \|$/m);
    assert.match(text, /^\| old {4}\| v1\.0 is gone \|/m);
    assert.match(text, /^\| authorization \| … +\|$/m);
    assert.match(dryRunText('production', { ...report, items: [] }), /Nothing: .* has all 2 prompts/);
  });

  it('say where a target does not serve what production is, in one line each', () => {
    const pull = { name: 'production', url: 'https://example.com', same: 1, missing: ['a'], extra: [], failed: [] };
    const different = [{ path: 'b', version: '1.0', expected: 'x', found: 'y', why: 'another\n# text <b>' }];
    assert.equal(pullIsSame({ ...pull, different }), false);
    const text = pullText({ ...pull, different });
    assert.match(text, /^\| b {6}\| differs from v1\.0 \| another # text \\<b\\> +\|$/m);
    assert.ok(pullIsSame({ ...pull, missing: [], different: [] }));
  });
});

describe('settings of targets and webhooks', () => {
  it('are read without secrets that somebody wrote there', () => {
    const s3 = { region: 'eu', accessKeyId: 'id', secretAccessKey: 'hidden' };
    const written = [{ name: 'a', url: 'https://x', token: 'hidden', s3 }, { name: 'b' }, 'c', null, { url: 'x' }];
    const read = readTargetSettings(written);
    assert.deepEqual(read, [{ name: 'a', url: 'https://x', s3: { region: 'eu', accessKeyId: 'id' } }]);
    assert.deepEqual(readWebhookSettings([{ name: 'w', url: 'https://x', secret: 'hidden' }]), [
      { name: 'w', url: 'https://x' },
    ]);
    assert.deepEqual(readTargetSettings({ name: 'a', url: 'https://x' }), []);
  });

  it('get their secret at the time of use, a store of objects as its key', () => {
    assert.deepEqual(withToken({ name: 'a', url: 'https://x' }, 's'), { name: 'a', url: 'https://x', token: 's' });
    const stored = withToken({ name: 'a', url: 'https://x', s3: { region: 'eu', accessKeyId: 'id' } }, 's');
    assert.equal(stored.s3?.secretAccessKey, 's');
    assert.equal(stored.token, undefined);
  });

  it('are checked as they are typed', () => {
    assert.equal(checkTargetName('a.b-c_1', []), undefined);
    for (const name of ['', 'a b', 'ä', 'a/b', 'x'.repeat(61)]) assert.ok(checkTargetName(name, []), name);
    assert.ok(checkTargetName('a', ['a']));
    assert.equal(checkAddress('https://example.com/{path}'), undefined);
    for (const url of ['ftp://x', 'example.com', 'https://', 'https://me:secret@example.com']) {
      assert.ok(checkAddress(url), url);
    }
  });
});
