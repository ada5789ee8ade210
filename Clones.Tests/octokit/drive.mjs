// Drives a GitHub clone as a customer's program would: a base URL, its own token, and the route headers that the session came with.
//   BASE_URL  ends in /api      TOKEN  any      ROUTE_HEADERS  a JSON map of headers
// A clone that was seeded with small-project is expected. Each fact is one line; the first that is not true ends the run.
import assert from 'node:assert/strict';
import { Octokit } from '@octokit/rest';

const baseUrl = process.env.BASE_URL;
const routeHeaders = JSON.parse(process.env.ROUTE_HEADERS ?? '{}');
const silent = { debug() {}, info() {}, warn() {}, error() {} };

function client(auth) {
  const octokit = new Octokit({ auth, baseUrl, log: silent });
  octokit.hook.before('request', (options) => { Object.assign(options.headers, routeHeaders); });
  return octokit;
}

const octokit = client(process.env.TOKEN);
const refused = async (call, status) => {
  const error = await call.then(() => assert.fail(`expected ${status}`), (thrown) => thrown);
  assert.equal(error.status, status);
  return error.response;
};

const facts = {
  async 'the root says where everything is'() {
    const { data } = await octokit.meta.root();
    assert.equal(data.current_user_url, `${baseUrl}/user`);
  },
  async 'any token is the seed\'s one user'() {
    const { data, headers } = await octokit.users.getAuthenticated();
    assert.equal(data.login, 'octocat');
    assert.match(headers['x-github-request-id'], /^[0-9A-F]{4}:[0-9A-F]{6}:[0-9A-F]{7}:[0-9A-F]{7}:[0-9A-F]{8}$/);
    assert.equal(headers['x-github-media-type'], 'github.v3; format=json');
  },
  async 'without a token GitHub asks for one'() {
    const { data } = await refused(client(undefined).users.getAuthenticated(), 401);
    assert.deepEqual(data, {
      message: 'Requires authentication',
      documentation_url: 'https://docs.github.com/rest/overview/resources-in-the-rest-api#authentication',
      status: '401',
    });
  },
  async 'a repository is created, shown, changed, renamed and deleted'() {
    const created = await octokit.repos.createForAuthenticatedUser({ name: 'made here', description: 'd', has_wiki: false });
    assert.equal(created.status, 201);
    assert.equal(created.data.full_name, 'octocat/made-here');
    assert.equal(created.headers.location, `${baseUrl}/repos/octocat/made-here`);
    assert.match(created.data.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const at = { owner: 'OctoCat', repo: 'Made-Here' };
    assert.equal((await octokit.repos.get(at)).data.id, created.data.id);
    assert.equal((await octokit.repos.update({ ...at, private: true })).data.visibility, 'private');
    assert.equal((await octokit.repos.update({ ...at, name: 'renamed' })).data.name, 'renamed');
    assert.equal((await octokit.repos.get({ owner: 'octocat', repo: 'renamed' })).data.id, created.data.id);
    assert.equal((await octokit.repos.delete({ owner: 'octocat', repo: 'renamed' })).status, 204);
    await refused(octokit.repos.get({ owner: 'octocat', repo: 'renamed' }), 404);
  },
  async 'a name that is taken is refused in GitHub\'s words'() {
    const { data } = await refused(octokit.repos.createForAuthenticatedUser({ name: 'Small-Project' }), 422);
    assert.equal(data.message, 'Repository creation failed.');
    assert.deepEqual(data.errors, [
      { resource: 'Repository', code: 'custom', field: 'name', message: 'name already exists on this account' },
    ]);
  },
  async 'an issue is opened, found, closed and reopened'() {
    const at = { owner: 'octocat', repo: 'small-project' };
    const opened = await octokit.issues.create({ ...at, title: 'From Octokit', labels: ['bug', 'brand new'], assignees: ['octocat'] });
    assert.equal(opened.status, 201);
    assert.deepEqual(opened.data.labels.map((label) => label.name), ['bug', 'brand new']);
    const issue = { ...at, issue_number: opened.data.number };
    assert.equal((await octokit.issues.get(issue)).data.title, 'From Octokit');
    const closed = await octokit.issues.update({ ...issue, state: 'closed', state_reason: 'not_planned' });
    assert.equal(closed.data.closed_by.login, 'octocat');
    const listed = async (state) => (await octokit.issues.listForRepo({ ...at, state })).data.map((found) => found.number);
    assert.ok((await listed('closed')).includes(opened.data.number));
    assert.ok(!(await listed('open')).includes(opened.data.number));
    assert.equal((await octokit.issues.update({ ...issue, state: 'open' })).data.state_reason, 'reopened');
  },
  async 'pages are followed to the end'() {
    const at = { owner: 'octocat', repo: 'small-project', state: 'all', per_page: 3 };
    const first = await octokit.issues.listForRepo(at);
    assert.match(first.headers.link, /^<[^>]+\/repositories\/\d+\/issues\?[^>]+>; rel="next", <[^>]+>; rel="last"$/);
    const all = await octokit.paginate(octokit.issues.listForRepo, at);
    assert.deepEqual(all.map((issue) => issue.number), all.map((_, index) => all.length - index));
  },
  async 'what has not changed is not sent again'() {
    const at = { owner: 'octocat', repo: 'small-project' };
    const { headers } = await octokit.repos.get(at);
    await refused(octokit.repos.get({ ...at, headers: { 'if-none-match': headers.etag } }), 304);
  },
  async 'what is not offered is not there'() {
    const { data } = await refused(octokit.repos.listBranches({ owner: 'octocat', repo: 'small-project' }), 404);
    assert.deepEqual(data, { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' });
  },
};

for (const [fact, show] of Object.entries(facts)) {
  try {
    await show();
    console.log(`ok ${fact}`);
  } catch (error) {
    console.log(`not ok ${fact}\n${error.stack}`);
    process.exit(1);
  }
}
