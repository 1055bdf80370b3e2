import type { Role } from '../../src/vault/types.ts';
import { type DraftMessage, newKey } from './draft.ts';

/** A new last message: the side whose turn it is. */
export function appended(messages: readonly DraftMessage[]): DraftMessage[] {
  const role: Role = messages.at(-1)?.role === 'user' ? 'assistant' : 'user';
  return [...messages, { key: newKey(), role, content: '' }];
}

export function withMessage(messages: readonly DraftMessage[], changed: DraftMessage): DraftMessage[] {
  return messages.map((message) => (message.key === changed.key ? changed : message));
}

/** The message `by` places further down; the same list when it stands at the end already. */
export function moved(messages: readonly DraftMessage[], key: string, by: number): DraftMessage[] {
  const from = messages.findIndex((message) => message.key === key);
  const to = from + by;
  if (from < 0 || to < 0 || to >= messages.length) return [...messages];
  const rest = messages.toSpliced(from, 1);
  return rest.toSpliced(to, 0, messages[from] as DraftMessage);
}

/** The message put right before or after another one. */
export function movedBeside(
  messages: readonly DraftMessage[],
  key: string,
  place: { key: string; side: 'before' | 'after' },
): DraftMessage[] {
  const message = messages.find((one) => one.key === key);
  const rest = messages.filter((one) => one.key !== key);
  const at = rest.findIndex((one) => one.key === place.key);
  if (!message || at < 0) return [...messages];
  return rest.toSpliced(place.side === 'before' ? at : at + 1, 0, message);
}

/** A prompt has at least one message. */
export function without(messages: readonly DraftMessage[], key: string): DraftMessage[] {
  return messages.length === 1 ? [...messages] : messages.filter((message) => message.key !== key);
}
