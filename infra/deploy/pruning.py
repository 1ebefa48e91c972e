"""What packages bring that no request ever reads: taken out, so that a cold start unpacks and finds less.

Licences stay. `tests/functions/test_built_artefact.py` answers events from what is left.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

SERVICES = ("dynamodb", "s3", "secretsmanager", "sesv2", "sqs")
"""The AWS services the adapters speak to. botocore describes four hundred; making a client looks through them all."""

LOCALES = ("root", "fr", "fr_FR", "en", "en_US")
"""The locales texts are written in, and those they inherit from."""

NEVER_READ = (
    "bin",
    "dns",  # email-validator's look at DNS, which we leave switched off
    "pycparser*",  # cffi reads C with it, when a module is built
    "**/tests",
    "**/*.pyi",
    "**/*.c",
    "**/*.h",
    "*.dist-info/RECORD",
    "*.dist-info/INSTALLER",
    "*.dist-info/REQUESTED",
    "*.dist-info/entry_points.txt",  # pydantic looks here for plug-ins at each start
    "cffi",  # builds modules; the built one needs _cffi_backend alone
    "pydantic/v1",
    "pydantic/mypy.py",
    "babel/messages",
    "dateutil/zoneinfo/*.tar.gz",  # botocore tells time in UTC; we ask tzdata
    "urllib3/contrib/emscripten",
    "aws_lambda_powertools/event_handler",
    "aws_lambda_powertools/metrics/provider/datadog",
    "stripe/params",  # types of parameters, imported under TYPE_CHECKING alone
    "stripe/events",  # those of the second API; lazily imported, and we read the first's
    "boto3/data",
    "boto3/examples",
    "botocore/data/*/*/examples-1.json*",
)

KEPT_ONLY = {
    "chalice": ("__init__.py", "app.py"),
    "aws_lambda_powertools/utilities": ("__init__.py", "batch", "data_classes", "jmespath_utils", "typing"),
    "tzdata/zoneinfo": ("Europe", "UTC"),
    "babel/locale-data": tuple(f"{name}.dat" for name in LOCALES),
    "botocore/data": (
        *SERVICES,
        "_retry.json",
        "endpoints.json",
        "partitions.json",
        "sdk-default-configuration.json",
    ),
}
"""Folders of which only these entries are kept."""


def unread(folder: Path) -> Iterator[Path]:
    """What can go, of the packages that are there."""
    for pattern in NEVER_READ:
        yield from folder.glob(pattern)
    for name, kept in KEPT_ONLY.items():
        found = folder / name
        if found.is_dir():
            yield from (entry for entry in found.iterdir() if entry.name.removesuffix(".gz") not in kept)


def prune(folder: Path) -> None:
    """Take out what is never read."""
    for path in list(unread(folder)):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
