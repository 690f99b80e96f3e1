# Sourced by scripts: start_endpoint and stop_endpoint, and the environment that points to it.

start_endpoint() {
  local ready
  ready=$(mktemp -d)/port
  "$PWD/.venv/bin/python" Scripts/endpoint/server.py --port 0 --ready-file "$ready" >/dev/null &
  endpoint_pid=$!
  # The first time, Python compiles all that it loads.
  for _ in $(seq 600); do
    [ -s "$ready" ] && break
    kill -0 "$endpoint_pid" 2>/dev/null || { echo "the endpoint did not start" >&2; return 1; }
    sleep 0.1
  done
  [ -s "$ready" ] || { echo "the endpoint did not start within 60 s" >&2; return 1; }
  export AWS_ENDPOINT_URL="http://127.0.0.1:$(cat "$ready")"
  # The endpoint reads the account from the key.
  export AWS_ACCESS_KEY_ID=AKIA123456789012DEMO
  export AWS_SECRET_ACCESS_KEY=test-secret
  export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
  export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_PAGER=
  unset AWS_PROFILE AWS_SESSION_TOKEN AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT TRUEUP_JOURNAL
  rm -rf "$(dirname "$ready")"
}

stop_endpoint() {
  kill "$endpoint_pid" 2>/dev/null || true
  wait "$endpoint_pid" 2>/dev/null || true
}
