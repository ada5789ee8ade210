"""Against a control plane that runs: ARCHAL_API_URL and ARCHAL_TOKEN say which."""

import json
import os
import unittest

import archal_runtime as archal

AS_OCTOCAT = {"Authorization": "token of-a-service"}


@unittest.skipUnless(os.environ.get("ARCHAL_TOKEN"), "ARCHAL_TOKEN is not set")
class LiveTests(unittest.TestCase):
    def started(self):
        one = archal.session(clones=["github"], seeds={"github": "small-project"}, ttl_seconds=600)
        self.addCleanup(one.stop)
        return one

    def refused(self, call, *arguments, **named):
        with self.assertRaises(archal.ArchalError) as caught:
            call(*arguments, **named)
        return caught.exception

    def test_a_session_is_started_called_and_stopped(self):
        with self.started() as one:
            self.assertEqual("octocat", one.fetch("github", "/user", headers=AS_OCTOCAT).ensure_ok().json()["login"])
            repo = one.fetch("github", "/user/repos", headers=AS_OCTOCAT).json()[0]
            self.assertTrue(repo["url"].startswith(one.clone_url("github") + "/"))
            self.assertEqual(200, one.fetch("github", repo["url"], headers=AS_OCTOCAT).status)
            made = one.fetch("github", "/repos/octocat/small-project/issues", "POST", AS_OCTOCAT, {"title": "From a test"})
            self.assertEqual(201, made.status)
        one.stop()
        ended = self.refused(one.fetch, "github", "/user", headers=AS_OCTOCAT)
        self.assertEqual((404, "session_ended", "gateway"), (ended.status, ended.code, ended.source))

    def test_a_session_and_a_token_of_the_environment_are_enough(self):
        one = self.started()
        env = {name: os.environ[name] for name in ("ARCHAL_API_URL", "ARCHAL_TOKEN")}
        answer = archal.clone_fetch("github", "/user", headers=AS_OCTOCAT, env={**env, "AGENT_SESSION_ID": one.id})
        self.assertEqual(200, answer.status)

    def test_a_refused_token_is_the_gateways_answer(self):
        one = self.started()
        env = {"AGENT_CLONE_URLS": json.dumps(one.clone_urls), "ARCHAL_TOKEN": "of-nobody"}
        refused = self.refused(archal.clone_fetch, "github", "/user", headers=AS_OCTOCAT, env=env)
        self.assertEqual((401, "credential_malformed", "gateway"), (refused.status, refused.code, refused.source))
        self.assertIn(refused.request_id, str(refused))
        self.assertEqual(401, self.refused(archal.session, ["github"], token="of-nobody").status)
        self.assertEqual((400, "gateway"), (lambda one: (one.status, one.source))(self.refused(archal.session, ["no-such"])))

    def test_the_clones_own_answers_come_back_as_they_are_and_are_told_apart(self):
        one = self.started()
        missing = one.fetch("github", "/repos/no/where", headers=AS_OCTOCAT)
        self.assertEqual(404, missing.status)
        failure = self.refused(missing.ensure_ok)
        self.assertEqual((404, "http_404", "clone", "Not Found"), (failure.status, failure.code, failure.source, failure.detail["message"]))
        anonymous = self.refused(one.fetch("github", "/user").ensure_ok)
        self.assertEqual((401, "clone"), (anonymous.status, anonymous.source))
        self.assertIn("Authorization", str(anonymous))
