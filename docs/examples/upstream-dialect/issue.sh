curl -fsS "$ARCHAL_GITHUB_REST_URL/user" \
  -H "Authorization: Bearer $ARCHAL_TOKEN" \
  -H "x-archal-upstream-authorization: Bearer $GITHUB_TOKEN"

curl -fsS "$ARCHAL_GITHUB_REST_URL/repos/octocat/small-project/issues" \
  -H "Authorization: Bearer $ARCHAL_TOKEN" \
  -H "x-archal-upstream-authorization: Bearer $GITHUB_TOKEN" \
  -H "Content-Type: application/json" \
  -d '{"title":"From an example"}'
