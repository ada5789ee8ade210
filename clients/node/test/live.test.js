// Against a control plane that runs: ARCHAL_API_URL and ARCHAL_TOKEN say which.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ArchalError, ensureOk, runtime, session } from '../index.js';

const live = { skip: !process.env.ARCHAL_TOKEN && 'ARCHAL_TOKEN is not set' };
const asOctocat = { headers: { Authorization: 'token of-a-service' } };
const request = { clones: ['github'], seeds: { github: 'small-project' }, ttlSeconds: 600 };

async function started(t) {
  const one = await session(request);
  t.after(() => one.stop());
  return one;
}

test('a session is started, called and stopped', live, async (t) => {
  const one = await started(t);

  const user = await (await ensureOk(await one.fetch('github', '/user', asOctocat))).json();
  assert.equal(user.login, 'octocat');
  const [repo] = await (await one.fetch('github', '/user/repos', asOctocat)).json();
  assert.ok(repo.url.startsWith(`${one.cloneUrl('github')}/`));
  assert.equal((await one.fetch('github', repo.url, asOctocat)).status, 200);
  const made = await one.fetch('github', '/repos/octocat/small-project/issues', {
    ...asOctocat, method: 'POST', body: JSON.stringify({ title: 'From a test' }),
  });
  assert.equal(made.status, 201);

  await Promise.all([one.stop(), one[Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]()]);
  await assert.rejects(one.fetch('github', '/user', asOctocat), { name: 'ArchalError', status: 404, code: 'session_ended', source: 'gateway' });
});

test('a session and a token of the environment are enough', live, async (t) => {
  const one = await started(t);
  const plain = runtime({ ARCHAL_API_URL: process.env.ARCHAL_API_URL, ARCHAL_TOKEN: process.env.ARCHAL_TOKEN, AGENT_SESSION_ID: one.id });

  assert.equal((await plain.fetch('github', '/user', asOctocat)).status, 200);
});

test('a refused token is the gateway’s answer', live, async (t) => {
  const one = await started(t);
  const stranger = runtime({ AGENT_CLONE_URLS: JSON.stringify(one.cloneUrls), ARCHAL_TOKEN: 'of-nobody' });

  await assert.rejects(stranger.fetch('github', '/user', asOctocat), (failure) => {
    assert.ok(failure instanceof ArchalError);
    assert.deepEqual([failure.status, failure.code, failure.source], [401, 'credential_malformed', 'gateway']);
    assert.ok(failure.requestId && failure.message.includes(failure.requestId));
    return true;
  });
  await assert.rejects(session(request, { token: 'of-nobody' }), { status: 401, source: 'gateway' });
  await assert.rejects(session({ clones: ['no-such'] }), { status: 400, source: 'gateway' });
});

test('the clone’s own answers come back as they are, and are told apart', live, async (t) => {
  const one = await started(t);

  const missing = await one.fetch('github', '/repos/no/where', asOctocat);
  assert.equal(missing.status, 404);
  await assert.rejects(ensureOk(missing), { status: 404, code: 'http_404', source: 'clone', detail: { message: 'Not Found',
    documentation_url: 'https://docs.github.com/rest/repos/repos#get-a-repository', status: '404' } });
  const anonymous = await one.fetch('github', '/user');
  await assert.rejects(ensureOk(anonymous), { status: 401, source: 'clone', message: /Authorization/ });
});
