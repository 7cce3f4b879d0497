#!/usr/bin/env bash
# The product as a user starts it, embedded: version, help of every verb, a small replay twice with byte-equal alerts, the demo with its two warnings, and a server that answers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work="$(mktemp -d)"
server=""
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; [ ! -d "$work/roles" ] || bash infra/roles.sh stop "$work/roles"; rm -rf "$work"' EXIT
riskwatch() { dotnet artifacts/bin/RiskWatch.Server/release/riskwatch.dll "$@"; }

riskwatch --help >/dev/null
for verb in run demo replay score train evaluate bench rules silences sources alerts deadletter migrate health; do riskwatch "$verb" --help >/dev/null; done
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

# Each role as a process of its own on real servers: what is pushed to one is found through another.
if [ -n "${RISKWATCH_TEST_KAFKA:-}" ] && [ -n "${RISKWATCH_TEST_ELASTICSEARCH:-}" ]; then
    id="smoke$$"
    RISKWATCH_KAFKA="$RISKWATCH_TEST_KAFKA" RISKWATCH_ELASTICSEARCH="$RISKWATCH_TEST_ELASTICSEARCH" RISKWATCH_PORT=18090 \
        RISKWATCH_ARGS="--set RiskWatch:Kafka:TopicPrefix=$id. --set RiskWatch:Elasticsearch:Prefix=$id --set RiskWatch:Elasticsearch:Replicas=0" \
        bash infra/roles.sh start "$work/roles" >"$work/started" || { cat "$work/started"; exit 1; }
    at() { awk -v role="$1" '$1 == role { print $2; exit }' "$work/started"; }
    printf '{"id": "1", "source": "boston-311", "kind": "hotline", "published": "%s", "text": "A smoketree fell on the road"}\n' "$(date -u +%FT%TZ)" |
        curl -fsS --data-binary @- -H 'Content-Type: application/x-ndjson' "$(at ingestion)/api/records" >/dev/null
    for _ in $(seq 120); do
        found="$(curl -fsS "$(at web)/api/records?text=smoketree" || true)"
        case "$found" in *smoketree*) break ;; esac
        sleep 0.5
    done
    case "$found" in *smoketree*) ;; *) tail -n 5 "$work/roles/"*.log; echo "error: what was pushed is not found"; exit 1 ;; esac
    while read -r role url; do
        curl -fsS "$url/metrics" | grep riskwatch_ >/dev/null || { echo "error: $role shows no metrics"; exit 1; }
    done <"$work/started"
    bash infra/roles.sh stop "$work/roles"
fi
echo "smoke: all answered"
