/** What the server answered instead of what was asked for. `status` 0: it could not be reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, { code = '', message = '' }: { code?: string; message?: string }) {
    super(message || (status === 0 ? 'The server does not answer.' : `The server answered ${status}.`));
    this.status = status;
    this.code = code;
  }
}

export type Api = ReturnType<typeof createApi>;
type Query = { readonly [name: string]: string | number | undefined | null };
type Ask = { query?: Query; body?: unknown; headers?: { [name: string]: string }; signal?: AbortSignal };

/** The served API with a person's token, sent as a header and never as a part of an address. Fails with ApiError, or AbortError. */
export function createApi(token: string) {
  async function send(path: string, { query = {}, body, headers, signal }: Ask): Promise<Response> {
    const asked = Object.entries(query).flatMap(([name, value]) => (value ? [[name, String(value)]] : []));
    const address = `/v1/${path}${asked.length > 0 ? `?${new URLSearchParams(asked)}` : ''}`;
    const request: RequestInit = {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
      credentials: 'omit',
      redirect: 'error',
    };
    const answer = await fetch(address, request).catch((error: Error) => {
      throw error.name === 'AbortError' ? error : new ApiError(0, {});
    });
    if (answer.ok) return answer;
    const problem = (await answer.json().catch(() => ({}))) as { code?: string; detail?: string; title?: string };
    throw new ApiError(answer.status, { code: problem.code, message: problem.detail ?? problem.title });
  }

  return {
    send,
    async get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
      return (await send(path, { query, signal })).json() as Promise<T>;
    },
    async post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
      return (await send(path, { body, signal })).json() as Promise<T>;
    },
  };
}

/** What a person is told of a failure, and what they can do. */
export function sayFailure(error: unknown): string {
  const { status = -1, message } = error as Partial<ApiError> & Error;
  if (status === 0) return 'The server cannot be reached. Check the connection; the page tries again by itself.';
  if (status === 403) return 'This token may not see that. Ask for one with the scope read.';
  if (status === 429) return 'Too many requests at once. Wait a moment and try again.';
  if (status >= 500) return `The server could not answer (${status}). Try again later.`;
  return message;
}
