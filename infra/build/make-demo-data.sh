#!/usr/bin/env bash
# Makes the bundled demo data again from the data sets it was cut from (services/RiskWatch.Server/Demo/README.md names them and their licences).
#   infra/build/make-demo-data.sh DATA_FOLDER
set -euo pipefail
data="${1:?the folder that holds en_311_boston_2011h2 and zh_weibo_hotsearch}"
out="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/services/RiskWatch.Server/Demo"
python3 - "$data" "$out" <<'PY'
import csv, datetime, gzip, io, sys

data, out = sys.argv[1:]
columns = ["case_enquiry_id", "open_dt", "target_dt", "closed_dt", "case_status", "case_title", "reason", "type", "department", "neighborhood", "latitude", "longitude", "source"]

def write(name, text):
    # No time and no name in the header: the same input gives the same bytes.
    with open(f"{out}/{name}", "wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=9, mtime=0) as zipped:
        zipped.write(text.encode("utf-8"))

rows = io.StringIO()
writer = csv.DictWriter(rows, columns, extrasaction="ignore", lineterminator="\n")
writer.writeheader()
with open(f"{data}/en_311_boston_2011h2/boston311_2011-07_09.csv", encoding="utf-8", newline="") as source:
    for row in csv.DictReader(source):
        if "2011-07-01" <= row["open_dt"] < "2011-09-06":
            writer.writerow(row)
write("boston-311.csv.gz", rows.getvalue())

beijing = datetime.timezone(datetime.timedelta(hours=8))
lines = ["first_seen_epoch\tday\ttitle\n"]
with open(f"{data}/zh_weibo_hotsearch/first_seen_2020-11-24_2023-12-31.tsv", encoding="utf-8") as source:
    next(source)
    for line in source:
        epoch = line.split("\t", 1)[0]
        if "2021-06-15" <= datetime.datetime.fromtimestamp(int(epoch), beijing).strftime("%Y-%m-%d") < "2021-07-26":
            lines.append(line)
write("weibo-hotsearch.tsv.gz", "".join(lines))
PY
ls -l "$out"
