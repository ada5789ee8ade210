import { ArchalError } from './errors.js';

/** Milliseconds until the last byte of the answer, unless a call says otherwise. */
export const defaultTimeoutMs = 15_000;

const mostRedirects = 5;

/**
 * `fetch` with a limit of time, and with redirects that stay on the server they began on: `fetch` itself takes the route header along
 * to whatever host an answer names.
 */
export async function fetchWithin(url, { timeoutMs = defaultTimeoutMs, signal, redirect = 'follow', ...init }, what) {
  const limit = timeoutMs === Infinity ? null : AbortSignal.timeout(timeoutMs);
  const signals = [limit, signal].filter((one) => one != null);
  const call = { ...init, signal: signals.length === 0 ? undefined : AbortSignal.any(signals), redirect: redirect === 'follow' ? 'manual' : redirect };
  try {
    let response = await fetch(url, call);
    for (let redirects = 0; redirect === 'follow' && redirects < mostRedirects; redirects++) {
      const next = redirectOf(response, init.method ?? 'GET');
      if (next === null) {
        break;
      }

      await response.body?.cancel();
      response = await fetch(next, call);
    }

    return response;
  } catch (failure) {
    if (signal?.aborted) {
      throw failure; // Its caller's own wish, with his own reason.
    }

    if (limit?.aborted) {
      throw new ArchalError(`${what}: no answer from ${url} within ${timeoutMs} ms. Give a longer timeoutMs if that is to be expected.`, {
        code: 'timeout', source: 'client', cause: failure,
      });
    }

    const why = failure?.cause?.code ?? failure?.cause?.message ?? failure?.message;
    throw new ArchalError(`${what}: ${url} could not be reached (${why}). Is the control plane running there?`, {
      code: 'unreachable', source: 'client', cause: failure,
    });
  }
}

/** Where a reading call goes on to; null: this is the answer. */
function redirectOf(response, method) {
  const location = response.headers.get('location');
  if (response.status < 301 || response.status > 308 || response.status === 304 || location === null || !['GET', 'HEAD'].includes(method.toUpperCase())) {
    return null;
  }

  const from = new URL(response.url);
  const next = new URL(location, from);
  return next.origin === from.origin ? next : null;
}
