import { z } from 'zod';

/** What the server answers when it refuses: a code to quote, a sentence in each language, the number of the request. */
const refusalAnswer = z.object({
  code: z.string(),
  zh: z.string(),
  en: z.string(),
  requestId: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});

/** The server understood the request and refused it. `status` 0 never occurs here. */
export class ApiRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly zh: string,
    readonly en: string,
    readonly requestId: string,
    readonly details: Readonly<Record<string, unknown>>,
  ) {
    super(code);
    this.name = 'ApiRefusal';
  }
}

/** No answer arrived: whether the server acted is unknown. Repeat only with the same idempotency key. */
export class ApiUnreachable extends Error {
  constructor(readonly reason: unknown) {
    super('unreachable');
    this.name = 'ApiUnreachable';
  }
}

/** An answer arrived that does not fit the contract: page and server are of different versions, or something stands between. */
export class ApiMisunderstood extends Error {
  constructor(readonly status: number, readonly requestId: string, readonly reason: unknown) {
    super('misunderstood');
    this.name = 'ApiMisunderstood';
  }
}

export type ApiMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What is about to be sent; `bodyText` is the exact body, so that a device can sign it. */
export interface OutgoingRequest {
  readonly method: ApiMethod;
  /** Path with query, as the server sees it: `/api/v1/…`. */
  readonly path: string;
  readonly bodyText: string;
}

export interface ApiCall<Answer> {
  readonly method: ApiMethod;
  /** Path below `/api/v1`, ids already encoded: `/seniors/…`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  readonly body?: unknown;
  /** Schema of the answer; `null` for answers without a body. */
  readonly answer: z.ZodType<Answer> | null;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

export interface ApiOptions {
  /** Headers that prove who asks: the CSRF token of a staff session, the signature of a device. */
  readonly authorise: (request: OutgoingRequest) => Promise<Record<string, string>> | Record<string, string>;
  /** Told of each refusal, before it is thrown: a page sends the user to sign in again after 401. */
  readonly onRefusal?: (refusal: ApiRefusal) => void;
}

export interface Api {
  /** @throws ApiRefusal, ApiUnreachable, ApiMisunderstood */
  call<Answer>(call: ApiCall<Answer>): Promise<Answer>;
  /** The same for files: the answer's bytes and the file name that the server gave. */
  download(call: Omit<ApiCall<never>, 'answer'>): Promise<{ blob: Blob; fileName: string }>;
}

const PREFIX = '/api/v1';

function pathWithQuery(call: Pick<ApiCall<unknown>, 'path' | 'query'>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return `${PREFIX}${call.path}${text === '' ? '' : `?${text}`}`;
}

async function refusalOf(response: Response): Promise<ApiRefusal | ApiMisunderstood> {
  const requestId = response.headers.get('x-request-id') ?? '';
  const parsed = refusalAnswer.safeParse(await response.json().catch(() => null));
  if (!parsed.success) return new ApiMisunderstood(response.status, requestId, parsed.error);
  const { code, zh, en, details } = parsed.data;
  return new ApiRefusal(response.status, code, zh, en, parsed.data.requestId ?? requestId, details ?? {});
}

function fileNameOf(response: Response): string {
  const disposition = response.headers.get('content-disposition') ?? '';
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  if (encoded !== undefined) return decodeURIComponent(encoded);
  return /filename="?([^";]+)"?/i.exec(disposition)?.[1] ?? 'download';
}

/** A client of the product's API for one kind of caller. Knows no route: pages name path, body and the answer's schema. */
export function createApi(options: ApiOptions): Api {
  async function send(call: Omit<ApiCall<unknown>, 'answer'>): Promise<Response> {
    const path = pathWithQuery(call);
    const bodyText = call.body === undefined ? '' : JSON.stringify(call.body);
    const headers: Record<string, string> = {
      accept: 'application/json',
      ...(bodyText === '' ? {} : { 'content-type': 'application/json' }),
      ...(call.idempotencyKey === undefined ? {} : { 'idempotency-key': call.idempotencyKey }),
      ...(await options.authorise({ method: call.method, path, bodyText })),
    };
    let response: Response;
    try {
      response = await fetch(path, {
        method: call.method,
        headers,
        credentials: 'same-origin',
        cache: 'no-store',
        ...(bodyText === '' ? {} : { body: bodyText }),
        ...(call.signal === undefined ? {} : { signal: call.signal }),
      });
    } catch (reason) {
      throw new ApiUnreachable(reason);
    }
    if (response.ok) return response;
    const refusal = await refusalOf(response);
    if (refusal instanceof ApiRefusal) options.onRefusal?.(refusal);
    throw refusal;
  }

  return {
    async call<Answer>(call: ApiCall<Answer>): Promise<Answer> {
      const response = await send(call);
      if (call.answer === null) return undefined as Answer;
      const parsed = call.answer.safeParse(await response.json().catch(() => null));
      if (!parsed.success) {
        throw new ApiMisunderstood(response.status, response.headers.get('x-request-id') ?? '', parsed.error);
      }
      return parsed.data;
    },
    async download(call) {
      const response = await send(call);
      return { blob: await response.blob(), fileName: fileNameOf(response) };
    },
  };
}
