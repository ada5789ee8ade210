import json
import os
import urllib.request

base = os.environ["ARCHAL_GITHUB_REST_URL"]
headers = {
    "x-route-authorization": f"Bearer {os.environ['ARCHAL_TOKEN']}",
    "Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}",
    "Content-Type": "application/json",
}


def call(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data=data, headers=headers)
    with urllib.request.urlopen(request, timeout=15) as response:
        return json.load(response)


print(call("/user")["login"])
print(call("/repos/octocat/small-project/issues", {"title": "From an example"})["html_url"])
