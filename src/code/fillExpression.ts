import type { Fill, SourcePart } from './sourceParts.ts';

/** `expression` gives the text; `of` is what it formats, after which it can be named. */
export type Expression = { expression: string; of: string };

/** What a substitution puts in, as an expression that gives the same text outside of its literal. */
export function fillExpression(text: string, part: SourcePart, fill: Fill, languageId: string): Expression {
  const inside = text.slice(fill.from, fill.to).trim();
  return { expression: written(text, part, fill, languageId), of: inside };
}

function written(text: string, part: SourcePart, fill: Fill, languageId: string): string {
  const inside = text.slice(fill.from, fill.to).trim();
  const whole = text.slice(fill.start, fill.end);
  switch (languageId) {
    case 'python': {
      if (!hasFormat(inside, /^(?::|![rsa](?=:|$)|=\s*(?:$|[:!]))/)) return inside;
      return text.slice(part.opener.start, part.opener.end) + whole + text.slice(part.to, part.end);
    }
    case 'csharp':
      return hasFormat(inside, /^(?:,|:(?!:))/) ? `$"{${inside}}"` : inside;
    case 'php':
      return phpExpression(whole, inside);
    case 'shellscript':
      return `"${whole}"`;
    default:
      return inside;
  }
}

/** Whether `mark` stands behind an expression, outside of its brackets and texts. */
function hasFormat(expression: string, mark: RegExp): boolean {
  let depth = 0;
  let quote: string | null = null;
  for (let at = 0; at < expression.length; at += 1) {
    const letter = expression[at]!;
    if (quote !== null) {
      if (letter === '\\') at += 1;
      else if (letter === quote) quote = null;
    } else if (letter === '"' || letter === "'") quote = letter;
    else if ('([{'.includes(letter)) depth += 1;
    else if (')]}'.includes(letter)) depth -= 1;
    else if (depth === 0 && /[:,!=]/.test(letter)) {
      if (letter === ':' && expression[at + 1] === ':') at += 1;
      else if (/[=!<>]/.test(expression[at - 1] ?? '') || expression[at + 1] === '=') continue;
      else if (mark.test(expression.slice(at, at + 40))) return true;
    }
  }
  return false;
}

/** In a text PHP writes `$row[name]` and `${name}` for `$row['name']` and `$name`. */
function phpExpression(whole: string, inside: string): string {
  if (whole.startsWith('{')) return inside;
  if (whole.startsWith('${')) return /^\w+$/.test(inside) ? `$${inside}` : inside;
  return whole.replace(/\[([A-Za-z_]\w*)\]$/, "['$1']");
}
