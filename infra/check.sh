#!/usr/bin/env bash
# Everything that must hold before a change lands: locked restore, format, Release build, tests, and the product itself on a small replay.
#   infra/check.sh [RESULTS_DIR]    result files (TRX) go to RESULTS_DIR
# Which servers the tests use: RISKWATCH_TEST_KAFKA and so on; without them those tests skip with the reason.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
results="${1:-$(mktemp -d)}"

step() { echo "== $* ($(date +%T))"; }

step restore
dotnet restore --locked-mode

step format
dotnet format --no-restore --verify-no-changes

step build
dotnet build --no-restore -c Release

step test
code=0
dotnet test --no-build -c Release --results-directory "$results" --report-xunit-trx || code=$?

step smoke
bash infra/smoke.sh || code=$?
exit "$code"
