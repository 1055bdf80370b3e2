import { contentOf, type Draft } from './draft.ts';
import type { EditorView } from './editorStore.ts';
import type { PreviewInput } from './preview.ts';
import { chosenValues, type Samples } from './samples.ts';
import { parseSettings } from './settingsForm.ts';
import { givenValues, withNewDeclarations } from './variableRows.ts';

/** The model a draft is tried with. */
export function modelOf(draft: Draft | null): string {
  const model = draft && parseSettings(draft.settings).settings.model;
  return typeof model === 'string' && model ? model : 'echo:echo';
}

/** What a render or a try is asked with: the draft as a save would store it. */
export function previewInput({ draft, base }: EditorView, samples: Samples): PreviewInput | null {
  if (!draft || !base) return null;
  const { messages } = draft;
  const variables = withNewDeclarations({ messages, stored: base.messages, variables: draft.variables });
  const content = { ...contentOf(draft), variables };
  return { content, values: givenValues(variables, chosenValues(samples)), model: modelOf(draft) };
}
