import { type DocumentNode, GraphQLError, Kind, type SelectionSetNode } from 'graphql';

/** What a query may ask for at once. Introspection is deeper, and its own depth is limited by the library; its fields count as any. */
export const graphqlLimits = { tokens: 2000, depth: 8, fields: 500, roots: 10 };

type Weight = { depth: number; fields: number };

/** The errors of a valid document that asks for too much: fragments are counted at each place that spreads them. */
export function overLimits(document: DocumentNode): GraphQLError[] {
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one.selectionSet] as const] : [],
    ),
  );
  const known = new Map<SelectionSetNode, Weight>();

  /** The fields right in a selection, those of its fragments included. */
  const partsOf = (set: SelectionSetNode) =>
    set.selections.map((one) => {
      if (one.kind === Kind.FIELD) {
        return { own: 1, below: one.selectionSet, introspects: one.name.value.startsWith('__') };
      }
      const inner = one.kind === Kind.INLINE_FRAGMENT ? one.selectionSet : fragments.get(one.name.value);
      return { own: 0, below: inner, introspects: false };
    });
  function weigh(set: SelectionSetNode): Weight {
    const before = known.get(set);
    if (before) return before;
    const parts = partsOf(set).map(({ own, below, introspects }) => {
      const inner = below ? weigh(below) : { depth: 0, fields: 0 };
      return { depth: own + (introspects ? 0 : inner.depth), fields: own + inner.fields };
    });
    const weight = {
      depth: Math.max(0, ...parts.map(({ depth }) => depth)),
      fields: parts.reduce((sum, { fields }) => sum + fields, 0),
    };
    known.set(set, weight);
    return weight;
  }
  const rootsOf = (set: SelectionSetNode): number =>
    partsOf(set).reduce((sum, { own, below }) => sum + (own || (below ? rootsOf(below) : 0)), 0);

  return document.definitions.flatMap((one) => {
    if (one.kind !== Kind.OPERATION_DEFINITION) return [];
    const { depth, fields } = weigh(one.selectionSet);
    const found = { depth, fields, roots: fields > graphqlLimits.fields ? 0 : rootsOf(one.selectionSet) };
    return (['depth', 'fields', 'roots'] as const)
      .filter((what) => found[what] > graphqlLimits[what])
      .map((what) => new GraphQLError(`The query asks for too much at once: ${what} over ${graphqlLimits[what]}`));
  });
}
