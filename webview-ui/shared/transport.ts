import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Message,
  type MessageReader,
  type MessageWriter,
} from 'vscode-jsonrpc';

/** One way to post a message and one to hear them: the raw JSON-RPC objects travel as they are. */
export type Port = { post(message: unknown): void; listen(listener: (message: unknown) => void): () => void };

/** Messages of anybody else (VS Code's own, other extensions') pass by. */
export function isRpcMessage(data: unknown): data is Message {
  return typeof data === 'object' && data !== null && (data as { jsonrpc?: unknown }).jsonrpc === '2.0';
}

class PortReader extends AbstractMessageReader implements MessageReader {
  readonly #port: Port;

  constructor(port: Port) {
    super();
    this.#port = port;
  }

  listen(callback: DataCallback) {
    const stop = this.#port.listen((data) => {
      if (isRpcMessage(data)) callback(data);
    });
    return { dispose: stop };
  }
}

class PortWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #port: Port;

  constructor(port: Port) {
    super();
    this.#port = port;
  }

  async write(message: Message): Promise<void> {
    this.#port.post(message);
  }

  end(): void {}
}

export function portTransport(port: Port): { reader: MessageReader; writer: MessageWriter } {
  return { reader: new PortReader(port), writer: new PortWriter(port) };
}
