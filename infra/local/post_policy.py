"""The policy of a presigned POST, kept as S3 keeps it: signed, in time, and every field exactly as it was allowed."""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

SECRET_KEY = "laptop"
"""What this cloud's clients sign with (moto_cloud.py)."""
_UNSIGNED = {"policy", "x-amz-signature", "file"}


class PolicyRefusal(Exception):
    """S3's refusal: its code and its status."""

    def __init__(self, code: str, status: int = HTTPStatus.FORBIDDEN) -> None:
        super().__init__(code)
        self.code, self.status = code, status


def checked_policy(fields: Mapping[str, str], *, bucket: str, size: int) -> None:
    """Raise PolicyRefusal unless a form with these fields and a file of this size is what was allowed."""
    policy = _signed_policy(fields)
    if datetime.fromisoformat(policy["expiration"]) <= datetime.now(UTC):
        raise PolicyRefusal("AccessDenied")
    allowed = {"bucket"}
    for condition in policy["conditions"]:
        allowed |= _kept(condition, {**fields, "bucket": bucket}, size)
    unforeseen = fields.keys() - allowed - _UNSIGNED
    if unforeseen:
        raise PolicyRefusal("AccessDenied")


def _signed_policy(fields: Mapping[str, str]) -> Any:
    """The policy, if its signature is ours."""
    try:
        signature = _signature(fields["policy"], fields["x-amz-credential"])
        is_ours = hmac.compare_digest(signature, fields["x-amz-signature"])
        policy = json.loads(base64.b64decode(fields["policy"], validate=True))
    except (KeyError, ValueError, binascii.Error):
        raise PolicyRefusal("InvalidArgument", HTTPStatus.BAD_REQUEST) from None
    if not is_ours:
        raise PolicyRefusal("SignatureDoesNotMatch")
    return policy


def _signature(policy: str, credential: str) -> str:
    """AWS's signature, version 4, of a policy as it travels."""
    key = f"AWS4{SECRET_KEY}".encode()
    for part in credential.split("/")[1:]:
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, policy.encode(), "sha256").hex()


def _kept(condition: Any, fields: Mapping[str, str], size: int) -> set[str]:
    """The fields a condition is about, once it holds."""
    match condition:
        case ["content-length-range", least, most]:
            if size < least:
                raise PolicyRefusal("EntityTooSmall", HTTPStatus.BAD_REQUEST)
            if size > most:
                raise PolicyRefusal("EntityTooLarge", HTTPStatus.BAD_REQUEST)
            return set()
        case ["starts-with", str(name), beginning]:
            field, is_kept = name[1:], fields.get(name[1:], "").startswith(beginning)
        case ["eq", str(name), wanted]:
            field, is_kept = name[1:], fields.get(name[1:]) == wanted
        case dict():
            [(field, wanted)] = condition.items()
            is_kept = fields.get(field) == wanted
        case _:
            raise PolicyRefusal("InvalidPolicyDocument", HTTPStatus.BAD_REQUEST)
    if not is_kept:
        raise PolicyRefusal("AccessDenied")
    return {field}
