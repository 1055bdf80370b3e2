import { createMessageConnection } from 'vscode-jsonrpc/browser';
import type { PanelContract } from '../../src/engine/panels.ts';
import { createPanelClient, type PanelClient } from './panelClient.ts';
import { portTransport } from './transport.ts';
import { postToHost } from './vscodeApi.ts';

/** The line to the extension. The host listens before the page is loaded, so the first call is the announcement. */
export function connectToHost<Contract extends PanelContract>(): PanelClient<Contract> {
  const { reader, writer } = portTransport({
    post: postToHost,
    listen(listener) {
      const hear = (event: MessageEvent) => listener(event.data);
      window.addEventListener('message', hear);
      return () => window.removeEventListener('message', hear);
    },
  });
  const connection = createMessageConnection(reader, writer);
  connection.listen();
  return createPanelClient<Contract>(connection);
}
