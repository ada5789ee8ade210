curl -fsS "$ARCHAL_GITHUB_REST_URL/user" \
  -H "x-route-authorization: Bearer $ARCHAL_TOKEN" \
  -H "Authorization: Bearer $GITHUB_TOKEN"

curl -fsS "$ARCHAL_GITHUB_REST_URL/repos/octocat/small-project/issues" \
  -H "x-route-authorization: Bearer $ARCHAL_TOKEN" \
  -H "Authorization: Bearer $GITHUB_TOKEN" \
  -H "Content-Type: application/json" \
  -d '{"title":"From an example"}'
