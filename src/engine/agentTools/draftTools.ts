import * as z from 'zod';
import { VaultError } from '../../shared/errors.ts';
import { roles, type VersionRecord } from '../../vault/types.ts';
import { agentTool, pathInput, provenanceOf, type ToolAnswer } from './agentTool.ts';

const messages = z
  .array(z.strictObject({ role: z.enum(roles), content: z.string().max(200_000) }))
  .min(1)
  .max(100)
  .describe('The whole text of the prompt. Placeholders are {{name}}');
const variables = z
  .array(
    z.strictObject({
      name: z.string().min(1).max(200),
      default: z.string().max(100_000).optional(),
      description: z.string().max(2000).optional(),
    }),
  )
  .max(200)
  .describe('Variables with their defaults; placeholders of the text are declared by themselves');
const rationale = z.string().max(5000).describe('Why, for the history');

const createDraft = agentTool({
  name: 'create_draft',
  title: 'Create Draft',
  description:
    'Makes a draft in the stage DEV: a new prompt, or with `copyOf` a new version of one there is. A person tests and promotes it; nothing here can.',
  kind: 'draft',
  input: z.strictObject({
    path: pathInput,
    copyOf: z
      .string()
      .min(1)
      .max(60)
      .optional()
      .describe('The version of this prompt that the draft starts from, such as PRD'),
    title: z.string().max(200).optional().describe('Of a new prompt'),
    description: z.string().max(5000).optional().describe('Of a new prompt'),
    messages,
    variables: variables.optional(),
    rationale: rationale.optional(),
  }),
  async run({ path, copyOf, title, description, ...content }, { engine, actor }) {
    if (copyOf === undefined) {
      return draftAnswer(
        await engine.writeDraft({ actor, write: { create: { path, title, description, ...content } } }),
      );
    }
    const ref = `${path}@${copyOf}`;
    const made = await engine.writeDraft({ actor, write: { createVersion: { ref, rationale: content.rationale } } });
    const edit = { ref: `${path}@${made.version}`, expectRevision: made.revision, expectHash: made.hash, ...content };
    return draftAnswer(await engine.writeDraft({ actor, write: { edit } }));
  },
});

const editDraft = agentTool({
  name: 'edit_draft',
  title: 'Edit Draft',
  description:
    'Saves a version in the stage DEV in place; what was there before is kept as a revision. Give the revision that was read: when somebody saved since, nothing is written and it fails with CONFLICT.',
  kind: 'draft',
  input: z.strictObject({
    path: pathInput,
    version: z
      .string()
      .regex(/^v?\d+\.\d+$/)
      .describe('Number of the draft, such as 2.4'),
    revision: z.int().min(1).describe('The revision that was read'),
    messages: messages.optional(),
    variables: variables.optional(),
    rationale: rationale.optional(),
  }),
  async run({ path, version, revision, ...changes }, { engine, actor }) {
    const ref = `${path}@${version.replace(/^v/, '')}`;
    const draft = await engine.show({ ref });
    if (draft.stage !== 'DEV') {
      const message = `${ref} is in ${draft.stage}: only drafts in DEV can be edited here. Make one with create_draft and copyOf`;
      throw new VaultError('RULE', message, { stage: draft.stage, action: 'edit', ref });
    }
    return draftAnswer(
      await engine.writeDraft({ actor, write: { edit: { ref, expectRevision: revision, ...changes } } }),
    );
  },
});

function draftAnswer(draft: VersionRecord): ToolAnswer {
  const { path, version, stage, revision, hash, variables: declared, createdBy, updatedBy } = draft;
  return {
    provenance: [provenanceOf(draft)],
    data: { path, version, stage, revision, hash, variables: declared, createdBy, updatedBy },
    notes: ['It stays a draft until a person promotes it'],
  };
}

export const draftTools = [createDraft, editDraft];
