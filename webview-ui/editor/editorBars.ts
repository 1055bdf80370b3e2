import { html, nothing, type TemplateResult } from 'lit';
import { actionButton, bar, linkButton, skeleton } from '../shared/pieces.ts';
import { productionPeriod } from '../shared/versionFacts.ts';
import type { EditorView } from './editorStore.ts';

type Whole = { retry: () => void; showLog: () => void };

/** The page when there is no version to show; null when there is. */
export function editorState(view: EditorView, does: Whole): TemplateResult | null {
  if (view.phase === 'ready') return null;
  // What comes within 200 ms needs no placeholder: the style sheet delays it.
  if (view.phase === 'loading') return html`<div class="whole loading">${skeleton(8)}</div>`;
  if (view.phase === 'gone')
    return html`<div class="whole" role="alert"><p>${view.goneReason}</p><p class="quiet">Choose another version in the Versions view.</p></div>`;
  return html`<div class="whole" role="alert">
    <p>This version could not be opened. ${view.failure?.message ?? ''}</p>
    <div class="row">${actionButton({ label: 'Retry', primary: true, run: does.retry })}${linkButton('Show log', does.showLog)}</div>
  </div>`;
}

type Bars = {
  compare: () => void;
  overwrite: () => void;
  reload: () => void;
  createVersion: () => void;
  showLog: () => void;
  dismiss: () => void;
};

/** The lines between header and page: why it is locked, what somebody else did, what went wrong. */
export function editorBars(view: EditorView, does: Bars) {
  const { state, conflict, failure, notice } = view;
  return [
    state?.readOnlyReason
      ? bar({ kind: 'info', text: lockedText(view), actions: createLink(view, does.createVersion) })
      : nothing,
    conflict
      ? bar({
          kind: 'warning',
          text: `${conflict.updatedBy} saved revision ${conflict.revision} while you were editing`,
          actions: [
            linkButton('Compare', does.compare),
            linkButton('Overwrite', does.overwrite),
            linkButton('Reload', does.reload),
          ],
        })
      : nothing,
    failure
      ? bar({
          kind: 'error',
          text: failure.message,
          actions: [linkButton('Show log', does.showLog), linkButton('Dismiss', does.dismiss)],
        })
      : nothing,
    notice ? bar({ kind: 'info', text: notice, actions: [linkButton('Dismiss', does.dismiss)] }) : nothing,
  ];
}

/** Period and reason, each once: the host may say the period itself. */
function lockedText({ state }: EditorView): string {
  const reason = state?.readOnlyReason ?? '';
  const period = state ? productionPeriod(state.version, new Date()) : null;
  return period && !reason.includes('roduction since') && !reason.includes('→') ? `${period}. ${reason}` : reason;
}

function createLink({ state }: EditorView, run: () => void) {
  const frozen = state && !state.rules.actions.edit.allowed && state.rules.actions.createVersion.allowed;
  return frozen ? [linkButton('Create New Version', run)] : [];
}
