"""Unique personal things and who holds them: claimed, released, claimed again. A claim's row is never deleted."""

from cvec.domain.accounts import Claim
from cvec.ports import Tools

NOBODY = "nobody"
"""Whom to look for in storage when there is nobody, so that looking takes the same time."""


def find_holder(of: str, name: str, *, tools: Tools) -> str | None:
    """The person who holds it; None where nobody ever did, or it was released."""
    claim = tools.store.find(Claim, of, name)
    return claim.holder[0] if claim and claim.holder else None


def claimed(of: str, name: str, person_id: str, *, tools: Tools) -> Claim:
    """The claim to commit, over a released one if there is one; the commit is stale if somebody else holds it."""
    claim = tools.store.find(Claim, of, name)
    if claim is None or claim.holder:
        return Claim(of=of, name=name, holder=(person_id,))
    return claim.next(holder=(person_id,))


def released(of: str, name: str, person_id: str, *, tools: Tools) -> list[Claim]:
    """The claim that this person gives up, to commit; none where it is not theirs."""
    claim = tools.store.find(Claim, of, name)
    return [claim.next(holder=())] if claim and claim.holder == (person_id,) else []
