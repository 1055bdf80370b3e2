import assert from 'node:assert/strict';
import { readPages } from '../../../src/vault/readPages.ts';
import { readRecord, varint } from '../../../src/vault/readRecord.ts';

/** A record of one value: its header, then the bytes of the value. */
const record = (type: number, ...bytes: number[]) => Buffer.from([2, type, ...bytes]);

describe('a record of SQLite, read as bytes', () => {
  it('holds integers of every size, reals, texts and nulls', () => {
    assert.deepEqual(readRecord(record(1, 0xff), null), [-1]);
    assert.deepEqual(readRecord(record(2, 0x01, 0x00), null), [256]);
    assert.deepEqual(readRecord(record(6, 0, 0, 1, 0, 0, 0, 0, 0), null), [2 ** 40]);
    assert.deepEqual(readRecord(record(8), null), [0]);
    assert.deepEqual(readRecord(record(9), null), [1]);
    assert.deepEqual(readRecord(record(7, 0x3f, 0xe0, 0, 0, 0, 0, 0, 0), null), [0.5]);
    assert.deepEqual(readRecord(record(15, 0x41), null), ['A']);
    assert.deepEqual(readRecord(record(0), 7), [7], 'an integer key');
    assert.deepEqual(readRecord(record(0), null), [null]);
  });

  it('holds no blob and no type that SQLite keeps for itself', () => {
    assert.deepEqual(readRecord(record(14, 0x41), null), [undefined]);
    assert.deepEqual(readRecord(record(10), null), [undefined]);
  });

  it('is none when its sizes do not add up or it ends too early', () => {
    assert.equal(readRecord(record(2, 1), null), null);
    assert.equal(readRecord(record(1, 1, 1), null), null);
    assert.throws(() => readRecord(Buffer.from([9]), null), RangeError);
  });

  it('has numbers of one to nine bytes', () => {
    assert.deepEqual(varint(Buffer.from([0x81, 0x00]), 0), { value: 128, next: 2 });
    assert.deepEqual(varint(Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x81, 0x05]), 0), {
      value: 256 + 5,
      next: 9,
    });
  });
});

describe('pages of SQLite, read as bytes', () => {
  const size = 512;

  it('are none in a file shorter than one', () => {
    const pages = readPages(Buffer.alloc(100), size);
    assert.deepEqual([pages.count, pages.read(1), [...pages.walk(1)], pages.free().size], [0, null, [], 0]);
  });

  it('give no record whose rest lies on a page that is not there', () => {
    const file = Buffer.alloc(size);
    // A leaf of an index whose one cell says that its payload is longer than a page.
    file.set([10, 0, 0, 0, 1], 100);
    file.writeUInt16BE(200, 108);
    file.set([0x82, 0x00], 200);
    assert.deepEqual(readPages(file, size).read(1)?.records, []);
    // And longer than the whole file.
    file.set([0xff, 0x7f], 200);
    assert.deepEqual(readPages(file, size).read(1)?.records, []);
  });

  it('are not free where the list of free pages makes no sense', () => {
    const file = Buffer.alloc(3 * size);
    const list = (told: number, trunk: number) => {
      file.writeUInt32BE(trunk, 32);
      file.writeUInt32BE(told, 36);
      return [...readPages(file, size).free()];
    };
    file.writeUInt32BE(1, size + 4);
    file.writeUInt32BE(3, size + 8);
    assert.deepEqual(list(2, 2), [2, 3]);
    assert.deepEqual(list(5, 2), [], 'fewer than the header tells');
    assert.deepEqual(list(2, 9), [], 'not in the file');
  });
});
