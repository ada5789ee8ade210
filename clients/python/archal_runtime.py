"""Call the clones of a session: addresses, the route header, time-outs, and errors that say whose answer it was.

The clones are those of AGENT_CLONE_URLS and AGENT_ROUTE_HEADERS, as `archal run` sets them, or those of the session AGENT_SESSION_ID with
ARCHAL_TOKEN at ARCHAL_API_URL. Standard library alone, Python 3.9 and later.
"""

import http.client
import json
import os
import re
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

__all__ = ["ArchalError", "Response", "Session", "clone_fetch", "clone_url", "route_headers", "session"]

DEFAULT_TIMEOUT = 15.0
"""Seconds until the last byte of an answer, unless a call says otherwise."""

_DEFAULT_API_URL = "http://localhost:8080"
_CHUNK = 64 * 1024


class ArchalError(Exception):
    """What went wrong, to what, and who says so.

    status: the HTTP status; None where there was no answer.
    code: of the gateway, its code, such as `credential_revoked` or `session_ended`; of the clone, `http_<status>`; of the client, one of
        `timeout`, `unreachable`, `not_configured`, `unknown_clone`, `foreign_url`.
    source: `gateway`, `clone`, or `client` where nothing was answered.
    request_id: `x-archal-request-id` of the gateway's answer, which is in its log too.
    detail: of the gateway, the envelope's `detail`; of the clone, its body.
    """

    def __init__(self, message, code, source="client", status=None, request_id=None, detail=None, retry_after=None):
        super().__init__(message)
        self.code, self.source, self.status = code, source, status
        self.request_id, self.detail, self.retry_after = request_id, detail, retry_after


class Response:
    """An answer, read to its end. `headers` knows names in any case."""

    def __init__(self, url, status, headers, body):
        self.url, self.status, self.headers, self.body = url, status, headers, body

    @property
    def ok(self):
        return 200 <= self.status < 300

    def text(self):
        return self.body.decode("utf-8", "replace")

    def json(self):
        return json.loads(self.body)

    def ensure_ok(self):
        """Gives a good answer back, and raises what the clone said otherwise."""
        if self.ok:
            return self
        detail = _object(self.body)
        said = f" It said: {detail['message']}." if isinstance(detail.get("message"), str) else ""
        hint = " Send the service's own credential as Authorization; the clone takes any." if self.status == 401 else ""
        raise ArchalError(
            f"{self.url}: {self.status} from the clone itself.{said}{hint}", f"http_{self.status}", "clone", self.status,
            detail=detail, retry_after=_retry_after(self.headers))


