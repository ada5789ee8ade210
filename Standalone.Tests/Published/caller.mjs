// Calls the running program and holds every answer to the description.

/** Statuses that every operation of ours has besides those that the published description names for it, and why. */
const BESIDES = {
  400: 'a query, path or body that breaks its schema',
  403: 'a credential without the scope, or for another session',
  413: 'a body that is too large',
  422: 'an Idempotency-Key that was used for another request',
  429: 'a quota or a guard rail',
};

export class Caller {
  seen = new Map();
  problems = [];
  calls = 0;

  constructor(description, url) {
    Object.assign(this, { description, url });
    this.refusal = { $ref: '#/components/schemas/ErrorResponse' };
  }

  /** Sends one request; the answer's status and JSON. What is wrong with the answer is noted. `expect`: the statuses that this call may have. */
  async ask(id, { path = {}, query, headers = {}, token, route, body, raw, expect, about = '' } = {}) {
    const operation = this.description.operation(id);
    const target = operation.path.replace(/{(\w+)}/g, (_, name) => path[name] ?? `no-${name}`)
      + (query ? `?${new URLSearchParams(query)}` : '');
    const answer = await fetch(new URL(target, this.url), {
      method: operation.method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(route && { 'x-route-authorization': `Bearer ${route}`, authorization: 'Bearer a-service-token' }),
        ...((body !== undefined || raw !== undefined) && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
      redirect: 'manual',
    });
    const text = await answer.text();
    this.calls++;
    this.#judge(operation, answer, text, expect, `${operation.method} ${target} ${about} ${body === undefined ? raw ?? '' : JSON.stringify(body).slice(0, 300)}`);
    return { status: answer.status, json: text && json(text), text, headers: answer.headers };
  }

  note(problem) {
    this.problems.push(problem);
  }

  #judge(operation, answer, text, expect, request) {
    const { status } = answer;
    const say = problem => this.note(`${request}\n    answered ${status}, ${problem}: ${text.slice(0, 300)}`);
    const refused = answer.headers.get('x-route-error');
    const ofClone = operation.path.startsWith('/runtime/') && !refused;
    const schema = this.description.answer(operation, status);
    if (schema !== undefined) this.seen.set(`${operation.id} ${status}`, (this.seen.get(`${operation.id} ${status}`) ?? 0) + 1);
    else if (!ofClone && !BESIDES[status]) return say('which the description does not name');
    if (expect && ![expect].flat().includes(status)) say(`and not ${expect}`);
    if (status >= 400 && !ofClone && !refused) say('without x-route-error');
    if (ofClone && (schema === null || schema === undefined)) return;
    const held = schema ?? (status >= 400 ? this.refusal : null);
    if (held === null) return text && status === 204 ? say('and has a body') : undefined;
    if (!answer.headers.get('content-type')?.startsWith('application/json')) say(`as ${answer.headers.get('content-type')}`);
    const value = json(text);
    if (value === undefined) return say('which is no JSON');
    for (const fault of this.description.faults(held, value)) say(`where ${fault}`);
    if (refused && value.code !== refused) say(`with ${refused} in its head`);
  }
}

function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
