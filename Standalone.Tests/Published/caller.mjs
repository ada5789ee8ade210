// Calls the running program and holds every answer to the description.

export class Caller {
  seen = new Map();
  problems = [];
  calls = 0;

  /**
   * @param besides  statuses that an operation may have though the description does not name them, and the schema of their bodies
   * @param codes    whether the description of a status names the error codes that it is answered with
   */
  constructor(description, url, { besides = {}, refusal, codes = false } = {}) {
    Object.assign(this, { description, url, besides, refusal, codes });
  }

  /** Sends one request; the answer's status and JSON. What is wrong with the answer is noted. `expect`: the statuses that this call may have. */
  async ask(id, { path = {}, query, headers = {}, token, route, body, raw, form, expect, about = '' } = {}) {
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
      body: form ? new URLSearchParams(form) : raw ?? (body === undefined ? undefined : JSON.stringify(body)),
      redirect: 'manual',
    });
    const text = answer.headers.get('content-type') === 'text/event-stream' ? await firstOf(answer.body) : await answer.text();
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
    else if (!ofClone && !this.besides[status]) return say('which the description does not name');
    if (expect && ![expect].flat().includes(status)) say(`and not ${expect}`);
    if (this.description.isOther(operation, status, answer.headers.get('content-type'))) return;
    const ofRfc = json(text)?.error_description; // An answer of RFC 8628 is only what that says.
    if (status >= 400 && !ofClone && !refused && !ofRfc) say('without x-route-error');
    // The published description says of some statuses what a clone's body is; ours leaves all of them to the clone.
    if (ofClone && (this.codes || schema === null || schema === undefined)) return;
    if (this.codes && refused && !this.description.codes(operation, status).includes(refused)) say(`with the code ${refused}, which is not among those described`);
    const held = schema ?? (status >= 400 ? this.refusal : null);
    if (held === null) return text && status === 204 ? say('and has a body') : undefined;
    if (!answer.headers.get('content-type')?.startsWith('application/json')) say(`as ${answer.headers.get('content-type')}`);
    const value = json(text);
    if (value === undefined) return say('which is no JSON');
    for (const fault of this.description.faults(held, value)) say(`where ${fault}`);
    if (refused && value.code !== refused) say(`with ${refused} in its head`);
  }
}

/** What a stream that goes on says first; it is left then. */
async function firstOf(stream) {
  const reader = stream.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return new TextDecoder().decode(value);
}

function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
