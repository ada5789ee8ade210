import contextlib
import http.server
import json
import socket
import threading
import unittest

import archal_runtime as archal


@contextlib.contextmanager
def serving(answer):
    """A server of its own for one test; `answer(handler)` is what it says."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            answer(self)

        do_POST = do_GET

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def at(url):
    return {"AGENT_CLONE_URLS": json.dumps({"github": f"{url}/api"}), "AGENT_ROUTE_HEADERS": '{"x-route-authorization":"Bearer ours"}'}


class OfflineTests(unittest.TestCase):
    def fails(self, code, call, *arguments, **named):
        with self.assertRaises(archal.ArchalError) as caught:
            call(*arguments, **named)
        self.assertEqual((code, "client", None), (caught.exception.code, caught.exception.source, caught.exception.status))
        return str(caught.exception)

    def test_addresses_come_from_the_map_and_from_the_session_where_there_is_no_map(self):
        self.assertEqual("http://one/api", archal.clone_url("github", at("http://one")))
        env = {"AGENT_SESSION_ID": "ses-1", "ARCHAL_API_URL": "http://two/"}
        self.assertEqual("http://two/runtime/ses-1/slack/api", archal.clone_url("slack", env))
        self.assertEqual("http://localhost:8080/runtime/ses-1/slack/api", archal.clone_url("slack", {"AGENT_SESSION_ID": "ses-1"}))
        self.assertEqual({"x-route-authorization": "Bearer ours"}, archal.route_headers({"ARCHAL_TOKEN": "ours\n"}))

    def test_what_is_missing_is_named(self):
        self.fails("not_configured", archal.clone_url, "github", {})
        self.assertIn("AGENT_ROUTE_HEADERS nor ARCHAL_TOKEN", self.fails("not_configured", archal.route_headers, {}))
        self.assertNotIn("a secret", self.fails("not_configured", archal.route_headers, {"AGENT_ROUTE_HEADERS": "a secret"}))
        self.assertIn("github", self.fails("unknown_clone", archal.clone_url, "slack", at("http://one")))
        self.fails("not_configured", archal.session, ["github"], env={})

    def test_the_route_header_goes_nowhere_but_to_the_clone(self):
        for path in ["http://elsewhere/api/user", "/../../other", "/%2e%2e/other", "https://one/api/user", "http://one/apiary"]:
            with self.subTest(path):
                self.fails("foreign_url", archal.clone_fetch, "github", path, env=at("http://one"))

    def test_both_credentials_arrive_and_redirects_are_followed_on_the_same_server_alone(self):
        seen = []

        def answer(request):
            seen.append((request.path, request.headers["x-route-authorization"], request.headers["authorization"]))
            to = {"/api/near": "/api/there", "/api/far": "http://localhost:1/api/there"}.get(request.path)
            request.send_response(302 if to else 200)
            request.send_header("Content-Length", "0")
            if to:
                request.send_header("Location", to)
            request.end_headers()

        with serving(answer) as url:
            headers = {"Authorization": "token of-a-service", "X-Route-Authorization": "of the caller"}
            self.assertEqual(200, archal.clone_fetch("github", "/near", headers=headers, env=at(url)).status)
            self.assertEqual(302, archal.clone_fetch("github", f"{url}/api/far", headers=headers, env=at(url)).status)
        self.assertEqual([(path, "Bearer ours", "token of-a-service") for path in ("/api/near", "/api/there", "/api/far")], seen)

    def test_silence_and_answers_that_drip_end_with_a_time_out(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            env = at(f"http://127.0.0.1:{silent.getsockname()[1]}")
            self.assertIn("0.05 s", self.fails("timeout", archal.clone_fetch, "github", "/user", timeout=0.05, env=env))

        stopped = threading.Event()

        def drip(request):
            request.send_response(200)
            request.end_headers()
            with contextlib.suppress(OSError):
                while not stopped.wait(0.02):
                    request.wfile.write(b".")

        with serving(drip) as url:
            try:
                self.fails("timeout", archal.clone_fetch, "github", "/user", timeout=0.2, env=at(url))
            finally:
                stopped.set()

    def test_where_nobody_listens_it_says_so(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        self.assertIn("refused", self.fails("unreachable", archal.clone_fetch, "github", "/user", env=at(f"http://127.0.0.1:{port}")))

    def test_a_start_whose_connection_breaks_is_made_once_more_as_the_same_start(self):
        keys = []

        def answer(request):
            keys.append(request.headers["idempotency-key"])
            if len(keys) == 1:
                request.close_connection = True
                return
            body = b'{"sessionId":"ses-1","apiBaseUrls":{}}'
            request.send_response(200)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)

        with serving(answer) as url:
            self.assertEqual("ses-1", archal.session(["github"], token="ours", api_url=url, env={}).id)
        self.assertEqual((2, 1), (len(keys), len(set(keys))))
