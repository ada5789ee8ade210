/** Whose answer an error is: of the gateway (it has `x-route-error`), of the clone, or of nobody (`client`: nothing was answered). */
export type ErrorSource = 'gateway' | 'clone' | 'client';

/** What went wrong, to what, and who says so. */
export class ArchalError extends Error {
  readonly name: 'ArchalError';
  /** The HTTP status; null where there was no answer. */
  readonly status: number | null;
  /**
   * Of the gateway, its code, such as `credential_revoked` or `session_ended`; of the clone, `http_<status>`; of the client, one of
   * `timeout`, `unreachable`, `not_configured`, `unknown_clone`, `foreign_url`.
   */
  readonly code: string;
  readonly source: ErrorSource;
  /** `x-archal-request-id` of the gateway's answer, which is in its log too. */
  readonly requestId: string | null;
  /** Of the gateway, the envelope's `detail`; of the clone, its body as an object. */
  readonly detail: unknown;
  readonly retryAfterSeconds: number | null;
}

export interface CloneRequestInit extends RequestInit {
  /** Milliseconds until the last byte of the answer, 15 000 by default; `Infinity` for streams that stay open. */
  timeoutMs?: number;
}

export interface Runtime {
  /** The clone's base URL, without a slash at its end. Throws `unknown_clone` and `not_configured`. */
  cloneUrl(clone: string): string;
  /** What opens the session: a secret, for the clones' URLs alone. Throws `not_configured`. */
  routeHeaders(): Record<string, string>;
  /**
   * One request to a clone, with the route header beside the headers given; `Authorization` is the service's and is left alone.
   * The clone's answers come back whatever their status. Throws an `ArchalError` for the gateway's refusals, `timeout` and
   * `unreachable`; what the given `signal` was aborted with is thrown as it is.
   */
  fetch(clone: string, path: string | URL, init?: CloneRequestInit): Promise<Response>;
}

export interface Session extends Runtime, AsyncDisposable {
  readonly id: string;
  /** When it ends by itself, in ISO 8601. */
  readonly expiresAt: string;
  readonly cloneUrls: Readonly<Record<string, string>>;
  /** Ends the session; when it returns, no request of it is admitted any more. Twice is harmless. */
  stop(): Promise<void>;
}

/** The body of `POST /api/sessions`. */
export interface SessionRequest {
  clones: string[];
  /** Clone → the seed that it starts from. */
  seeds?: Record<string, string>;
  /** Seconds until it ends by itself, 1 to 86 400. */
  ttlSeconds?: number;
  /** How many requests the whole session may make. */
  rateLimit?: number;
  name?: string;
  labels?: Record<string, string>;
}

export type Environment = Record<string, string | undefined>;

export interface SessionOptions {
  /** Where the variables are; the process's by default. */
  env?: Environment;
  /** `ARCHAL_TOKEN` by default. */
  token?: string;
  /** `ARCHAL_API_URL` by default, and `http://localhost:8080` where that is not set. */
  apiUrl?: string;
  /** Milliseconds for starting, and for stopping; 15 000 by default. */
  timeoutMs?: number;
}

export const cloneUrl: Runtime['cloneUrl'];
export const routeHeaders: Runtime['routeHeaders'];
export const cloneFetch: Runtime['fetch'];

/** The same functions over variables that are not the process's, as edge workers are given them. */
export function runtime(env?: Environment): Runtime;

/** Starts a session. Throws an `ArchalError`. */
export function session(request: SessionRequest, options?: SessionOptions): Promise<Session>;

/** Gives a good answer back; throws an `ArchalError` of the source `clone` for one of 300 and above. */
export function ensureOk(response: Response): Promise<Response>;
