import { ArchalError, gatewayError } from './errors.js';
import { fetchWithin } from './fetching.js';

const defaultApiUrl = 'http://localhost:8080';

/** The clones that an environment names. */
export function runtime(env = processEnvironment()) {
  return {
    cloneUrl(clone) {
      return urlOf(clone, env);
    },
    routeHeaders() {
      return headersOf(env);
    },
    fetch(clone, path, init) {
      return fetchClone(clone, urlOf(clone, env), headersOf(env), path, init);
    },
  };
}

/** One request to a clone; the gateway's refusals are thrown, the clone's answers are given back whatever they say. */
export async function fetchClone(clone, baseUrl, routing, path, init = {}) {
  const url = within(baseUrl, path, clone);
  const headers = new Headers(init.headers);
  for (const [name, value] of Object.entries(routing)) {
    headers.set(name, value);
  }

  const what = `${init.method ?? 'GET'} ${clone} ${path}`;
  const response = await fetchWithin(url, { ...init, headers }, what);
  if (response.headers.has('x-route-error')) {
    throw await gatewayError(response, what);
  }

  return response;
}

/** Where the management API is, without a slash at its end. */
export function apiUrl(env) {
  return (env.ARCHAL_API_URL || defaultApiUrl).replace(/\/+$/, '');
}

/** The variables of the process; none where there is no process, as on edge workers. */
export function processEnvironment() {
  return globalThis.process?.env ?? {};
}

function urlOf(clone, env) {
  const urls = mapOf('AGENT_CLONE_URLS', env);
  if (urls !== null) {
    return knownUrl(clone, urls, 'AGENT_CLONE_URLS');
  }

  if (env.AGENT_SESSION_ID) {
    return `${apiUrl(env)}/runtime/${encodeURIComponent(env.AGENT_SESSION_ID)}/${encodeURIComponent(clone)}/api`;
  }

  throw notConfigured('Neither AGENT_CLONE_URLS nor AGENT_SESSION_ID is set, so it is not known where the clones are.');
}

/** A clone's base URL in a map of them. */
export function knownUrl(clone, urls, where) {
  if (Object.hasOwn(urls, clone)) {
    return urls[clone].replace(/\/+$/, '');
  }

  throw new ArchalError(`There is no clone "${clone}" in ${where}; there is: ${Object.keys(urls).join(', ') || 'none'}.`, {
    code: 'unknown_clone', source: 'client',
  });
}

function headersOf(env) {
  const headers = mapOf('AGENT_ROUTE_HEADERS', env);
  if (headers !== null) {
    return headers;
  }

  if (env.ARCHAL_TOKEN) {
    return { 'x-route-authorization': `Bearer ${env.ARCHAL_TOKEN.trim()}` };
  }

  throw notConfigured('Neither AGENT_ROUTE_HEADERS nor ARCHAL_TOKEN is set, so there is nothing to open the session with.');
}

function notConfigured(what) {
  return new ArchalError(`${what} Run the program under "archal run -- …", set them, or start a session with session().`, {
    code: 'not_configured', source: 'client',
  });
}

/** A JSON map of texts; null where the variable is not set. What it holds is a secret and is never in the message. */
function mapOf(name, env) {
  if (!env[name]) {
    return null;
  }

  let map;
  try {
    map = JSON.parse(env[name]);
  } catch {
    map = null;
  }

  if (typeof map !== 'object' || map === null || Array.isArray(map) || Object.values(map).some((value) => typeof value !== 'string')) {
    throw new ArchalError(`${name} is not a JSON object of texts, such as {"github":"…"}.`, { code: 'not_configured', source: 'client' });
  }

  return map;
}

/** The URL of a path in the clone. A whole URL is taken too, if it is the clone's: pages of a list name each other so. */
function within(baseUrl, path, clone) {
  const text = String(path);
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `${baseUrl}${/^[/?]/.test(text) || text === '' ? '' : '/'}${text}`;
  const url = new URL(whole).href;
  const base = new URL(baseUrl).href;
  if (url === base || url.startsWith(`${base}/`) || url.startsWith(`${base}?`)) {
    return url;
  }

  throw new ArchalError(`${text} is not at the clone ${clone}, which is at ${baseUrl}. The route header goes nowhere else.`, {
    code: 'foreign_url', source: 'client',
  });
}
