import * as vscode from 'vscode';
import { packRun } from '../../../src/extension/labCells.ts';
import { createLabNews } from '../../../src/extension/labNews.ts';
import type { RunResult } from '../../../src/lab/types.ts';
import { createSampleRun } from '../../support/panelHarness/sampleRun.ts';

const words = 'the customer asks why the refund of a card payment is not on the account after ten working days';
const streamed = 60;
const streamMs = 4000;

/** Three columns of answers of 60 words each. */
function resultOf(cells: number, status: 'done' | 'running'): RunResult {
  const cases = Array.from({ length: cells / 3 }, (_, at) => ({
    ...{ id: String(at + 1), name: `Case ${at + 1}: ${words.slice(0, 40)}`, variables: {}, checks: [] },
  }));
  const setup = { refs: ['a@1.0'], models: ['x:a', 'x:b', 'x:c'], casesFile: 'c.csv', repeat: 1, maxCostUsd: null };
  const run = createSampleRun({ id: 'r', setup, cases, tell: () => undefined });
  run.finishAtOnce();
  const result = run.result();
  const long = result.cells.map((cell, at) => ({ ...cell, output: `${at} ${words} ${words} ${words}` }));
  return { ...result, run: { ...result.run, status }, cells: long };
}

/** A panel that sends what the page asks for, with the moment it was sent. */
export function activate(context: vscode.ExtensionContext): void {
  const panel = vscode.window.createWebviewPanel('grid', 'Grid', vscode.ViewColumn.Active, { enableScripts: true });
  const { webview } = panel;
  const uri = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(context.extensionUri, file));
  const send = (message: object) => void webview.postMessage({ ...message, at: Date.now() });
  webview.onDidReceiveMessage(({ ask, cells }: { ask: 'packed' | 'whole' | 'stream'; cells: number }) => {
    const result = resultOf(cells, ask === 'stream' ? 'running' : 'done');
    if (ask === 'whole') return send({ whole: result });
    // Packing is part of what it takes: the clock starts before.
    const at = Date.now();
    void webview.postMessage({ packed: packRun(result), at });
    if (ask === 'stream') setTimeout(stream, 500);
  });
  webview.html = `<!DOCTYPE html><link rel="stylesheet" href="${uri('codicon.css')}" id="vscode-codicon-stylesheet">
    <style>body { margin: 0; padding: 0; } #root { height: 100vh; overflow: auto; }</style><div id="root"></div><script src="${uri('page.js')}"></script>`;

  /** Sixty cells in the rows on the screen get a word every 50 ms each, as engines tell it. */
  function stream(): void {
    const news = createLabNews((one) => send({ news: one }));
    const ticker = setInterval(() => {
      for (let at = 0; at < streamed; at += 1) {
        const index = (at % 3) * 1000 + Math.floor(at / 3);
        news.take({ type: 'text', runId: 'r', index, text: ' word' });
      }
    }, 50);
    setTimeout(() => clearInterval(ticker), streamMs);
  }
}
