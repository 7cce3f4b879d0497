#!/usr/bin/env bash
# The product as a user starts it, embedded: version, help of every verb, a small replay twice with byte-equal alerts, the demo with its two warnings, and a server that answers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work="$(mktemp -d)"
server=""
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
riskwatch() { dotnet artifacts/bin/RiskWatch.Server/release/riskwatch.dll "$@"; }

riskwatch --help >/dev/null
for verb in run demo replay score train evaluate bench rules silences alerts deadletter; do riskwatch "$verb" --help >/dev/null; done
if riskwatch nonsense >/dev/null 2>&1; then echo "error: an unknown verb must fail"; exit 1; else [ $? -eq 2 ]; fi

for run in a b; do
    riskwatch replay services/RiskWatch.Server/Demo/boston-311.csv.gz --mapping boston-311 --site boston --store none --out "$work/$run" 2>"$work/$run.log" || { cat "$work/$run.log"; exit 1; }
done
cmp "$work/a/alerts.jsonl" "$work/b/alerts.jsonl"
grep -q '"2011-08-28' "$work/a/alerts.jsonl" || { echo "error: no warning on 2011-08-28"; exit 1; }

riskwatch demo --exit --urls http://127.0.0.1:18081 2>"$work/demo.log" || { cat "$work/demo.log"; exit 1; }
[ "$(grep -c 'first warning  20' "$work/demo.log")" -eq 2 ] || { cat "$work/demo.log"; echo "error: the demo does not warn of both incidents"; exit 1; }

riskwatch run --data "$work/live" --urls http://127.0.0.1:18080 2>"$work/run.log" &
server=$!
for _ in $(seq 100); do
    curl -fsS http://127.0.0.1:18080/health/ready >/dev/null 2>&1 && break
    kill -0 "$server" 2>/dev/null || { cat "$work/run.log"; exit 1; }
    sleep 0.3
done
curl -fsS http://127.0.0.1:18080/health/ready >/dev/null
curl -fsS http://127.0.0.1:18080/api/status >/dev/null
curl -fsS http://127.0.0.1:18080/ >/dev/null
kill "$server"
wait "$server" || true
server=""
echo "smoke: all answered"
