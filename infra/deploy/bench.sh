#!/usr/bin/env bash
# Every benchmark in bench/, one after the other.
set -euo pipefail
for script in bench/*.py; do
    echo "── ${script#bench/}"
    PYTHONPATH=.:layers/shared .venv/bin/python "$script"
done
