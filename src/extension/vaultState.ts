import { toVaultError } from '../shared/errors.ts';
import type { VaultInfo } from '../vault/types.ts';

/** What the sidebar tells about a folder; the context key `promptvault.state` holds it. */
export const vaultStates = [
  'noWorkspace',
  'untrusted',
  'noVault',
  'opening',
  'empty',
  'ready',
  'readonly',
  'newer',
  'damaged',
  'foreign',
  'failed',
] as const;
export type VaultState = (typeof vaultStates)[number];

/** The state of a vault that opened. */
export function openState(info: Pick<VaultInfo, 'prompts' | 'readOnly'>): VaultState {
  if (info.readOnly) return 'readonly';
  return info.prompts === 0 ? 'empty' : 'ready';
}

/** The state of a vault that did not open. */
export function failedState(error: unknown): VaultState {
  const { code } = toVaultError(error);
  if (code === 'NEWER') return 'newer';
  if (code === 'DAMAGED') return 'damaged';
  if (code === 'FOREIGN') return 'foreign';
  return 'failed';
}

// What the whole sidebar shows when folders differ: anything that can be worked with wins over what cannot.
const order: VaultState[] = [
  'ready',
  'readonly',
  'empty',
  'opening',
  'newer',
  'damaged',
  'foreign',
  'failed',
  'noVault',
];

/** One state for several folders. */
export function joinStates(states: readonly VaultState[]): VaultState {
  return order.find((state) => states.includes(state)) ?? 'noWorkspace';
}
