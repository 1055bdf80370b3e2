import type { JsonObject } from '../shared/json.ts';
import type { Content, Message, VaultApi } from '../vault/types.ts';
import type { PlannedCase } from './planCases.ts';
import { valuesFor } from './variableProblems.ts';

export type CellRequest = { messages: Message[]; settings: JsonObject };
type Parts = {
  version: { content: Content };
  model: { settings: JsonObject };
  case: Pick<PlannedCase, 'variables' | 'prefix' | 'suffix'>;
};

/**
 * What a version says with a case's values, as it is sent. The model of a run is the run's, not the one in the settings; the
 * column's settings stand above the version's. A case's prefix and suffix go around the
 * last user message as they are.
 */
export function requestOf({ version, model, case: one }: Parts, vault: Pick<VaultApi, 'renderContent'>): CellRequest {
  const { content } = version;
  const { messages } = vault.renderContent({ content, values: valuesFor(content.variables, one.variables) });
  const { model: _, ...settings } = { ...content.settings, ...model.settings };
  return { messages: surround(messages, one), settings };
}

function surround(messages: Message[], { prefix = '', suffix = '' }: Parts['case']): Message[] {
  if (!prefix && !suffix) return messages;
  const lastUser = messages.findLastIndex(({ role }) => role === 'user');
  // Some prompts are one system message.
  const last = lastUser < 0 ? messages.length - 1 : lastUser;
  return messages.map((message, index) =>
    index === last ? { ...message, content: `${prefix}${message.content}${suffix}` } : message,
  );
}
