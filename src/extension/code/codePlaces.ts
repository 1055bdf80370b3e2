import * as vscode from 'vscode';
import { findReferences, referenceLanguages } from '../../code/findReferences.ts';
import type { PromptReference, TextRange } from '../../code/types.ts';
import { languageOf, listCodeFiles } from './codeFiles.ts';
import { longestText, mostFiles } from './codeLimits.ts';
import { type CodeReader, rangeIn } from './codeReader.ts';

/** A reference in a file of the workspace; `range` is the path with its selector, `pathRange` the path alone. */
export type CodePlace = {
  uri: vscode.Uri;
  reference: PromptReference;
  range: vscode.Range;
  pathRange: vscode.Range;
};
/** `files` is how many were read; `capped` that there are more than are read. */
export type FoundPlaces = { places: CodePlace[]; files: number; capped: boolean };

/** Where the code of the window names prompts. */
export type CodePlaces = {
  /** The references of a vault's folders to these prompts, by file and place. Cancelled, it answers what it has. */
  find(vault: string, paths: readonly string[], token?: vscode.CancellationToken): Promise<FoundPlaces>;
};

type Stored = { mtime: number; size: number; places: CodePlace[] };
/** Files read at the same time; after each lot the extension host gets to others' work. */
const atOnce = 16;

export function createCodePlaces(reader: CodeReader): CodePlaces {
  // What a file said as long as it is the same file; where it is open, what stands in the editor counts.
  const stored = new Map<string, Stored>();

  async function placesIn(uri: vscode.Uri): Promise<CodePlace[]> {
    const { mtime, size } = await vscode.workspace.fs.stat(uri);
    const key = uri.toString();
    const known = stored.get(key);
    if (known?.mtime === mtime && known.size === size) return known.places;
    const language = languageOf(uri);
    const text = size > longestText || !language ? '' : await textOf(uri);
    const references = language ? findReferences(text, language) : [];
    const range = rangesIn(references.length > 0 ? text : '');
    const places = references.map((reference) => placeOf(uri, reference, range));
    stored.set(key, { mtime, size, places });
    return places;
  }

  return {
    async find(vault, paths, token) {
      const wanted = new Set(paths);
      const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => reader.vaultOf(uri) === vault);
      const lists = await Promise.all(folders.map((folder) => listCodeFiles(folder, token)));
      const open = new Map(codeDocuments().map((document) => [document.uri.toString(), document]));
      const untitled = [...open.values()].filter(
        ({ uri }) => uri.scheme === 'untitled' && reader.vaultOf(uri) === vault,
      );
      const listed = lists.flatMap(({ uris }) => uris.filter((uri) => reader.vaultOf(uri) === vault));
      const all = [...listed, ...untitled.map(({ uri }) => uri)];
      // A folder of the window may lie in another one.
      const uris = [...new Map(all.map((uri) => [uri.toString(), uri])).values()];
      if (stored.size > 4 * mostFiles) stored.clear();
      const places: CodePlace[] = [];
      for (let from = 0; from < uris.length && !token?.isCancellationRequested; from += atOnce) {
        const lot = uris.slice(from, from + atOnce).map(async (uri) => {
          const document = open.get(uri.toString());
          // A file may be gone or unreadable by now.
          return document ? placesOf(document, reader) : placesIn(uri).catch(() => []);
        });
        const found = (await Promise.all(lot)).flat();
        places.push(...found.filter(({ reference }) => wanted.has(reference.path)));
        await new Promise((resolve) => setImmediate(resolve));
      }
      return { places, files: uris.length, capped: lists.some(({ capped }) => capped) };
    },
  };
}

const codeDocuments = () =>
  vscode.workspace.textDocuments.filter(
    ({ isClosed, languageId }) => !isClosed && referenceLanguages.includes(languageId),
  );

/** Where an open document names prompts. */
export function placesOf(document: vscode.TextDocument, reader: CodeReader): CodePlace[] {
  const range = (span: TextRange) => rangeIn(document, span);
  return reader.references(document).map((reference) => placeOf(document.uri, reference, range));
}

function placeOf(uri: vscode.Uri, reference: PromptReference, range: (span: TextRange) => vscode.Range): CodePlace {
  const { start, path } = reference;
  return { uri, reference, range: range(reference), pathRange: range({ start, end: start + path.length }) };
}

/** As VS Code would show the file: nearly all code is UTF-8, and what is not is read in the encoding of the settings. */
async function textOf(uri: vscode.Uri): Promise<string> {
  const bytes = await vscode.workspace.fs.readFile(uri);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return vscode.workspace.decode(bytes, { uri });
  }
}

/** Turns offsets of a text into places as VS Code counts them. */
function rangesIn(text: string): (span: TextRange) => vscode.Range {
  const starts = [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), (mark) => mark.index + mark[0].length)];
  const position = (offset: number) => {
    let line = 0;
    for (let after = starts.length; after - line > 1; ) {
      const middle = (line + after) >> 1;
      if (starts[middle]! <= offset) line = middle;
      else after = middle;
    }
    return new vscode.Position(line, offset - starts[line]!);
  };
  return ({ start, end }) => new vscode.Range(position(start), position(end));
}
