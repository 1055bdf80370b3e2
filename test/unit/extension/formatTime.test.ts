import assert from 'node:assert/strict';
import { formatAgo, formatCost, formatDuration, formatPeriod } from '../../../src/extension/formatTime.ts';

// Local times: what a person sees is in their own time zone.
const local = (year: number, month: number, day: number, hour = 12, minute = 0) =>
  new Date(year, month - 1, day, hour, minute).toISOString();
const now = new Date(local(2025, 12, 18));

describe('times for people', () => {
  it('tells a past production period with its days', () => {
    const version = { deployedAt: local(2025, 12, 1), retiredAt: local(2025, 12, 15) };
    assert.equal(formatPeriod(version, now), 'Production: Dec 1 → Dec 15 (14 days)');
  });

  it('tells since when something is in production', () => {
    const version = { deployedAt: local(2025, 12, 15), retiredAt: null };
    assert.equal(formatPeriod(version, now), 'Production since Dec 15 (3 days)');
  });

  it('gives the time of day for periods shorter than a day', () => {
    const version = { deployedAt: local(2025, 12, 15, 10, 4), retiredAt: local(2025, 12, 15, 10, 20) };
    assert.equal(formatPeriod(version, now), 'Production: Dec 15 10:04 → Dec 15 10:20 (16 minutes)');
  });

  it('names the year when it is not this one', () => {
    const version = { deployedAt: local(2024, 3, 1), retiredAt: local(2024, 3, 8) };
    assert.equal(formatPeriod(version, now), 'Production: Mar 1, 2024 → Mar 8, 2024 (7 days)');
  });

  it('has no period for what never was in production', () => {
    assert.equal(formatPeriod({ deployedAt: null, retiredAt: null }, now), null);
  });

  it('uses the largest unit that fits, and the singular for one', () => {
    const from = local(2025, 12, 1, 0, 0);
    assert.equal(formatDuration(from, local(2025, 12, 1, 0, 0)), 'less than a minute');
    assert.equal(formatDuration(from, local(2025, 12, 1, 0, 1)), '1 minute');
    assert.equal(formatDuration(from, local(2025, 12, 1, 5, 59)), '5 hours');
    assert.equal(formatDuration(from, local(2025, 12, 2, 0, 0)), '1 day');
  });

  it('never counts backwards when a clock was set', () => {
    assert.equal(formatDuration(local(2025, 12, 2), local(2025, 12, 1)), 'less than a minute');
  });

  it('tells how long ago, and the day from a week on', () => {
    assert.equal(formatAgo(local(2025, 12, 18, 11, 55), now), '5 min ago');
    assert.equal(formatAgo(local(2025, 12, 18, 9, 0), now), '3 h ago');
    assert.equal(formatAgo(local(2025, 12, 16), now), '2 days ago');
    assert.equal(formatAgo(local(2025, 12, 1), now), 'Dec 1');
  });

  it('says that a cost is unknown instead of zero', () => {
    assert.equal(formatCost(null), 'cost unknown');
    assert.equal(formatCost(0), '$0');
    assert.equal(formatCost(0.0412), '$0.04');
    assert.equal(formatCost(0.00041), '$0.00041');
  });
});
