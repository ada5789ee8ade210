import { ArchalError, gatewayError } from './errors.js';
import { fetchWithin } from './fetching.js';
import { apiUrl, fetchClone, knownUrl, processEnvironment } from './runtime.js';

const asyncDispose = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose');

/** Starts a session; whoever starts it stops it. */
export async function session(request, { env = processEnvironment(), token = env.ARCHAL_TOKEN, apiUrl: url = apiUrl(env), timeoutMs } = {}) {
  if (!token) {
    throw new ArchalError('There is no token to start a session with: set ARCHAL_TOKEN, or give { token }.', {
      code: 'not_configured', source: 'client',
    });
  }

  const credential = `Bearer ${token.trim()}`;
  const sessions = `${url.replace(/\/+$/, '')}/api/sessions`;
  const call = {
    method: 'POST',
    headers: { authorization: credential, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify(request),
    timeoutMs,
  };
  const started = await (await manage(sessions, call, 'Starting a session')).json();
  return new Session(started, credential, sessions, timeoutMs);
}

class Session {
  #credential;
  #sessions;
  #timeoutMs;
  #stopped = null;

  constructor(started, credential, sessions, timeoutMs) {
    this.id = started.sessionId;
    this.expiresAt = started.expiresAt;
    this.cloneUrls = Object.freeze({ ...started.apiBaseUrls });
    this.#credential = credential;
    this.#sessions = sessions;
    this.#timeoutMs = timeoutMs;
  }

  cloneUrl(clone) {
    return knownUrl(clone, this.cloneUrls, `session ${this.id}`);
  }

  routeHeaders() {
    return { 'x-route-authorization': this.#credential };
  }

  fetch(clone, path, init) {
    return fetchClone(clone, this.cloneUrl(clone), this.routeHeaders(), path, init);
  }

  /** Twice is harmless; after a failure it can be asked for again. */
  stop() {
    this.#stopped ??= this.#end().catch((failure) => {
      this.#stopped = null;
      throw failure;
    });
    return this.#stopped;
  }

  [asyncDispose]() {
    return this.stop();
  }

  async #end() {
    const call = { method: 'DELETE', headers: { authorization: this.#credential }, timeoutMs: this.#timeoutMs };
    const response = await manage(`${this.#sessions}/${encodeURIComponent(this.id)}`, call, `Stopping session ${this.id}`);
    await response.body?.cancel();
  }
}

/** A call whose connection broke is made once more: both calls mean the same when they are made twice. */
async function manage(url, call, what) {
  let response;
  try {
    response = await fetchWithin(url, call, what);
  } catch (failure) {
    if (failure.code !== 'unreachable') {
      throw failure;
    }

    response = await fetchWithin(url, call, what);
  }

  if (!response.ok) {
    throw await gatewayError(response, what);
  }

  return response;
}
