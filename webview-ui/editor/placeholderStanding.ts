import type { Variable } from '../../src/vault/types.ts';
import type { Placeholder } from '../shared/placeholders.ts';

export type Standing = 'declared' | 'undeclared' | 'malformed';

export function standing(found: Placeholder, variables: readonly Variable[]): Standing {
  if (found.kind === 'malformed') return 'malformed';
  return variables.some(({ name }) => name === found.name) ? 'declared' : 'undeclared';
}
