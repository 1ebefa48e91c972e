"""`python -m infra.deploy.cli … `, and `make cvec ARGS="…"`: do one thing in a deployment, and say what came of it.

Exit code: 0 when all is well, 1 when something is for somebody to see, 2 when it was refused or could not be asked.
"""

import sys
from collections.abc import Sequence
from contextlib import redirect_stdout

from botocore.exceptions import BotoCoreError, ClientError
from cvec import wiring
from cvec.domain.errors import Refusal

from infra.deploy.cli import deployments
from infra.deploy.cli.arguments import parser
from infra.deploy.cli.reports import REFUSED, Report, refusal, text


def main(given: Sequence[str] | None = None) -> int:
    """Run one command of the command line; the exit code."""
    asked = parser().parse_args(given)
    with redirect_stdout(sys.stderr):  # the layer logs to standard output, which is for the answer alone
        report = answered(asked.command, asked)
    print(text(report, as_json=asked.json), file=sys.stderr if report.code == REFUSED and not asked.json else None)
    return report.code


def answered(command: deployments.Command, asked: deployments.Asked) -> Report:
    """What the command answers in the deployment that was asked for; a refusal is an answer."""
    try:
        deployments.enter(asked)
        return command(asked, wiring.tools())
    except Refusal as refused:
        return refusal(refused.code, [f"{one.field}: {one.code}" for one in refused.fields])
    except deployments.NoDeployment as missing:
        return refusal("no_deployment", [str(missing)])
    except (ClientError, BotoCoreError) as fault:
        return refusal("aws_refused", [str(fault)])


if __name__ == "__main__":
    sys.exit(main())
