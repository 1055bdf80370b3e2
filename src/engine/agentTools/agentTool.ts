import * as z from 'zod';
import type { VersionInfo } from '../../vault/types.ts';
import type { Engine } from '../engine.ts';
import type { Confirmations } from './confirmations.ts';
import type { ToolKind, ToolName } from './toolKinds.ts';

/** Where what is told comes from, so that nobody has to take it on trust. */
export type Provenance = Pick<VersionInfo, 'path' | 'version' | 'stage' | 'hash' | 'createdBy'>;
export type ToolAnswer = {
  provenance: Provenance[];
  data: { [name: string]: unknown };
  notes?: string[];
  /** What a person has to agree to before more happens; the tool is called again with the code. */
  ask?: { code: string; question: string };
};
export type ToolContext = {
  engine: Engine;
  /** Who drafts are by: `agent:<client> for <person>`. */
  actor: string;
  confirmations: Confirmations;
  signal?: AbortSignal;
  onProgress?(done: number, total: number): void;
};
/** Names and descriptions are fixed texts, never made from what a vault holds. */
export type AgentTool = {
  name: ToolName;
  title: string;
  description: string;
  kind: ToolKind;
  input: z.ZodType;
  /** `input` is what the schema made of what was given. */
  run(input: never, context: ToolContext): Promise<ToolAnswer>;
};

/** A tool whose work is typed by its own schema. */
export function agentTool<Input extends z.ZodType>(
  tool: Omit<AgentTool, 'input' | 'run'> & {
    input: Input;
    run(input: z.output<Input>, context: ToolContext): Promise<ToolAnswer>;
  },
): AgentTool {
  return tool as AgentTool;
}

export function provenanceOf({ path, version, stage, hash, createdBy }: Provenance): Provenance {
  return { path, version, stage, hash, createdBy };
}

export const pathInput = z.string().min(1).max(1000).describe('Path of the prompt, such as support/triage');
export const versionInput = z
  .string()
  .min(1)
  .max(60)
  .describe('2.3, PRD, TST, latest, or a range of released versions such as ^2. PRD unless told');
