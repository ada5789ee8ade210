"""Usage: soak.py <minutes> <pause in ms> <folder for results> <port> <data directory> <process> <file with the managed memory>   started by bench/soak"""
import csv, http.client, json, os, pathlib, random, sqlite3, sys, threading, time

minutes, pause, folder, port, data, process, heap = float(sys.argv[1]), float(sys.argv[2]) / 1000, *sys.argv[3:]
TOKEN = pathlib.Path(data, "owner.token").read_text().strip()
BEGAN, CALLERS, KEYS, EVERY = time.monotonic(), 6, 480, 2
END = BEGAN + minutes * 60
done = {"sessions": 0, "keys": 0, "requests": 0}
faults = []


class Api:
    def __init__(self):
        self.connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=30)

    def call(self, method, path, body=None, headers=None):
        sent = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", **(headers or {})}
        self.connection.request(method, path, json.dumps(body) if body is not None else None, sent)
        answer = self.connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text and "json" in (answer.getheader("Content-Type") or "") else None


def churn(number):
    """Sessions come and go; now and then a key does (KEYS in all, fewer than a workspace lists); connections are opened anew, some in the middle."""
    api = Api()
    workspace = api.call("GET", "/auth/me")[1]["workspaceId"]
    try:
        while time.monotonic() < END and not faults:
            status, session = api.call("POST", "/api/sessions", {"clones": ["origin"]})
            assert status == 200, (status, session)
            path = f"/runtime/{session['sessionId']}/origin/api"
            headers, key = {"x-route-authorization": f"Bearer {TOKEN}"}, None
            if done["keys"] < KEYS * (time.monotonic() - BEGAN) / (END - BEGAN) and number == 0:
                key = api.call("POST", f"/api/workspaces/{workspace}/api-keys", {"label": "soak"})[1]
                headers = {"x-route-authorization": f"Bearer {key['secret']}"}
                done["keys"] += 1
            for _ in range(random.randint(1, 20)):
                status = api.call(*random.choice([("GET", path), ("GET", path + "/64k"), ("POST", path, {"name": "widget"})]), headers=headers)[0]
                assert status == 200, status
                done["requests"] += 1
            if key:
                assert api.call("DELETE", f"/api/workspaces/{workspace}/api-keys/{key['id']}")[0] == 204
                assert api.call("GET", path, headers=headers)[0] == 401
            answer = api.call("DELETE", f"/api/sessions/{session['sessionId']}")
            assert answer[0] == 204, answer
            done["sessions"] += 1
            time.sleep(pause)
            if random.random() < 0.1:
                if random.random() < 0.5:
                    api.connection.request("GET", "/api/sessions", headers={"Authorization": f"Bearer {TOKEN}"})
                api.connection.close()
                api = Api()
    except Exception as problem:
        faults.append(repr(problem))


def sample():
    links = []
    for name in os.listdir(f"/proc/{process}/fd"):
        try:
            links.append(os.readlink(f"/proc/{process}/fd/{name}"))
        except FileNotFoundError:
            pass
    with sqlite3.connect(f"file:{data}/control.db?mode=ro", uri=True) as tables:
        count = lambda sql: tables.execute(f"SELECT count(*) FROM {sql}").fetchone()[0]
        rows = {"records": count("record WHERE kind <> 'credential'"), "alarms": count("alarm"), "log": count("log")}
    return {"seconds": round(time.monotonic() - BEGAN), "descriptors": len(links), "sockets": sum(link.startswith("socket:") for link in links),
            "managed": int(pathlib.Path(heap).read_text() or 0), **rows, **done}


def highest(samples, name, begin, end):
    return max(row[name] for row in samples[int(len(samples) * begin):int(len(samples) * end)])


# name: how much higher the last third's peak may be than the middle third's, as a factor; and what it may reach in any case, for some of them
# breathe: entities not in use are swept, and the list's log is written anew, when ten thousand have gathered.
LIMITS = {"descriptors": (1.1, 0), "sockets": (1.1, 48), "managed": (1.15, 72 << 20), "records": (1.25, 1000), "alarms": (1.25, 1000), "log": (1.25, 12_000)}
threads = [threading.Thread(target=churn, args=(number,)) for number in range(CALLERS)]
[thread.start() for thread in threads]
samples = []
while time.monotonic() < END and not faults:
    time.sleep(EVERY)
    samples.append(sample())
[thread.join() for thread in threads]
with open(f"{folder}/results.csv", "w") as file:
    rows = csv.DictWriter(file, samples[0].keys())
    rows.writeheader(), rows.writerows(samples)
lines = [f"{(time.monotonic() - BEGAN) / 60:.1f} of {minutes:g} minutes, {done['sessions']} sessions, {done['keys']} keys, {done['requests']} requests; "
         f"load of the machine at the end {' '.join(open('/proc/loadavg').read().split()[:3])}", "",
         "| | peak of the middle third | of the last third | flat |", "| --- | --- | --- | --- |"]
flat = not faults
for name, (factor, breath) in LIMITS.items():
    middle, last = highest(samples, name, 1 / 3, 2 / 3), highest(samples, name, 2 / 3, 1)
    fine = last <= max(middle * factor, breath)
    flat &= fine
    lines.append(f"| {name} | {middle} | {last} | {'yes' if fine else 'NO'} |")
lines += [f"Fault: {fault}" for fault in faults]
print("\n".join(lines))
pathlib.Path(folder, "report.md").write_text("\n".join(lines) + "\n")
sys.exit(0 if flat else 1)
