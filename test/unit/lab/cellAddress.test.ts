import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cellCount, indexOf, placeOf } from '../../../src/lab/cellAddress.ts';

describe('the address of a cell', () => {
  const count = fc.integer({ min: 1, max: 6 });
  const sizes = fc.record({ versions: count, models: count, cases: count, repeat: count });

  it('counts repeats first, then cases, models and versions, and leads back', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        let index = 0;
        for (let version = 0; version < size.versions; version++)
          for (let model = 0; model < size.models; model++)
            for (let one = 0; one < size.cases; one++)
              for (let repeat = 0; repeat < size.repeat; repeat++) {
                const place = { version, model, case: one, repeat };
                assert.deepEqual(placeOf(index, size), place);
                assert.equal(indexOf(place, size), index++);
              }
        assert.equal(cellCount(size), index);
      }),
    );
  });
});
