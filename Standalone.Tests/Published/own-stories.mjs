// What is asked of our own description's operations: each as its example shows, and each as it is not meant.
import { Generator, pick } from './generate.mjs';

const wait = seconds => new Promise(done => setTimeout(done, seconds * 1000));

/** Every schema of a body has an example, and every example holds to its schema. */
export async function examples(caller) {
  const { description } = caller;
  const held = (where, schema) => {
    const given = schema && description.resolve(schema);
    if (!given || Object.keys(given).length === 0) return; // The state of a clone is whatever the clone says.
    const shown = given.anyOf ?? [given];
    for (const one of shown.map(description.resolve)) {
      if (!one.examples?.length) caller.note(`${where}: there is no example`);
      for (const example of one.examples ?? []) for (const fault of description.faults(one, example)) caller.note(`${where}: of the example, ${fault}`);
    }
  };
  for (const operation of description.operations) {
    for (const [, name] of operation.path.matchAll(/{(\w+)}/g)) {
      if (!operation.parameters.some(one => one.in === 'path' && one.name === name)) caller.note(`${operation.name}: ${name} is not described`);
    }
    held(`${operation.name}, request`, operation.requestBody && description.bodySchema(operation));
    for (const status of Object.keys(operation.responses)) {
      held(`${operation.name}, ${status}`, description.answer(operation, status));
      if (status >= 400 && description.codes(operation, status).length === 0) caller.note(`${operation.name}, ${status}: no error code is named`);
    }
  }
}

/** Every operation once or more as it is meant, from the first to the last of each thing's life. */
export async function asMeant(caller, world) {
  const { description } = caller;
  const of = { workspaceId: 'ws-default', cloneId: 'github', userId: 'usr-owner' };
  const example = id => structuredClone(description.resolve(description.bodySchema(description.operation(id)) ?? {}).examples?.[0]);
  const go = async (id, expect, options = {}) => (await caller.ask(id, {
    token: world.ownerToken, path: of, body: options.form ? undefined : example(id), expect, ...options,
  })).json;

  for (const id of ['live', 'ready', 'showDevicePage']) await go(id, 200, { token: undefined });
  for (const id of ['getCurrentCliUser', 'listClones', 'listCloneTools', 'getCloneCoverage', 'listScenarios', 'listWorkspaces']) await go(id, 200);

  const login = await go('createDeviceAuthRequest', 200);
  await go('pollDeviceAuthToken', 428, { body: { device_code: login.device_code } });
  await go('decideOnDevicePage', 200, { form: { user_code: login.user_code, token: world.ownerToken } });
  await go('decideOnDevicePage', 404, { form: { user_code: 'BBBB-BBBB', token: world.ownerToken } });
  await go('decideOnDevicePage', 401, { form: { user_code: login.user_code, token: 'nonsense' } });
  await go('decideDeviceLogin', 200, { body: { user_code: login.user_code, decision: 'approve' } });
  await wait(login.interval);
  await go('pollDeviceAuthToken', 200, { body: { device_code: login.device_code } });
  await go('pollDeviceAuthToken', 400, { body: undefined, form: { device_code: login.device_code, grant_type: 'urn:ietf:params:oauth:grant-type:device_code' } });

  const session = await go('createSession', 200, { headers: { 'idempotency-key': `own-${login.user_code}` } });
  await go('createSession', 422, { headers: { 'idempotency-key': `own-${login.user_code}` }, body: { clones: ['github'] } });
  of.sessionId = of.runId = session.sessionId;
  for (const id of ['listSessions', 'getSession', 'getSessionLiveness', 'renewSession', 'resetSession', 'seedClone', 'getCloneState', 'explainSession']) await go(id, 200);
  for (const id of ['callCloneGet', 'callClonePatch', 'callClonePut', 'callCloneDelete']) {
    const answer = await caller.ask(id, { token: world.key, path: { ...of, path: 'repos/octocat/small-project' }, ...(id === 'callClonePatch' && { body: { description: 'x' } }) });
    if (answer.status >= 400 && id !== 'callClonePut') caller.note(`${id}: ${answer.status} ${answer.text}`);
  }
  if ((await caller.ask('callClonePost', { token: world.key, path: { ...of, path: 'user/repos' }, body: { name: 'own' } })).status !== 201) caller.note('callClonePost: not 201');
  await caller.ask('callCloneGet', { token: world.key, path: { ...of, cloneId: 'stripe' }, expect: 404 });
  await caller.ask('callCloneGet', { token: world.otherKey, path: of, expect: 403 });
  for (const id of ['setCloneFaults', 'getCloneFaults', 'streamSessionEvents', 'streamWorkspaceEvents']) await go(id, 200);
  of.rootTraceId = (await go('ingestTrace', 200)).rootTraceId;
  await go('listTraces', 200, { query: { includeStats: true, limit: 5 } });
  for (const id of ['getTrace', 'getRun']) await go(id, 200);
  await go('deleteTraces', 200, { query: { rootTraceId: of.rootTraceId } });
  await go('deleteSessions', 204, { query: { label: 'team' } });
  await go('deleteSession', 204);
  for (const id of ['renewSession', 'resetSession', 'seedClone', 'getCloneState', 'setCloneFaults', 'getCloneFaults']) await go(id, 409);
  await go('deleteSession', 502, { path: { sessionId: world.lostSession } });

  of.workspaceId = (await go('createWorkspace', 201)).workspaceId;
  for (const id of ['getWorkspace', 'updateWorkspace', 'listMembers', 'listApiKeys', 'getWorkspaceUsage', 'listAuditEvents']) await go(id, 200);
  of.keyId = (await go('createApiKey', 201)).id;
  await go('rotateApiKey', 200);
  await go('deleteApiKey', 204);
  await go('inviteMember', 201, { body: { email: 'nobody@example.com', role: 'member' } });
  of.invitationId = (await go('listInvitations', 200)).invitations[0].id;
  await go('deleteInvitation', 204);
  const { invitation } = await go('inviteMember', 201);
  of.userId = (await go('acceptInvitation', 201, { token: undefined, body: { invitation } })).userId;
  await go('acceptInvitation', 409, { token: undefined, body: { invitation } });
  await go('updateMember', 200);
  await go('deleteMember', 204);
  await go('deleteMember', 409, { path: { ...of, userId: 'usr-owner' } });
  const made = await go('createToken', 201);
  await go('listTokens', 200);
  await go('revokeToken', 200, { token: undefined, body: { token: made.secret } });
  of.tokenId = made.id;
  await go('deleteToken', 204);

  of.workerId = (await go('installationStatus', 200)).workers[0].workerId;
  for (const id of ['drainWorker', 'undrainWorker', 'takeBackup']) await go(id, 200);
  await go('evictGateway', 404);
  return of;
}

