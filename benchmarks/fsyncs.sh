#!/usr/bin/env bash
# Count fsync and fdatasync calls a spectrum over the whole demo. Needs strace (Linux).
# Run with: bash benchmarks/fsyncs.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
strace -f -qq -e trace=fsync,fdatasync -o "$folder/calls" \
    stripbench demo --store "$folder/store.sqlite" --json "$folder/demo.json" >/dev/null
python - "$folder" <<'PY'
import json, pathlib, sys

folder = pathlib.Path(sys.argv[1])
calls = sum("fsync(" in line or "fdatasync(" in line for line in open(folder / "calls"))
spectra = sum(run["spectra"] for run in json.load(open(folder / "demo.json"))["runs"])
print(f"{calls} fsync and fdatasync calls, {spectra} spectra: {calls / spectra:.3f} a spectrum")
PY
