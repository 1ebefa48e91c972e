#!/usr/bin/env bash
# Install Debian packages where that is allowed without asking: as root, or by sudo without a password.
# Fails without a word where it is not.
set -euo pipefail

command -v apt-get >/dev/null || exit 1
if [ "$(id -u)" -eq 0 ]; then
    as_root=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
else
    exit 1
fi

echo "Installing $* ..." >&2
export DEBIAN_FRONTEND=noninteractive
{ "${as_root[@]}" apt-get update -q && "${as_root[@]}" apt-get install -y -q --no-install-recommends "$@"; } >/dev/null
