import { runtime } from './runtime.js';

export { ArchalError, ensureOk } from './errors.js';
export { runtime } from './runtime.js';
export { session } from './session.js';

// The environment is read at each call: a worker may have none when the module is loaded.
export const cloneUrl = (clone) => runtime().cloneUrl(clone);
export const routeHeaders = () => runtime().routeHeaders();
export const cloneFetch = (clone, path, init) => runtime().fetch(clone, path, init);
