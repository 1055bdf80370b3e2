import { readCsvFormat } from './csvFormat.ts';
import { readJsonFormat, readYamlFormat } from './dataFormat.ts';
import { readFabricFormat } from './fabricFormat.ts';
import type { FormatName } from './fileKinds.ts';
import { readText } from './readText.ts';
import { maxYamlBytes } from './readYaml.ts';
import type { SourceFile } from './sourceFiles.ts';
import { type FormatResult, maxPromptBytes } from './sourcePrompt.ts';
import { readTextFormat } from './textFormat.ts';

type FileReader = (file: SourceFile) => Promise<FormatResult>;

/** A file of many prompts may be larger than one prompt. */
const maxListBytes = 10 * maxPromptBytes;

/** Every format, closed: what is not here cannot be asked for. */
const formats: { readonly [Name in FormatName]: FileReader } = {
  fabric: readFabricFormat,
  markdown: textFile(readTextFormat, maxPromptBytes),
  text: textFile(readTextFormat, maxPromptBytes),
  csv: textFile(readCsvFormat, maxListBytes),
  json: textFile(readJsonFormat, maxListBytes),
  yaml: textFile(readYamlFormat, maxYamlBytes),
};

/** The prompts of a file. Fails with BAD_FILE when the file is not what its format says. */
export function readSourceFile(file: SourceFile): Promise<FormatResult> {
  return formats[file.format](file);
}

function textFile(read: (file: SourceFile, text: string) => FormatResult, maxBytes: number): FileReader {
  return async (file) => {
    const { text, hadByteOrderMark } = await readText(file.absolute, file.shown, maxBytes);
    const result = read(file, text);
    if (hadByteOrderMark) result.notes.unshift({ source: file.shown, note: 'byte order mark left out' });
    const fits = result.prompts.filter((prompt) =>
      prompt.messages.every(({ content }) => Buffer.byteLength(content) <= maxPromptBytes),
    );
    for (const { source } of result.prompts.filter((prompt) => !fits.includes(prompt))) {
      result.skipped.push({ source, reason: 'a message larger than 10 MB' });
    }
    return { ...result, prompts: fits };
  };
}
