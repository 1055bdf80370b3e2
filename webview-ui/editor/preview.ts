import type { EditorContract } from '../../src/engine/panels.ts';
import type { JsonObject } from '../../src/shared/json.ts';
import type { Content, RenderResult } from '../../src/vault/types.ts';
import { debounce } from '../shared/debounce.ts';
import { type Failure, failureOf } from '../shared/errorText.ts';
import type { PanelClient } from '../shared/panelClient.ts';
import { withStandIns } from './variableRows.ts';

export type PreviewInput = { content: Content; values: JsonObject; model: string };
export type PreviewView = {
  rendered: RenderResult | null;
  /** Variables without a value; they stand in the preview as typed. */
  missing: string[];
  unknown: string[];
  failure: Failure | null;
  tokens: { tokens: number; costUsd: number | null } | null;
};

/** Renders what is typed once typing rests for 150 ms. An answer that is overtaken by a newer question is dropped. */
export function createPreview(client: PanelClient<EditorContract>, onChange: (view: PreviewView) => void) {
  let input: () => PreviewInput | null = () => null;
  let under = new AbortController();
  let view: PreviewView = { rendered: null, missing: [], unknown: [], failure: null, tokens: null };

  const render = async (asked: PreviewInput, signal: AbortSignal): Promise<PreviewView> => {
    const base = { missing: [], unknown: [], failure: null, tokens: view.tokens };
    try {
      return { ...base, rendered: await client.call.render({ content: asked.content, values: asked.values }, signal) };
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code !== 'VARIABLES') return { ...base, rendered: null, failure };
      const missing = names(failure.details.missing);
      const unknown = names(failure.details.unknown);
      const known = Object.entries(asked.values).filter(([name]) => !unknown.includes(name));
      const values = withStandIns(Object.fromEntries(known), missing);
      return {
        ...base,
        missing,
        unknown,
        rendered: await client.call.render({ content: asked.content, values }, signal),
      };
    }
  };

  const work = async () => {
    const asked = input();
    if (!asked) return;
    under.abort();
    under = new AbortController();
    const { signal } = under;
    try {
      const next = await render(asked, signal);
      if (signal.aborted) return;
      view = next;
      onChange(view);
      if (!next.rendered) return;
      const text = next.rendered.messages.map(({ content }) => content).join('\n');
      const tokens = await client.call.tokens({ text, model: asked.model }, signal);
      if (signal.aborted) return;
      view = { ...view, tokens };
    } catch (error) {
      if (signal.aborted) return;
      view = { ...view, failure: failureOf(error) };
    }
    onChange(view);
  };
  const resting = debounce(150, () => void work());

  return {
    /** `next` is asked once typing rests: what it takes is not spent at each key. */
    request(next: () => PreviewInput | null) {
      input = next;
      resting.request();
    },
    stop() {
      resting.cancel();
      under.abort();
    },
  };
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
