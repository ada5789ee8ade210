// What is asked: for each operation its requests from the schemas, and what provokes each status that the description names.
import { Generator, pick } from './generate.mjs';

const wait = seconds => new Promise(done => setTimeout(done, seconds * 1000));
const STRANGE = ['env_12345', 'x', 'A_B-c', '%20', '%F0%9F%A6%84', 'a%2Fb', 'a.b', 'x'.repeat(300)];

/** The operations that only answer somebody: without a credential, or with a bad one, each is 401. */
export async function strangers(caller, world) {
  for (const operation of caller.description.operations.filter(one => !one.security || one.security.length)) {
    const body = operation.requestBody ? {} : undefined;
    const path = { sessionId: world.session, cloneId: 'github', path: 'user', runId: world.session, rootTraceId: 'x' };
    await caller.ask(operation.id, { path, body, expect: 401, about: '(nobody)' });
    for (const token of ['nonsense', world.unknownKey, world.revokedKey, world.expiredKey]) {
      await caller.ask(operation.id, { path, body, expect: 401, about: '(a bad token)', ...(operation.path.startsWith('/runtime/') ? { route: token } : { token }) });
    }
  }
}

/** Valid and invalid bodies and queries of every operation that has any, as the schemas say. */
export async function generated(caller, world, random) {
  const { description } = caller;
  const meant = new Generator(description.resolve, random, {
    clones: [['github']], scenarioId: world.scenarios, seeds: [{}, { github: 'empty' }, { github: 'small-project' }], transport: ['cloud', 'local'],
  });
  const bare = new Generator(description.resolve, random);
  const good = (id, schema, make) => {
    const values = make.valid(schema);
    for (const value of values) {
      for (const fault of description.faults(schema, value)) throw new Error(`${id}: the generator made ${JSON.stringify(value)}, where ${fault}`);
    }
    return values;
  };
  const bad = (id, schema, make) => make.invalid(schema).filter(([, value]) => description.faults(schema, value).length > 0);

  const create = description.bodySchema(description.operation('createSession'));
  const start = async (body, expect, about) => {
    const made = await caller.ask('createSession', { token: world.key, body, expect, about });
    if (made.json?.sessionId) await caller.ask('deleteSession', { token: world.key, path: made.json, expect: 204 });
  };
  for (const body of good('createSession', create, meant)) await start(body, 200);
  for (const body of good('createSession', create, bare)) await start(body, [200, 400]);
  // An optional field that is null counts as one that is absent.
  for (const [about, body] of bad('createSession', create, meant)) {
    const none = body && Object.entries(body).some(([name, value]) => value === null && !create.required?.includes(name));
    await start(body, none ? [200, 400] : 400, about);
  }

  const trace = description.bodySchema(description.operation('ingestTrace'));
  for (const body of good('ingestTrace', trace, bare)) await caller.ask('ingestTrace', { token: world.key, body, expect: 200 });
  for (const [about, body] of bad('ingestTrace', trace, bare)) await caller.ask('ingestTrace', { token: world.key, body, about, expect: 400 });

  const poll = description.bodySchema(description.operation('pollDeviceAuthToken'));
  for (const body of good('pollDeviceAuthToken', poll, bare)) await caller.ask('pollDeviceAuthToken', { body, expect: 400 });
  for (const [about, body] of bad('pollDeviceAuthToken', poll, bare)) await caller.ask('pollDeviceAuthToken', { body, about, expect: 400 });

  const call = description.bodySchema(description.operation('proxyClonePost'));
  const path = { sessionId: world.session, cloneId: 'github', path: 'user/repos' };
  for (const body of good('proxyClonePost', call, bare)) await caller.ask('proxyClonePost', { path, route: world.key, body });
  for (const raw of ['{', '"', '[1,', '{"clones":["github"],}', '']) {
    for (const id of ['createSession', 'ingestTrace', 'pollDeviceAuthToken']) await caller.ask(id, { token: world.key, raw, expect: 400 });
  }

  for (const id of ['listTraces', 'deleteTraces']) {
    for (const parameter of description.operation(id).parameters) {
      for (const value of good(id, parameter.schema, bare)) {
        // An empty value says nothing, in a query that is to say something.
        // What is nobody's id or name may be refused, or found nowhere.
        const odd = parameter.schema.type === 'string' && !parameter.schema.format && value !== 'x' && value !== '';
        const expect = odd ? [200, 400] : value === '' || (id === 'deleteTraces' && parameter.name === 'all' && value === false) ? 400 : 200;
        await caller.ask(id, { token: world.key, query: { [parameter.name]: value }, expect });
      }
      for (const [, value] of bad(id, parameter.schema, bare).filter(([, one]) => typeof one !== 'object' && parameter.schema.type !== 'string')) {
        await caller.ask(id, { token: world.key, query: { [parameter.name]: value }, expect: 400 });
      }
    }
  }
  for (const parameter of ['since', 'before']) {
    await caller.ask(parameter === 'since' ? 'listTraces' : 'deleteTraces', { token: world.key, query: { [parameter]: 'no time' }, expect: 400 });
  }

  for (const operation of description.operations.filter(one => one.parameters.some(parameter => parameter.in === 'path'))) {
    for (const strange of STRANGE) {
      const path = Object.fromEntries(operation.parameters.filter(one => one.in === 'path').map(({ name }) => [name, pick(random, [strange, world.session])]));
      const body = operation.requestBody ? {} : undefined;
      const as = operation.path.startsWith('/runtime/') ? { route: world.key } : { token: world.key };
      if (operation.method !== 'DELETE' || path.sessionId !== world.session) await caller.ask(operation.id, { path, body, ...as });
    }
  }
}

