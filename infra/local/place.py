"""Where saved content comes from and goes to: the resources of one stack in moto, and one folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moto.core.base_backend import BackendDict

from infra.local.moto_cloud import REGION, MotoCloud
from infra.local.stack import Stack

Json = Any


@dataclass(frozen=True)
class Place:
    """A stack, its cloud and the folder of its state."""

    stack: Stack
    cloud: MotoCloud
    folder: Path

    def named(self, kind: str) -> Iterator[tuple[str, str]]:
        """Logical and physical name of each resource of one type."""
        return ((one, self.stack.name(one)) for one in self.stack.template.resources_of(kind))

    def backend(self, backends: BackendDict, region: str = REGION) -> Any:
        """Moto's own objects; only while the cloud's lock is held."""
        return self.cloud.backend(backends, region)
