"""Where the student registers this year, if it is known yet."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from cvec.domain.identity import DepartmentCode
from cvec.domain.model import Value
from cvec.domain.text import Line120


class InstitutionStatus(StrEnum):
    """The four answers of the institution screen."""

    FRANCE = "france"
    NOT_REGISTERED = "not_registered"
    ABROAD = "abroad"
    OTHER = "other"


class Institution(Value):
    """The institution screen. A department and a name in France; a name elsewhere; nothing when not registered."""

    status: InstitutionStatus
    department: DepartmentCode | None = None
    name: Line120 | None = None
    uai: Annotated[str, Field(pattern=r"^[0-9]{7}[A-HJ-NPR-Z]$")] | None = None
    """The ministry's code of the institution, when it was chosen from the list."""

    @model_validator(mode="after")
    def _what_each_status_asks(self) -> Self:
        if self.status is InstitutionStatus.FRANCE and self.department is None:
            raise ValueError("department")
        if self.status is not InstitutionStatus.NOT_REGISTERED and self.name is None:
            raise ValueError("name")
        if self.status is InstitutionStatus.NOT_REGISTERED and (self.name or self.department or self.uai):
            raise ValueError("name")
        return self
