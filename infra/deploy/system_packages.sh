#!/usr/bin/env bash
# The programs of Debian that tests use and PyPI does not carry: installed where allowed, else said what will be skipped.
set -euo pipefail

declare -A wanted=(
    [chromium]="tests/browser (pages in a real browser) will be skipped"
    [pdftotext]="tests that read a certificate as its reader does will be skipped"
)
declare -A package_of=([chromium]=chromium [pdftotext]=poppler-utils)

missing=()
for program in "${!wanted[@]}"; do
    command -v "$program" >/dev/null || missing+=("$program")
done
[ ${#missing[@]} -eq 0 ] && exit 0

packages=()
for program in "${missing[@]}"; do packages+=("${package_of[$program]}"); done
infra/deploy/install.sh "${packages[@]}" && exit 0

for program in "${missing[@]}"; do
    echo "make: no ${package_of[$program]}: ${wanted[$program]} (apt-get install ${package_of[$program]})" >&2
done
