import type * as vscode from 'vscode';

/** What a test run was told, by the id of the item. */
export type RecordedRun = {
  preserveFocus: boolean;
  ended: boolean;
  output: string;
  stateOf(id: string): string | undefined;
  messagesOf(id: string): readonly vscode.TestMessage[];
};

const states = ['passed', 'failed', 'errored', 'skipped'] as const;

/** Listens to the runs and profiles that are made of a controller; VS Code gets all of it as before. */
export function recordRuns(controller: vscode.TestController) {
  const recorded: RecordedRun[] = [];
  const profiles: vscode.TestRunProfile[] = [];
  const { createTestRun, createRunProfile } = controller;

  controller.createRunProfile = (...given) => {
    const profile = createRunProfile.apply(controller, given);
    profiles.push(profile);
    return profile;
  };
  controller.createTestRun = (request, ...given) => {
    const run = createTestRun.call(controller, request, ...given);
    const told = new Map<string, { state: string; messages: vscode.TestMessage[] }>();
    const record = {
      preserveFocus: request.preserveFocus,
      ended: false,
      output: '',
      stateOf: (id: string) => told.get(id)?.state,
      messagesOf: (id: string) => told.get(id)?.messages ?? [],
    };
    recorded.push(record);
    for (const state of states) {
      const tell = run[state] as (item: vscode.TestItem, ...more: unknown[]) => void;
      run[state] = (item: vscode.TestItem, ...more: unknown[]) => {
        const [messages] = more;
        told.set(item.id, {
          state,
          messages: typeof messages === 'object' ? [messages as vscode.TestMessage].flat() : [],
        });
        tell.call(run, item, ...more);
      };
    }
    const { appendOutput, end } = run;
    run.appendOutput = (text, ...more) => {
      record.output += text;
      appendOutput.call(run, text, ...more);
    };
    run.end = () => {
      record.ended = true;
      end.call(run);
    };
    return run;
  };
  return {
    all: (): readonly RecordedRun[] => recorded,
    clear: () => void recorded.splice(0),
    profile: () => profiles[0]!,
  };
}
