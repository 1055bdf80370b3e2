/// <reference types="vscode-webview" />

// VS Code hands the API out once per page.
const api = acquireVsCodeApi<unknown>();

export function postToHost(message: unknown): void {
  api.postMessage(message);
}

/** What survives a reload of the window: ids only, never a prompt's text. */
export function readState<State>(): State | undefined {
  return api.getState() as State | undefined;
}

export function writeState<State>(state: State): void {
  api.setState(state);
}