class Session:
    """A session that was started here. As a context manager it is stopped at the end."""

    def __init__(self, started, credential, sessions, timeout):
        self.id = started["sessionId"]
        self.expires_at = started.get("expiresAt")
        self.clone_urls = dict(started.get("apiBaseUrls") or {})
        self._credential, self._sessions, self._timeout = credential, sessions, timeout

    def clone_url(self, clone):
        return _known_url(clone, self.clone_urls, f"session {self.id}")

    def route_headers(self):
        return {"x-route-authorization": self._credential}

    def fetch(self, clone, path, method="GET", headers=None, body=None, timeout=DEFAULT_TIMEOUT):
        return _fetch_clone(clone, self.clone_url(clone), self.route_headers(), path, method, headers, body, timeout)

    def stop(self):
        """Ends the session; when it returns, no request of it is admitted any more. Twice is harmless."""
        url = f"{self._sessions}/{urllib.parse.quote(self.id, safe='')}"
        _manage(url, "DELETE", {"Authorization": self._credential}, None, self._timeout, f"Stopping session {self.id}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def clone_url(clone, env=None):
    """The clone's base URL, without a slash at its end. Raises ArchalError `unknown_clone` and `not_configured`."""
    env = os.environ if env is None else env
    urls = _map("AGENT_CLONE_URLS", env)
    if urls is not None:
        return _known_url(clone, urls, "AGENT_CLONE_URLS")
    if env.get("AGENT_SESSION_ID"):
        session_id, name = (urllib.parse.quote(part, safe="") for part in (env["AGENT_SESSION_ID"], clone))
        return f"{_api_url(env)}/runtime/{session_id}/{name}/api"
    raise _not_configured("Neither AGENT_CLONE_URLS nor AGENT_SESSION_ID is set, so it is not known where the clones are.")


def route_headers(env=None):
    """What opens the session: a secret, for the clones' URLs alone. Raises ArchalError `not_configured`."""
    env = os.environ if env is None else env
    headers = _map("AGENT_ROUTE_HEADERS", env)
    if headers is not None:
        return headers
    if env.get("ARCHAL_TOKEN"):
        return {"x-route-authorization": f"Bearer {env['ARCHAL_TOKEN'].strip()}"}
    raise _not_configured("Neither AGENT_ROUTE_HEADERS nor ARCHAL_TOKEN is set, so there is nothing to open the session with.")


def clone_fetch(clone, path, method="GET", headers=None, body=None, timeout=DEFAULT_TIMEOUT, env=None):
    """One request to a clone, with the route header beside the headers given; `Authorization` is the service's and is left alone.

    body: bytes, a str, or anything else to be sent as JSON. timeout: seconds until the last byte of the answer.
    The clone's answers come back whatever their status. Raises ArchalError for the gateway's refusals, `timeout` and `unreachable`.
    """
    return _fetch_clone(clone, clone_url(clone, env), route_headers(env), path, method, headers, body, timeout)


def session(clones, seeds=None, ttl_seconds=None, token=None, api_url=None, timeout=DEFAULT_TIMEOUT, env=None, **others):
    """Starts a session; whoever starts it stops it. `others` are the further fields of `POST /api/sessions`, such as `labels`."""
    env = os.environ if env is None else env
    token = token or env.get("ARCHAL_TOKEN")
    if not token:
        raise ArchalError("There is no token to start a session with: set ARCHAL_TOKEN, or give token=….", "not_configured")
    credential = f"Bearer {token.strip()}"
    sessions = f"{(api_url or _api_url(env)).rstrip('/')}/api/sessions"
    fields = {"clones": list(clones), "seeds": seeds, "ttlSeconds": ttl_seconds, **others}
    body = {name: value for name, value in fields.items() if value is not None}
    headers = {"Authorization": credential, "Idempotency-Key": str(uuid.uuid4())}
    return Session(_manage(sessions, "POST", headers, body, timeout, "Starting a session").json(), credential, sessions, timeout)


def _fetch_clone(clone, base_url, routing, path, method, headers, body, timeout):
    url = _within(base_url, path, clone)
    ours = {name.lower() for name in routing}
    sent = {name: value for name, value in (headers or {}).items() if name.lower() not in ours}
    what = f"{method} {clone} {path}"
    response = _send(url, method, {**sent, **routing}, body, timeout, what)
    if "x-route-error" in response.headers:
        raise _gateway_error(response, what)
    return response


def _manage(url, method, headers, body, timeout, what):
    """A call whose connection broke is made once more: both calls mean the same when they are made twice."""
    try:
        response = _send(url, method, headers, body, timeout, what)
    except ArchalError as failure:
        if failure.code != "unreachable":
            raise
        response = _send(url, method, headers, body, timeout, what)
    if not response.ok:
        raise _gateway_error(response, what)
    return response


class _SameServer(urllib.request.HTTPRedirectHandler):
    """Follows reading calls on the server they began on; urllib itself takes the route header along to whatever host is named."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        here, there = (urllib.parse.urlsplit(url)[:2] for url in (req.full_url, newurl))
        if here != there or req.get_method() not in ("GET", "HEAD"):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


_opener = urllib.request.build_opener(_SameServer)


def _send(url, method, headers, body, timeout, what):
    headers = dict(headers)
    if isinstance(body, str):
        body = body.encode()
    elif body is not None and not isinstance(body, (bytes, bytearray)):
        body = json.dumps(body).encode()
    if body is not None and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = "application/json"
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    ends = time.monotonic() + timeout
    try:
        try:
            answer = _opener.open(request, timeout=timeout)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            return Response(answer.geturl(), answer.status, answer.headers, _read(answer, ends))
    except OSError as failure:  # URLError is one, and so is a time-out.
        reason = getattr(failure, "reason", failure)
        if isinstance(reason, (socket.timeout, TimeoutError)):
            raise ArchalError(
                f"{what}: no answer from {url} within {timeout:g} s. Give a longer timeout if that is to be expected.", "timeout") from failure
        raise _unreachable(what, url, reason) from failure
    except http.client.HTTPException as failure:
        raise _unreachable(what, url, type(failure).__name__) from failure


def _read(answer, ends):
    """To its end, or to the end of its time: a socket's own time-out starts again at each byte."""
    chunks = []
    while chunk := answer.read1(_CHUNK):
        chunks.append(chunk)
        if time.monotonic() > ends:
            raise socket.timeout()
    return b"".join(chunks)


def _unreachable(what, url, why):
    return ArchalError(f"{what}: {url} could not be reached ({why}). Is the control plane running there?", "unreachable")


def _gateway_error(response, what):
    """The gateway's refusal: its envelope is `{error, code, message, detail}`."""
    body = _object(response.body)
    code = response.headers.get("x-route-error") or body.get("code") or f"http_{response.status}"
    request_id = response.headers.get("x-archal-request-id")
    said = body.get("message") or body.get("error") or "It gave no reason."
    known_as = f" (request {request_id})" if request_id else ""
    return ArchalError(
        f"{what}: {response.status} {code} from the gateway. {said}{known_as}", code, "gateway", response.status, request_id,
        body.get("detail"), _retry_after(response.headers))


def _object(body):
    """The body as a dict; an empty one where it is something else, for then the status has to speak."""
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _retry_after(headers):
    value = headers.get("retry-after") or ""
    return int(value) if value.isdecimal() else None


def _api_url(env):
    return (env.get("ARCHAL_API_URL") or _DEFAULT_API_URL).rstrip("/")


def _map(name, env):
    """A JSON map of texts; None where the variable is not set. What it holds is a secret and is never in the message."""
    if not env.get(name):
        return None
    value = _object(env[name])
    if not value or not all(isinstance(text, str) for text in value.values()):
        raise ArchalError(f'{name} is not a JSON object of texts, such as {{"github":"…"}}.', "not_configured")
    return value


def _known_url(clone, urls, where):
    if clone not in urls:
        raise ArchalError(f'There is no clone "{clone}" in {where}; there is: {", ".join(urls) or "none"}.', "unknown_clone")
    return urls[clone].rstrip("/")


def _not_configured(what):
    return ArchalError(f'{what} Run the program under "archal run -- …", set them, or start a session with session().', "not_configured")


def _within(base_url, path, clone):
    """The URL of a path in the clone. A whole URL is taken too, if it is the clone's: pages of a list name each other so."""
    if re.match(r"(?i)[a-z][a-z0-9+.-]*:", path):
        url = path
    else:
        url = base_url + ("" if path == "" or path[0] in "/?" else "/") + path
    steps = urllib.parse.unquote(urllib.parse.urlsplit(url).path).split("/")
    ours = url == base_url or url.startswith((f"{base_url}/", f"{base_url}?"))
    if ours and not {".", ".."} & set(steps):
        return url
    raise ArchalError(f"{path} is not at the clone {clone}, which is at {base_url}. The route header goes nowhere else.", "foreign_url")
