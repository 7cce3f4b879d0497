#!/usr/bin/env bash
# Each role as a process of its own against given Kafka and Elasticsearch, where Docker is not at hand.
#   infra/roles.sh start DIR     starts them, waits until all are ready, prints role and address of each; logs and process ids lie in DIR
#   infra/roles.sh status DIR    role, address, and whether it is ready
#   infra/roles.sh stop DIR      ends those that were started, in order, each with time to commit
# Environment: RISKWATCH_KAFKA (default 127.0.0.1:9092), RISKWATCH_ELASTICSEARCH (http://127.0.0.1:9200), RISKWATCH_ROLES (default
# "ingestion classification classification alerting alerting indexing web jobs"), RISKWATCH_PORT (8080: the first port), RISKWATCH_ARGS (more arguments for
# every process), RISKWATCH (the program; default: the Release build, else the Debug build).
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
action="${1:-}" work="${2:-}"
[ -n "$work" ] || { sed -n 2,8p "${BASH_SOURCE[0]}" | cut -c3-; exit 2; }

program="${RISKWATCH:-}"
for build in release debug; do
    [ -n "$program" ] || [ ! -f "$here/artifacts/bin/RiskWatch.Server/$build/riskwatch.dll" ] || program="$here/artifacts/bin/RiskWatch.Server/$build/riskwatch.dll"
done

ready() { curl -fsS -m 5 "$1/health/ready" 2>/dev/null || echo "not ready"; }

stop() {
    [ -f "$work/roles" ] || return 0
    # Those that read first, so that what they hand on is still handled.
    while read -r role pid url; do kill -TERM "$pid" 2>/dev/null || true; done <"$work/roles"
    for _ in $(seq 300); do
        alive=0
        while read -r role pid url; do if kill -0 "$pid" 2>/dev/null; then alive=1; fi; done <"$work/roles"
        [ "$alive" -eq 1 ] || break
        sleep 0.2
    done
    while read -r role pid url; do
        if kill -KILL "$pid" 2>/dev/null; then echo "error: $role ($pid) did not end by itself" >&2; fi
    done <"$work/roles"
    rm -f "$work/roles"
}

start() {
    [ ! -f "$work/roles" ] || { echo "error: $work/roles says that roles run already; stop them first" >&2; exit 1; }
    [ -f "$program" ] || { echo "error: no program; build it: dotnet build -c Release services/RiskWatch.Server" >&2; exit 1; }
    mkdir -p "$work"
    port="${RISKWATCH_PORT:-8080}" number=0
    declare -A seen=()
    : >"$work/roles"
    for role in ${RISKWATCH_ROLES:-ingestion classification classification alerting alerting indexing web jobs}; do
        seen[$role]=$((${seen[$role]:-0} + 1))
        url="http://127.0.0.1:$((port + number))"
        # shellcheck disable=SC2086 # RISKWATCH_ARGS is a list of words.
        dotnet "$program" run --role "$role" --urls "$url" --data "$work/data" --log kafka --store elasticsearch \
            --set "RiskWatch:Instance=$role-${seen[$role]}" --set "RiskWatch:Kafka:BootstrapServers=${RISKWATCH_KAFKA:-127.0.0.1:9092}" \
            --set "RiskWatch:Elasticsearch:Urls=${RISKWATCH_ELASTICSEARCH:-http://127.0.0.1:9200}" ${RISKWATCH_ARGS:-} \
            >"$work/$role-${seen[$role]}.log" 2>&1 </dev/null &
        echo "$role $! $url" >>"$work/roles"
        number=$((number + 1))
    done
    while read -r role pid url; do
        for _ in $(seq 600); do
            [ "$(ready "$url")" != ready ] || break
            kill -0 "$pid" 2>/dev/null || { echo "error: $role ended:" >&2; tail -n 5 "$work/$role-"*.log >&2; stop; exit 1; }
            sleep 0.5
        done
        [ "$(ready "$url")" = ready ] || { echo "error: $role at $url is not ready after five minutes: $(curl -sS -m 5 "$url/health/ready" 2>&1)" >&2; stop; exit 1; }
        echo "$role $url"
    done <"$work/roles"
}

case "$action" in
    start) start ;;
    stop) stop ;;
    status) while read -r role pid url; do echo "$role $url $(ready "$url")"; done <"$work/roles" ;;
    *) echo "error: '$action' is none of start, status, stop" >&2; exit 2 ;;
esac
