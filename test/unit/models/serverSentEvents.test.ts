import assert from 'node:assert/strict';
import { createEventReader } from '../../../src/models/serverSentEvents.ts';

const text =
  '\uFEFFdata: one\r\n\r\n: a comment\nid: 7\ndata:two\ndata: 雪 🙂\n\nevent: error\rdata: {"a":1}\r\rdata: half';
const events = [
  { event: '', data: 'one' },
  { event: '', data: 'two\n雪 🙂' },
  { event: 'error', data: '{"a":1}' },
];

describe('server-sent events', () => {
  for (const size of [1, 2, 3, 7, 1000]) {
    it(`are read from pieces of ${size} bytes`, () => {
      const bytes = Buffer.from(text);
      const read = createEventReader();
      const found = [];
      for (let at = 0; at < bytes.length; at += size) found.push(...read(bytes.subarray(at, at + size)));
      assert.deepEqual(found, events);
    });
  }
});
