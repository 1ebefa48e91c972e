"""The second argument of a function: what Lambda tells it about the call."""

import time
import uuid
from dataclasses import dataclass, field

from infra.local.moto_cloud import REGION

ACCOUNT = "123456789012"


@dataclass
class LambdaContext:
    """What Lambda tells a function about the call: who it is, and how long it still has."""

    function_name: str
    timeout_seconds: float = 20
    memory_limit_in_mb: int = 512
    function_version: str = "$LATEST"
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    log_stream_name: str = "laptop"
    identity: None = None
    client_context: None = None
    _started: float = field(default_factory=time.monotonic)

    @property
    def invoked_function_arn(self) -> str:
        """The function's own name in AWS's words."""
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.function_name}"

    @property
    def log_group_name(self) -> str:
        """Where AWS would write its logs."""
        return f"/aws/lambda/{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds before Lambda would stop the call; never negative."""
        left = self._started + self.timeout_seconds - time.monotonic()
        return max(0, int(left * 1000))
