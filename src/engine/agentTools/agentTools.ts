import * as z from 'zod';
import type { AgentTool } from './agentTool.ts';
import { draftTools } from './draftTools.ts';
import { readTools } from './readTools.ts';
import { runSuiteTool } from './runSuiteTool.ts';

/**
 * What an agent can do, over MCP and as VS Code's language-model tools. None promotes, rolls back, moves or deletes, and none
 * takes an address or the name of a file.
 */
export const agentTools: readonly AgentTool[] = [...readTools, runSuiteTool, ...draftTools];

/** Those there are; the ones that write drafts only where a person allowed it. */
export function toolsFor({ allowDrafts }: { allowDrafts: boolean }): readonly AgentTool[] {
  return agentTools.filter(({ kind }) => allowDrafts || kind !== 'draft');
}

/** A tool's input as JSON Schema; what is not named in it is refused. */
export function inputSchemaOf({ input }: AgentTool): { [key: string]: unknown } & { type: 'object' } {
  const { $schema: _, ...schema } = z.toJSONSchema(input, { io: 'input' });
  return schema as ReturnType<typeof inputSchemaOf>;
}
