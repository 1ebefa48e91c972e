#!/usr/bin/env bash
# Write requirements/*.txt again from requirements/*.in. Versions already locked stay unless they no longer fit;
# `make lock UPGRADE=--upgrade` takes the newest. What is deployed is what was tested: dev.txt binds the others.
# The files hold no registry's address.
set -euo pipefail
uv=$PWD/.venv/bin/uv
cd requirements

lock() {
    # shellcheck disable=SC2086 # UPGRADE may hold several options, or none
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header ${UPGRADE:-} "$1.in" -o "$1.txt" "${@:2}"
}

lock dev
for name in layer pay certify inspect; do lock "$name" -c dev.txt; done
lock chalice --no-deps -c dev.txt
lock sam
