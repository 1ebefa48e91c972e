"""Choosing an institution: found in the list while it is typed, and held to the list once it was chosen from it."""

from cvec.domain.errors import FieldError, InvalidFields
from cvec.domain.institution import Institution
from cvec.domain.institutions import CatalogueInstitution
from cvec.domain.model import Value
from cvec.ports import Tools


class InstitutionView(Value):
    """An institution found: the line to show, and what to send back as it is: UAI, name and department.

    Department 999 is outside France: send the status `abroad`, and no department.
    """

    uai: str
    name: str
    label: str
    department: str

    @classmethod
    def of(cls, institution: CatalogueInstitution) -> "InstitutionView":
        """What a search shows of an institution."""
        return cls.model_validate({field: getattr(institution, field) for field in cls.model_fields})


def search_institutions(text: str | None, department: str | None, *, tools: Tools) -> list[InstitutionView]:
    """Those of a department, or whose words begin so, or both; none for neither."""
    return [InstitutionView.of(one) for one in tools.institutions.search(text or "", department)]


def check_on_list(institution: Institution, *, tools: Tools) -> None:
    """Raise InvalidFields where the screen bears a UAI and is not what the list says of it."""
    if institution.uai is None:
        return
    known = tools.institutions.find(institution.uai)
    if known is None or known.screen != institution:
        raise InvalidFields(FieldError("uai", "unknown_institution"))
