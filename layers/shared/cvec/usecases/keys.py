"""Names under which personal things are claimed or counted, without being readable there."""

from cvec.domain.email import same_mailbox_key
from cvec.ports import Tools

EMAIL, INE, CERTIFICATE, TRANSACTION = "email", "ine", "certificate", "transaction"
"""What a claim may be of."""


def email_key(address: str, *, tools: Tools) -> str:
    """The claim and throttle name of a mailbox."""
    return tools.secrets.derive("email", same_mailbox_key(address)).hex()[:40]


def ine_key(ine: str, *, tools: Tools) -> str:
    """The claim name of an INE."""
    return tools.secrets.derive("ine", ine).hex()[:40]