/** The life of sessions, and the refusals that it has. */
export async function sessions(caller, world) {
  const { key } = world;
  const create = (options = {}) => caller.ask('createSession', { token: key, body: { clones: ['github'] }, expect: 200, ...options });
  const longest = 'k'.repeat(caller.description.operation('createSession').parameters.find(one => one.name === 'Idempotency-Key').schema.maxLength);
  const first = await create({ headers: { 'idempotency-key': longest } });
  const again = await create({ headers: { 'idempotency-key': longest } });
  if (first.text !== again.text) caller.note('createSession: the same Idempotency-Key got another answer');
  await create({ headers: { 'idempotency-key': `${longest}k` }, expect: 400 });
  await create({ headers: { 'idempotency-key': longest }, body: { clones: ['github'], ttlSeconds: 5 }, expect: 422 });
  await create({ token: world.readerKey, expect: 403 });

  const sessionId = first.json.sessionId;
  await caller.ask('listSessions', { token: key, expect: 200 });
  for (const [id, expectOthers, expectUnknown] of [['getSession', 403, 404], ['getRun', 404, 404], ['deleteSession', 403, 404]]) {
    const of = one => ({ sessionId: one, runId: one });
    await caller.ask(id, { path: of(sessionId), token: world.otherKey, expect: expectOthers });
    await caller.ask(id, { path: of('ses-nobody'), token: key, expect: expectUnknown });
    await caller.ask(id, { path: of(sessionId.toUpperCase()), token: key, expect: id === 'deleteSession' ? 204 : 200 });
  }
  for (const id of ['getSession', 'getRun']) {
    const over = await caller.ask(id, { path: { sessionId, runId: sessionId }, token: key, expect: 200 });
    if (over.json.status !== 'ended') caller.note(`${id}: what was stopped is ${over.json.status}`);
  }
  await caller.ask('deleteSession', { path: { sessionId }, token: key, expect: 204 });
  await caller.ask('deleteSession', { path: { sessionId: world.lostSession }, token: key, expect: 502 });
}

