import { autocompletion, type CompletionContext } from '@codemirror/autocomplete';
import { type Diagnostic, linter } from '@codemirror/lint';
import { type Extension, Facet, RangeSetBuilder } from '@codemirror/state';
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import type { Variable } from '../../src/vault/types.ts';
import { findPlaceholders, type Placeholder } from '../shared/placeholders.ts';

/** The declared variables, as the editors know them. Set anew through a compartment when the list changes. */
export const declaredVariables = Facet.define<readonly Variable[], readonly Variable[]>({
  combine: (values) => values[0] ?? [],
});

type Standing = 'declared' | 'undeclared' | 'malformed';

function standing(found: Placeholder, variables: readonly Variable[]): Standing {
  if (found.kind === 'malformed') return 'malformed';
  return variables.some(({ name }) => name === found.name) ? 'declared' : 'undeclared';
}

const marks: Record<Standing, Decoration> = {
  declared: Decoration.mark({ class: 'pv-declared' }),
  undeclared: Decoration.mark({ class: 'pv-undeclared' }),
  malformed: Decoration.mark({ class: 'pv-malformed' }),
};

/** Only what is on screen is marked, whole lines at a time. */
function decorate(view: EditorView): DecorationSet {
  const variables = view.state.facet(declaredVariables);
  const builder = new RangeSetBuilder<Decoration>();
  for (const range of view.visibleRanges) {
    const from = view.state.doc.lineAt(range.from).from;
    const text = view.state.doc.sliceString(from, view.state.doc.lineAt(range.to).to);
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

const placeholderLint = linter(
  ({ state }) => {
    const variables = state.facet(declaredVariables);
    const diagnostics: Diagnostic[] = [];
    for (const found of findPlaceholders(state.doc.toString())) {
      const kind = standing(found, variables);
      if (kind === 'declared') continue;
      const severity = kind === 'undeclared' ? 'warning' : 'info';
      diagnostics.push({ from: found.from, to: found.to, severity, message: advice[kind](found.name) });
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

export function placeholders(): Extension {
  return [highlight, placeholderLint, autocompletion({ override: [completeVariable], icons: false })];
}
