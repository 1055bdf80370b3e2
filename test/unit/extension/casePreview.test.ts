import assert from 'node:assert/strict';
import { casePreview } from '../../../src/extension/casePreview.ts';

describe('a proposed case', () => {
  it('says its values, what is checked, and what was answered and said of it', () => {
    const preview = casePreview({
      id: '1',
      name: 'Lost card',
      variables: { message: 'My card\nis lost', amount: 3 },
      checks: [
        { type: 'equals', value: 'lost_card' },
        { type: 'contains', value: 'sorry', not: true },
      ],
      metadata: { output: 'stolen_card', mark: 'fail', note: 'Never stolen' },
    });
    assert.deepEqual(preview, {
      label: 'Lost card',
      description: 'message: My card is lost · amount: 3',
      detail: 'equals: lost_card · not-contains: sorry · answered: stolen_card · marked fail · Never stolen',
    });
  });

  it('is short, whatever it holds', () => {
    const { label, description, detail } = casePreview({
      id: '1',
      name: '',
      variables: { text: 'x'.repeat(5000) },
      checks: [],
    });
    assert.ok(label.length > 0 && description.length < 150, description);
    assert.equal(detail, 'without checks');
  });
});
