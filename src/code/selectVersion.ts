import maxSatisfying from 'semver/ranges/max-satisfying.js';
import validRange from 'semver/ranges/valid.js';
import type { ContractVersion, PromptReference } from './types.ts';

export type Selected<V> =
  | { found: V; by: 'production' | 'number' | 'stage' | 'latest' | 'range' }
  /** `not-released` comes with the version that would have fitted. */
  | { missing: 'nothing-there' | 'no-selector' | 'not-released'; instead: V | null };

const number = /^v?([1-9]\d{0,8}\.(?:0|[1-9]\d{0,8}))(?:\.0)?$/;
const isReleased = ({ stage }: ContractVersion) => stage === 'PRD' || stage === 'RET';

/** The version that a reference means, by the rules `promptvault get` selects by (`any`: those of `promptvault show`). */
export function selectVersion<V extends ContractVersion>(
  versions: readonly V[],
  { selector, asks }: Pick<PromptReference, 'selector' | 'asks'>,
): Selected<V> {
  const word = selector?.trim() ?? (asks === 'released' ? 'PRD' : 'latest');
  const by = howItSelects(word);
  if (!by) return { missing: 'no-selector', instead: null };
  const found = pick(versions, word, by);
  if (!found) return { missing: 'nothing-there', instead: null };
  if (asks === 'released' && !isReleased(found)) return { missing: 'not-released', instead: found };
  return { found, by: selector === null && asks === 'released' ? 'production' : by };
}

function howItSelects(word: string): 'number' | 'stage' | 'latest' | 'range' | null {
  if (number.test(word)) return 'number';
  if (/^latest$/i.test(word)) return 'latest';
  if (/^(?:DEV|TST|PRD|RET)$/i.test(word)) return 'stage';
  return word !== '' && validRange(word) !== null ? 'range' : null;
}

function pick<V extends ContractVersion>(versions: readonly V[], word: string, by: string): V | undefined {
  if (by === 'range') {
    const released = versions.filter(isReleased);
    const best = maxSatisfying(
      released.map(({ version }) => `${version}.0`),
      word,
    );
    return released.find(({ version }) => `${version}.0` === best);
  }
  const exact = number.exec(word)?.[1];
  if (by === 'number') return versions.find(({ version }) => version === exact);
  const fitting = by === 'latest' ? versions : versions.filter(({ stage }) => stage === word.toUpperCase());
  return highest(fitting);
}

function highest<V extends ContractVersion>(versions: readonly V[]): V | undefined {
  return versions.reduce<V | undefined>((best, one) => (best && compare(best, one) >= 0 ? best : one), undefined);
}

function compare(one: ContractVersion, other: ContractVersion): number {
  const [major = 0, minor = 0] = one.version.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.version.split('.').map(Number);
  return major - otherMajor || minor - otherMinor;
}
