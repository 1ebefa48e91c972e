#!/usr/bin/env bash
# The AWS SAM command line, from an environment of its own: it wants other versions of pydantic and boto3 than we do.
#
#     sam.sh build              samconfig.toml holds the defaults
#     sam.sh deploy [--guided]
set -euo pipefail

export PATH=$PWD/.venv-sam/bin:$PATH
export PYTHON=$PWD/.venv-sam/bin/python # builds the artefacts: the Makefile's build-* targets
export SAM_CLI_TELEMETRY=0

if [ "$1" != build ]; then exec sam "$@"; fi

"$PYTHON" -m infra.deploy.bytecode
sam "$@"
"$PYTHON" -m infra.deploy.package sizes .aws-sam/build
