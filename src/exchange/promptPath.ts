const segmentPattern = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const maxSegment = 100;
const maxTitle = 200;

// Letters that Unicode's decomposition leaves whole, though readers know a Latin spelling.
const spellings: { readonly [letter: string]: string } = {
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  ł: 'l',
  Ł: 'L',
  þ: 'th',
  Þ: 'Th',
  ı: 'i',
  ħ: 'h',
  Ħ: 'H',
};

/** A segment of a path as the vault spells it. What is legal already stays as it is; '' when no letter is left. */
export function pathSegment(text: string): string {
  if (segmentPattern.test(text) && text.length <= maxSegment) return text;
  const latin = [...text.trim()].map((letter) => spellings[letter] ?? letter).join('');
  return latin
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[._-]+/, '')
    .slice(0, maxSegment)
    .replace(/[.-]+$/, '');
}

/** A path in the vault from any text with `/` or `\` between its parts. Segments without a Latin letter are called `prompt`. */
export function promptPath(name: string): string {
  const parts = name.split(/[/\\]/).filter((part) => part.trim() !== '' && part !== '.');
  return parts.map((part) => pathSegment(part) || 'prompt').join('/') || 'prompt';
}

/** Whether a path written in a file is one at all: not absolute, not upwards, not empty. */
export function isRelativePath(name: string): boolean {
  if (name.trim() === '' || /^([/\\]|[A-Za-z]:)/.test(name)) return false;
  return !name.split(/[/\\]/).some((part) => part.trim() === '..');
}

/** A title as the vault keeps one: a single trimmed line. A name may hold line breaks, and a row of a table often does. */
export function titleLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length <= maxTitle ? line : `${line.slice(0, maxTitle - 1).trimEnd()}…`;
}
