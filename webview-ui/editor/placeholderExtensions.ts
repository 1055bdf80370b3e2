import { autocompletion, type CompletionContext } from '@codemirror/autocomplete';
import { type Action, type Diagnostic, linter, lintKeymap, openLintPanel } from '@codemirror/lint';
import { type Extension, Facet, RangeSetBuilder } from '@codemirror/state';
import { Decoration, type DecorationSet, type EditorView, keymap, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import { variableNameFrom } from '../../src/shared/variableName.ts';
import type { Variable } from '../../src/vault/types.ts';
import { findPlaceholders, type Placeholder } from '../shared/placeholders.ts';
import { type Standing, standing } from './placeholderStanding.ts';

/** The declared variables, as the editors know them. Set anew through a compartment when the list changes. */
export const declaredVariables = Facet.define<readonly Variable[], readonly Variable[]>({
  combine: (values) => values[0] ?? [],
});

const marks: Record<Standing, Decoration> = {
  declared: Decoration.mark({ class: 'pv-declared' }),
  undeclared: Decoration.mark({ class: 'pv-undeclared' }),
  malformed: Decoration.mark({ class: 'pv-malformed' }),
};

// A line may be as long as the whole text: this much of it beside the screen is enough to see where braces begin.
const margin = 2000;

/** Only what is on screen is marked, with the lines it stands in. */
function decorate(view: EditorView): DecorationSet {
  const variables = view.state.facet(declaredVariables);
  const builder = new RangeSetBuilder<Decoration>();
  for (const range of view.visibleRanges) {
    const from = Math.max(view.state.doc.lineAt(range.from).from, range.from - margin);
    const to = Math.min(view.state.doc.lineAt(range.to).to, range.to + margin);
    const text = view.state.doc.sliceString(from, to);
    for (const found of findPlaceholders(text)) {
      builder.add(from + found.from, from + found.to, marks[standing(found, variables)]);
    }
  }
  return builder.finish();
}

const highlight = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = decorate(view);
    }
    update(update: ViewUpdate) {
      const declared = update.startState.facet(declaredVariables) !== update.state.facet(declaredVariables);
      if (update.docChanged || update.viewportChanged || declared) this.decorations = decorate(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

const advice: Record<Exclude<Standing, 'declared'>, (name: string) => string> = {
  undeclared: (name) => `"${name}" is not declared. Saving declares a new placeholder; until then it stays as typed.`,
  malformed: () => 'Not a placeholder: it stays as typed. A name has letters, digits and _, as in {{name}}.',
};
// Prompts from elsewhere may hold hundreds of braces of another language; a few say enough.
const mostAdvice = 50;

export type PlaceholderFixes = { declare(name: string): void };

const replaceBy = (name: string, insert: string): Action => ({
  name,
  apply: (view, from, to) => view.dispatch({ changes: { from, to, insert } }),
});

/** What can be done about it with one click. */
function fixesOf(found: Placeholder, typed: string, { declare }: PlaceholderFixes): Action[] {
  const asText = replaceBy('Keep as text', `\\${typed}`);
  if (found.kind === 'placeholder')
    return [
      { name: `Declare ${found.name}`, apply: () => declare(found.name) },
      replaceBy('Remove', ''),
      ...(typed.startsWith('{{') ? [asText] : []),
    ];
  const name = variableNameFrom(typed);
  return [...(name ? [replaceBy(`Change to {{${name}}}`, `{{${name}}}`)] : []), replaceBy('Remove', ''), asText];
}

const placeholderLint = (fixes: PlaceholderFixes) =>
  linter(
    ({ state }) => {
      const variables = state.facet(declaredVariables);
      const diagnostics: Diagnostic[] = [];
      for (const found of findPlaceholders(state.doc.toString())) {
        const kind = standing(found, variables);
        if (kind === 'declared') continue;
        const { from, to } = found;
        const severity = kind === 'undeclared' ? 'warning' : 'info';
        const actions = state.readOnly ? [] : fixesOf(found, state.sliceDoc(from, to), fixes);
        diagnostics.push({ from, to, severity, message: advice[kind](found.name), actions });
        if (diagnostics.length === mostAdvice) break;
      }
      return diagnostics;
    },
    {
      delay: 400,
      needsRefresh: (update) => update.startState.facet(declaredVariables) !== update.state.facet(declaredVariables),
    },
  );

/** Offers the declared names after `{{`, and closes the braces. */
export function completeVariable(context: CompletionContext) {
  const before = context.matchBefore(/\{\{\s*[A-Za-z0-9_]*$/);
  if (!before) return null;
  const typed = before.text.slice(2).trimStart();
  const closed = context.state.sliceDoc(context.pos, context.pos + 2) === '}}';
  return {
    from: context.pos - typed.length,
    validFor: /^[A-Za-z0-9_]*$/,
    options: context.state.facet(declaredVariables).map(({ name, description }) => ({
      label: name,
      detail: description,
      type: 'variable',
      apply: closed ? name : `${name}}}`,
    })),
  };
}

export function placeholders(fixes: PlaceholderFixes): Extension {
  return [
    highlight,
    placeholderLint(fixes),
    keymap.of([{ key: 'Mod-.', run: openLintPanel }, ...lintKeymap]),
    autocompletion({ override: [completeVariable], icons: false }),
  ];
}
