import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import net from 'node:net';
import { test } from 'node:test';
import { runtime, session } from '../index.js';

/** Serves on a port of its own for one test, and gives its base URL. */
async function listening(t, server) {
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const sockets = new Set();
  server.on('connection', (socket) => sockets.add(socket));
  t.after(() => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

const at = (url) => runtime({ AGENT_CLONE_URLS: JSON.stringify({ github: `${url}/api` }), AGENT_ROUTE_HEADERS: '{"x-route-authorization":"Bearer ours"}' });
const failsWith = (code, source = 'client') => (failure) => failure.name === 'ArchalError' && failure.code === code && failure.source === source;

test('addresses come from the map, and from the session where there is no map', () => {
  assert.equal(at('http://one').cloneUrl('github'), 'http://one/api');
  assert.equal(runtime({ AGENT_SESSION_ID: 'ses-1', ARCHAL_API_URL: 'http://two/' }).cloneUrl('slack'), 'http://two/runtime/ses-1/slack/api');
  assert.equal(runtime({ AGENT_SESSION_ID: 'ses-1' }).cloneUrl('slack'), 'http://localhost:8080/runtime/ses-1/slack/api');
  assert.deepEqual(runtime({ ARCHAL_TOKEN: 'ours\n' }).routeHeaders(), { 'x-route-authorization': 'Bearer ours' });
});

test('what is missing is named', async () => {
  assert.throws(() => runtime({}).cloneUrl('github'), failsWith('not_configured'));
  assert.throws(() => runtime({}).routeHeaders(), /AGENT_ROUTE_HEADERS nor ARCHAL_TOKEN/);
  assert.throws(() => runtime({ AGENT_ROUTE_HEADERS: 'a secret' }).routeHeaders(), (failure) => !failure.message.includes('a secret'));
  assert.throws(() => at('http://one').cloneUrl('toString'), /no clone "toString".*github/);
  await assert.rejects(session({ clones: ['github'] }, { env: {} }), failsWith('not_configured'));
});

test('the route header goes nowhere but to the clone', async () => {
  for (const path of ['http://elsewhere/api/user', '/../../other', 'https://one/api/user', 'http://one/apiary']) {
    await assert.rejects(at('http://one').fetch('github', path), failsWith('foreign_url'), path);
  }
});

test('both credentials arrive, and redirects are followed on the same server alone', async (t) => {
  const seen = [];
  const url = await listening(t, createServer((request, response) => {
    seen.push([request.url, request.headers['x-route-authorization'], request.headers.authorization]);
    const to = { '/api/near': '/api/there', '/api/far': 'http://localhost:1/api/there' }[request.url];
    response.writeHead(to ? 302 : 200, to ? { location: to } : {}).end();
  }));

  const init = { headers: { Authorization: 'token of-a-service' } };
  assert.equal((await at(url).fetch('github', '/near', init)).status, 200);
  assert.equal((await at(url).fetch('github', `${url}/api/far`, init)).status, 302);
  assert.deepEqual(seen, ['/api/near', '/api/there', '/api/far'].map((path) => [path, 'Bearer ours', 'token of-a-service']));
});

test('silence ends with a time-out, the caller’s signal with his own reason', async (t) => {
  const silent = at(await listening(t, net.createServer(() => {})));

  await assert.rejects(silent.fetch('github', '/user', { timeoutMs: 50 }), failsWith('timeout'));
  const caller = new AbortController();
  const asked = silent.fetch('github', '/user', { signal: caller.signal });
  caller.abort(new RangeError('enough'));
  await assert.rejects(asked, RangeError);
});

test('where nobody listens it says so', async (t) => {
  const server = net.createServer();
  const url = await listening(t, server);
  await new Promise((closed) => server.close(closed));

  await assert.rejects(at(url).fetch('github', '/user'), (failure) => failsWith('unreachable')(failure) && failure.message.includes('ECONNREFUSED'));
});

test('a start whose connection breaks is made once more, as the same start', async (t) => {
  const keys = [];
  const url = await listening(t, createServer((request, response) => {
    keys.push(request.headers['idempotency-key']);
    if (keys.length === 1) {
      return request.socket.destroy();
    }

    response.end(JSON.stringify({ sessionId: 'ses-1', apiBaseUrls: {} }));
  }));

  assert.equal((await session({ clones: ['github'] }, { token: 'ours', apiUrl: url })).id, 'ses-1');
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
});
