#!/usr/bin/env bash
# An environment with exactly what a lock file names, every download checked against its hash.
#
#     environment.sh FOLDER LOCK
#
# Needs python3 (3.11 or later) and a package index. uv installs several times faster than pip: where the lock names it,
# pip installs only uv, and uv the rest.
set -euo pipefail

folder=$1 lock=$2 python=${PYTHON:-python3}

say_why_and_stop() {
    echo "make: $1" >&2
    exit 1
}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    say_why_and_stop "Python 3.11 or later is needed; name one with: make PYTHON=python3.11 ..."

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    infra/deploy/install.sh python3-venv ||
        say_why_and_stop "Python's venv module is missing; an administrator can: apt-get install python3-venv"
fi

pip_install() {
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps "$@"
}

echo "Making $folder from $lock (once; about a minute) ..." >&2
[ -x "$folder/bin/python" ] || "$python" -m venv --clear "$folder"

# The stanza of uv in the lock: its line and the hashes indented under it.
awk '/^[^ ]/ { wanted = /^uv==/ } wanted' "$lock" >"$folder/uv.txt"
if [ -s "$folder/uv.txt" ]; then
    pip_install -r "$folder/uv.txt"
    "$folder/bin/uv" pip sync --quiet --require-hashes --python "$folder/bin/python" "$lock"
else
    pip_install -r "$lock"
fi
touch "$folder/.ready"
