type Named = { metric?: string; checks?: readonly Named[] };

/** The metrics that checks name, those inside groups too, each once in the order they come. */
export function metricNames(checks: readonly Named[]): string[] {
  const names = checks.flatMap(({ metric, checks: inner = [] }) => [
    ...(metric === undefined ? [] : [metric]),
    ...metricNames(inner),
  ]);
  return [...new Set(names)];
}
