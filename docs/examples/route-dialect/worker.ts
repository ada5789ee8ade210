interface Env {
  ARCHAL_GITHUB_REST_URL: string;
  ARCHAL_TOKEN: string;
  GITHUB_TOKEN: string;
}

async function call(env: Env, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('x-route-authorization', `Bearer ${env.ARCHAL_TOKEN}`);
  headers.set('Authorization', `Bearer ${env.GITHUB_TOKEN}`);
  return fetch(env.ARCHAL_GITHUB_REST_URL + path, { ...init, headers, signal: AbortSignal.timeout(15_000) });
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const user = await call(env, '/user');
    if (!user.ok) {
      return new Response(await user.text(), { status: 502 });
    }

    const issue = await call(env, '/repos/octocat/small-project/issues', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: `From ${(await user.json()).login}'s example` }),
    });
    return new Response(issue.body, { status: issue.status, headers: { 'content-type': 'application/json' } });
  },
};