/** Every operation as it is not meant: by nobody and by strangers, with ids of nothing, bodies of every kind and none, queries of nonsense. */
export async function amiss(caller, world, random) {
  const { description } = caller;
  const make = new Generator(description.resolve, random);
  const large = `{"text":"${'x'.repeat(1 << 20)}"}`;
  for (const operation of description.operations) {
    const ask = (about, options) => caller.ask(operation.id, { token: world.ownerToken, path: { workspaceId: 'ws-default', cloneId: 'github' }, about, ...options });
    const body = operation.requestBody ? {} : undefined;
    for (const token of [undefined, 'nonsense', world.unknownKey, world.revokedKey, world.expiredKey, world.readerKey, world.otherKey]) await ask('(another caller)', { token, body });
    await ask('(another workspace)', { token: world.key, headers: { 'x-archal-workspace-id': 'ws-other' }, body });
    for (const strange of ['x', '%20', '%F0%9F%A6%84', 'a%2Fb', 'x'.repeat(300)]) {
      await ask('(strange ids)', { path: Object.fromEntries(operation.parameters.map(({ name }) => [name, strange])), body });
    }
    for (const { name } of operation.parameters.filter(one => one.in === 'query')) {
      for (const value of ['', 'x', '-1', '0', '99999999999999999999', '🦄']) await ask('(a query of nonsense)', { query: { [name]: value } });
    }
    const schema = description.bodySchema(operation);
    if (!schema) continue;
    for (const raw of ['', '{', 'null', '[]', '"x"', large]) await ask('(a bad body)', { raw });
    await ask('(another type)', { raw: 'x=1', headers: { 'content-type': 'text/plain' } });
    for (const value of make.valid(schema, 3).slice(0, 12)) await ask('(a body of its schema)', { body: value });
    for (const [about, value] of make.invalid(schema).slice(0, 40)) await ask(about, { body: value });
  }
  await caller.ask('createSession', { token: world.readerKey, body: { clones: ['github'] }, expect: 403, about: pick(random, ['']) });
}