export async function catalogue(caller, world) {
  await caller.ask('getCurrentCliUser', { token: world.key, expect: 200 });
  await caller.ask('getCurrentCliUser', { token: world.ownerToken, expect: 200 });
  await caller.ask('listClones', { token: world.key, expect: 200 });
  world.scenarios = (await caller.ask('listScenarios', { token: world.key, expect: 200 })).json.scenarios.map(scenario => scenario.id);
}

export async function traces(caller, world) {
  const sent = await caller.ask('ingestTrace', { token: world.key, body: { rootTraceId: 'conformance', sessionId: world.session, steps: [1, 2] }, expect: 200 });
  const path = { rootTraceId: sent.json.rootTraceId };
  const found = await caller.ask('getTrace', { token: world.key, path, expect: 200 });
  if (found.json.traces[0].payload.steps.length !== 2) caller.note('getTrace: it is not what was sent');
  await caller.ask('getTrace', { token: world.otherKey, path, expect: 404 });
  await caller.ask('ingestTrace', { token: world.readerKey, body: {}, expect: 403 });
  await caller.ask('listTraces', { token: world.key, query: { sessionId: world.session, includeStats: true, limit: 1 }, expect: 200 });
  await caller.ask('deleteTraces', { token: world.key, expect: 400 });
  await caller.ask('deleteTraces', { token: world.key, query: { rootTraceId: 'conformance' }, expect: 200 });
  await caller.ask('getTrace', { token: world.key, path, expect: 404 });
}

export async function runtime(caller, world) {
  const user = { sessionId: world.session, cloneId: 'github', path: 'user' };
  const repositories = { ...user, path: 'user/repos' };
  await caller.ask('proxyCloneGet', { path: user, route: world.key, expect: 200 });
  await caller.ask('proxyCloneGet', { path: user, token: world.key, expect: 200 });
  await caller.ask('proxyClonePost', { path: repositories, route: world.key, body: { name: 'made-by-a-test' }, expect: 201 });
  for (const [id, path, body] of [['proxyCloneGet', user], ['proxyClonePost', repositories, {}]]) {
    await caller.ask(id, { path, route: world.otherKey, body, expect: 403 });
    for (const sessionId of ['ses-nobody', world.endedSession]) await caller.ask(id, { path: { ...path, sessionId }, route: world.key, body, expect: 404 });
    await caller.ask(id, { path: { ...path, cloneId: 'stripe' }, route: world.key, body, expect: 404 });
  }
}

/** A device is let in; and at the end so many begin that the next is told to wait. */
export async function devices(caller, world) {
  const begun = (await caller.ask('createDeviceAuthRequest', { expect: 200 })).json;
  await caller.ask('pollDeviceAuthToken', { body: { device_code: begun.device_code }, expect: 428 });
  const approval = await fetch(new URL('/auth/device/approval', world.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${world.ownerToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ user_code: begun.user_code, decision: 'approve' }),
  });
  if (!approval.ok) throw new Error(`The device was not let in: ${approval.status} ${await approval.text()}`);
  let token;
  do {
    token = await caller.ask('pollDeviceAuthToken', { body: { device_code: begun.device_code }, expect: [200, 428] });
  } while (token.status === 428 && !(await wait(begun.interval)));
  await caller.ask('getCurrentCliUser', { token: token.json.token, expect: 200 });
  await caller.ask('pollDeviceAuthToken', { body: { device_code: begun.device_code }, expect: 400 });
  while ((await caller.ask('createDeviceAuthRequest', { expect: [200, 429] })).status === 200);
}

/** The store takes no writes: whatever names 503 says it. Each token is new, so that its owner has a reader to save first. */
export async function withoutStore(caller, world) {
  const down = [...caller.description.statuses()].filter(one => one.status === 503);
  await Promise.all(down.map(({ operation }, at) => caller.ask(operation.id, {
    path: { rootTraceId: 'x' }, token: operation.security ? undefined : world.freshKeys[at], body: operation.requestBody ? {} : undefined, expect: 503,
  })));
}
