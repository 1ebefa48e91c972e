"""What AWS says went wrong, by what to do about it: try again, or wake somebody up."""

from collections.abc import Iterator
from contextlib import contextmanager

from cvec.domain.errors import TryAgain

_TRANSIENT_CODES = """
    InternalServerError InternalFailure ProvisionedThroughputExceededException RequestLimitExceeded RequestTimeout
    ServiceUnavailable SlowDown ThrottlingException Throttling ThrottledException TooManyRequestsException
    TransactionInProgressException InternalError RequestThrottled 500 502 503 504
"""
_TRANSIENT = frozenset(_TRANSIENT_CODES.split())


@contextmanager
def translated() -> Iterator[None]:
    """Turn what may pass (throttles, time-outs, outages) into TryAgain; anything else stays a fault of ours."""
    from botocore import exceptions

    try:
        yield
    except exceptions.ClientError as error:
        if error.response["Error"]["Code"] in _TRANSIENT or _is_passing_cancellation(error):
            raise TryAgain from error
        raise
    except (exceptions.ConnectionError, exceptions.HTTPClientError) as error:
        raise TryAgain from error


def _is_passing_cancellation(error: Exception) -> bool:
    """A transaction cancelled only by throttling."""
    reasons = getattr(error, "response", {}).get("CancellationReasons", [])
    codes = {reason.get("Code") for reason in reasons} - {"None", None}
    return bool(codes) and codes <= {"ThrottlingError", "ProvisionedThroughputExceeded"}
