import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChangeFeed, createChangeFeed } from '../../../src/engine/changeFeed.ts';
import type { VaultChange } from '../../../src/engine/engine.ts';
import { openDatabase } from '../../../src/vault/database.ts';
import { openVault, type Vault } from '../../../src/vault/vault.ts';

const prompt = (path: string) => ({ path, messages: [{ role: 'user' as const, content: path }] });

describe('createChangeFeed', () => {
  let folder: string;
  let file: string;
  let mine: Vault;
  let theirs: Vault;
  let feeds: ChangeFeed[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'promptvault-feed-'));
    file = join(folder, 'vault.db');
    mine = openVault(file, { actor: 'mine', mode: 'create' });
    theirs = openVault(file, { actor: 'theirs' });
    feeds = [];
  });
  afterEach(() => {
    for (const feed of feeds) feed.dispose();
    mine.close();
    theirs.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function watch(options?: { afterSeq: number }) {
    const feed = createChangeFeed({ ...mine, dataVersion: mine.database.dataVersion }, options);
    const changes: VaultChange[] = [];
    feed.onDidChange((change) => changes.push(change));
    feeds.push(feed);
    return { feed, changes, seqs: () => changes.flatMap(({ events }) => events.map(({ seq }) => seq)) };
  }
  const after = (seq: number) => mine.eventsAfter({ seq }).map((event) => event.seq);

  it('tells own commits at once, before the call that made them has returned to its caller', () => {
    const { changes } = watch();
    mine.create(prompt('a'));
    assert.equal(changes.length, 1);
    assert.equal(changes[0]?.own, true);
    assert.deepEqual(
      changes[0]?.events.map(({ path }) => path),
      ['a', 'a'],
    );
  });

  it('tells others’ commits before a later own one', () => {
    const { changes } = watch();
    theirs.create(prompt('theirs'));
    mine.create(prompt('mine'));
    assert.deepEqual(
      changes.map(({ own, events }) => [own, events[0]?.path]),
      [
        [false, 'theirs'],
        [true, 'mine'],
      ],
    );
  });

  it('finds others’ commits when somebody looks, and tells them once', () => {
    const { feed, seqs } = watch();
    const { lastSeq } = mine.info();
    theirs.create(prompt('a'));
    theirs.create(prompt('b'));
    feed.setFocused(true);
    feed.setFocused(true);
    assert.deepEqual(seqs(), after(lastSeq));
  });

  it('tells what came after a given event, for an engine that was started again', () => {
    mine.create(prompt('before'));
    const { lastSeq } = mine.info();
    theirs.create(prompt('missed'));
    const { feed, seqs } = watch({ afterSeq: lastSeq });
    feed.setFocused(true);
    assert.deepEqual(seqs(), after(lastSeq));
    assert.equal(seqs().length, 2);
  });

  it('keeps the order when a listener writes', () => {
    const { feed, seqs } = watch();
    const { lastSeq } = mine.info();
    let written = false;
    feed.onDidChange(() => {
      if (written) return;
      written = true;
      mine.create(prompt('answer'));
    });
    theirs.create(prompt('a'));
    mine.create(prompt('b'));
    assert.deepEqual(seqs(), after(lastSeq));
  });

  it('tells more changes than fit into one page, in order', () => {
    const { feed, seqs } = watch();
    const { lastSeq } = mine.info();
    theirs.database.write((tx) => {
      for (let n = 0; n < 2500; n++) tx.appendEvent({ kind: 'prompt.tagged', reason: String(n) });
    });
    feed.setFocused(true);
    assert.deepEqual(
      seqs(),
      Array.from({ length: 2500 }, (_, n) => lastSeq + n + 1),
    );
  });

  it('says once that the file is gone, and tells of what is there when it is back', () => {
    const { feed, changes } = watch();
    const away = join(folder, 'away.db');
    renameSync(file, away);
    for (let n = 0; n < 3; n += 1) feed.look();
    assert.deepEqual(changes, [{ events: [], own: false }]);
    renameSync(away, file);
    theirs.create(prompt('back'));
    feed.setFocused(true);
    feed.setFocused(false);
    assert.deepEqual(
      changes.at(-1)?.events.map(({ path }) => path),
      ['back', 'back'],
    );
  });

  it('tells from the first entry on where there was none', () => {
    const empty = join(folder, 'empty.db');
    openDatabase(empty, { mode: 'create', actor: 'x' }).close();
    const vault = openVault(empty, { actor: 'x' });
    const feed = createChangeFeed({ ...vault, dataVersion: vault.database.dataVersion });
    feeds.push(feed);
    const seqs: number[] = [];
    feed.onDidChange(({ events }) => seqs.push(...events.map(({ seq }) => seq)));
    vault.create(prompt('a'));
    vault.create(prompt('b'));
    vault.close();
    assert.deepEqual(seqs, [1, 2, 3, 4]);
  });

  it('tells of an own commit at the next look when the log could not be read at once', () => {
    let broken = false;
    const eventsAfter: Vault['eventsAfter'] = (p) => {
      if (broken) throw new Error('The disk is away');
      return mine.eventsAfter(p);
    };
    const feed = createChangeFeed({ ...mine, eventsAfter, dataVersion: mine.database.dataVersion });
    feeds.push(feed);
    const seen: VaultChange[] = [];
    feed.onDidChange((change) => seen.push(change));
    broken = true;
    mine.create(prompt('a'));
    feed.look();
    assert.equal(seen.length, 0);
    broken = false;
    feed.look();
    assert.deepEqual(
      seen.map(({ own, events }) => [own, events.length]),
      [[true, 2]],
    );
  });

  it('says that anything may have changed when another file takes the vault’s place', () => {
    const { feed, changes } = watch();
    mine.create(prompt('a'));
    const other = join(folder, 'other.db');
    const vault = openVault(other, { actor: 'x', mode: 'create' });
    for (const path of ['x', 'y', 'z']) vault.create(prompt(path));
    vault.close();
    renameSync(other, file);
    changes.length = 0;
    feed.setFocused(true);
    assert.deepEqual(changes, [{ events: [], own: false }]);
    mine.create(prompt('b'));
    assert.deepEqual(
      changes.at(-1)?.events.map(({ path }) => path),
      ['b', 'b'],
    );
  });
});
