import type { CallSiteProblem, TextRange } from '../../code/types.ts';
import type { AuditProblem, Place } from './auditTypes.ts';

/** Where offsets of a text stand in its file. */
export function placesIn(file: string, text: string): (range: TextRange) => Place {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const position = (offset: number): [line: number, column: number] => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return [low + 1, offset - starts[low]! + 1];
  };
  return ({ start, end }) => {
    const [line, column] = position(start);
    const [endLine, endColumn] = position(end);
    return { file, line, column, endLine, endColumn };
  };
}

/** A problem with a call as a report has it. */
export function problemAt(
  { code, severity, message, variable, reference }: CallSiteProblem,
  place: Place,
): AuditProblem {
  return { ...place, code, severity, message, path: reference.path, variable };
}
