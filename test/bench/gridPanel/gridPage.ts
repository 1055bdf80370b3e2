import type { LabNews, LabRun } from '../../../src/engine/panels.ts';
import type { RunResult } from '../../../src/lab/types.ts';
import '../../../webview-ui/lab/resultGrid.ts';
import { applyNews } from '../../../webview-ui/lab/applyNews.ts';
import { type GridModel, gridModel, settle } from '../../../webview-ui/lab/gridModel.ts';
import type { ResultGridElement } from '../../../webview-ui/lab/resultGrid.ts';

type Message = { at: number; packed?: LabRun; whole?: RunResult; news?: LabNews };
type Frames = { perSecond: number; p95Ms: number };
declare function acquireVsCodeApi(): { postMessage(message: unknown): void };
declare global {
  interface Window {
    /** Milliseconds from the extension's post until the page has painted it. */
    paint(how: 'packed' | 'whole', cells: number): Promise<number>;
    /** While sixty cells stream into 3,000. */
    streamFrames(how: 'grid' | 'table'): Promise<Frames>;
  }
}

const api = acquireVsCodeApi();
const root = document.querySelector<HTMLElement>('#root')!;
const now = () => performance.timeOrigin + performance.now();
let hear: (message: Message) => void = () => undefined;
addEventListener('message', ({ data }: MessageEvent<Message>) => hear(data));

/** A message posted before a paint arrives after it. */
const painted = () =>
  new Promise<void>((done) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done();
      port2.postMessage(null);
    }),
  );

function showGrid(model: GridModel): ResultGridElement {
  const grid = document.createElement('pv-grid') as ResultGridElement;
  Object.assign(grid, { model, rows: model.rows });
  grid.style.height = '100%';
  root.replaceChildren(grid);
  return grid;
}

/** What a page without our grid would do: every cell a cell of one table. */
function showTable(width: number, texts: readonly string[]): void {
  const height = texts.length / width;
  const table = document.createElement('table');
  for (let row = 0; row < height; row += 1) {
    const line = table.insertRow();
    for (let column = 0; column < width; column += 1) line.insertCell().textContent = texts[column * height + row]!;
  }
  root.replaceChildren(table);
}

window.paint = async (how, cells) => {
  root.replaceChildren();
  await painted();
  const message = await new Promise<Message>((done) => {
    hear = done;
    api.postMessage({ ask: how, cells });
  });
  if (message.packed) showGrid(gridModel(message.packed));
  else
    showTable(
      3,
      message.whole!.cells.map(({ output }) => output),
    );
  await painted();
  return now() - message.at;
};

window.streamFrames = async (how) => {
  const message = await new Promise<Message>((done) => {
    hear = done;
    api.postMessage({ ask: 'stream', cells: 3000 });
  });
  const model = gridModel(message.packed!);
  const texts = model.states.map((_, index) => model.texts.get(index) ?? 'word '.repeat(60));
  const grid = how === 'grid' ? showGrid(model) : null;
  let version = 0;
  let asked = false;
  const draw = () => {
    asked = false;
    settle(model);
    if (grid) Object.assign(grid, { news: ++version });
    else showTable(3, texts);
  };
  await new Promise<void>((begun) => {
    hear = ({ news }) => {
      begun();
      if (!news) return;
      applyNews(model, news);
      for (const [index, text] of news.texts) texts[index] += text;
      if (!asked) requestAnimationFrame(draw);
      asked = true;
    };
  });
  return countFrames(3000);
};

function countFrames(forMs: number): Promise<Frames> {
  return new Promise((done) => {
    const times: number[] = [];
    const tick = (at: number) => {
      times.push(at);
      if (at - times[0]! < forMs) return requestAnimationFrame(tick);
      const gaps = times.slice(1).map((time, n) => time - times[n]!);
      const sorted = [...gaps].sort((a, b) => a - b);
      const p95Ms = sorted[Math.floor(sorted.length * 0.95)]!;
      return done({ perSecond: (gaps.length * 1000) / (at - times[0]!), p95Ms });
    };
    requestAnimationFrame(tick);
  });
}
