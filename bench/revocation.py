"""Usage: revocation.py <rounds> <folder for results> {<name> <file with the owner's token> <port>[,<port>]}…   started by bench/revocation"""
import csv, http.client, json, os, sys, tempfile, threading, time

LONGEST = 480  # a workspace lists 500 keys, ended ones too while there is room; making room is not to be measured


class Api:
    def __init__(self, port, token):
        self.token, self.connection = token, http.client.HTTPConnection("127.0.0.1", port)

    def call(self, method, path, body=None, headers=None):
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **(headers or {})}
        self.connection.request(method, path, json.dumps(body) if body is not None else None, sent)
        answer = self.connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if "json" in (answer.getheader("Content-Type") or "") else None

    def start(self):
        status, session = self.call("POST", "/api/sessions", {"clones": ["origin"]})
        assert status == 200, session
        return session["sessionId"]


def revocations(apis, rounds):
    """Every gateway has admitted the key; after DELETE has answered none does."""
    workspace, session, took = apis[0].call("GET", "/auth/me")[1]["workspaceId"], apis[0].start(), []
    for number in range(rounds):
        key = apis[0].call("POST", f"/api/workspaces/{workspace}/api-keys", {"label": f"bench {number}"})[1]
        shown = {"x-route-authorization": f"Bearer {key['secret']}"}
        assert all(api.call("GET", f"/runtime/{session}/origin/api", headers=shown)[0] == 200 for api in apis)
        began = time.perf_counter()
        status = apis[-1].call("DELETE", f"/api/workspaces/{workspace}/api-keys/{key['id']}")[0]
        took.append(time.perf_counter() - began)
        assert status == 204 and all(api.call("GET", f"/runtime/{session}/origin/api", headers=shown)[0] == 401 for api in apis)
    apis[0].call("DELETE", f"/api/sessions/{session}")
    return took


def starts(port, token, seconds=5, callers=4):
    took, until = [], time.perf_counter() + seconds

    def run():
        api = Api(port, token)
        while time.perf_counter() < until:
            began = time.perf_counter()
            session = api.start()
            took.append(time.perf_counter() - began)
            api.call("DELETE", f"/api/sessions/{session}")

    threads = [threading.Thread(target=run) for _ in range(callers)]
    [thread.start() for thread in threads], [thread.join() for thread in threads]
    return took, len(took) / seconds


def disk():
    with tempfile.NamedTemporaryFile() as file:
        took = []
        for _ in range(200):
            began = time.perf_counter()
            os.write(file.fileno(), b"x" * 500), os.fdatasync(file.fileno())
            took.append(time.perf_counter() - began)
        return took


def at(seconds, share):
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))] * 1000


def say(name, took, more=""):
    line = f"| {name} | {at(took, 0.5):.1f} | {at(took, 0.9):.1f} | {at(took, 0.99):.1f} | {len(took)} | {more} |"
    print(line), report.write(line + "\n")


rounds, folder = min(int(sys.argv[1]), LONGEST), sys.argv[2]
report, rows = open(f"{folder}/report.md", "w"), csv.writer(open(f"{folder}/results.csv", "w"))
head = f"Load of the machine {' '.join(open('/proc/loadavg').read().split()[:3])}, milliseconds\n\n| | p50 | p90 | p99 | of | |\n| --- | --- | --- | --- | --- | --- |"
print(head), report.write(head + "\n")
say("one durable write of this disk", disk())
for name, token, ports in zip(*[iter(sys.argv[3:])] * 3):
    token = open(token).read().strip()
    took = revocations([Api(int(port), token) for port in ports.split(",")], rounds)
    rows.writerows((name, "revocation", number, f"{seconds * 1000:.3f}") for number, seconds in enumerate(took))
    half = len(took) // 2
    say(f"revocation, {name}, first half", took[:half], f"the first {took[0] * 1000:.1f} ms; the hosts still compile what runs often")
    say(f"revocation, {name}, second half", took[half:], "warm")
    took, rate = starts(int(ports.split(",")[0]), token)
    rows.writerows((name, "session start", number, f"{seconds * 1000:.3f}") for number, seconds in enumerate(took))
    say(f"session start, {name}", took, f"{rate:.0f} a second started and stopped, 4 callers")
