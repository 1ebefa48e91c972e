"""One good body for every JSON model and form that the doors take: what tests spoil, field by field."""

import json
from typing import Any

from tests.support.people import CONTACT, EMAIL, FRANCOIS, LYON, PASSWORD

GOOD: dict[str, dict[str, Any]] = {
    "Identity": json.loads(FRANCOIS.model_dump_json()),
    "EmailGiven": {"email": EMAIL, "email_again": EMAIL},
    "IneGiven": {"ine": "1409002949V"},
    "Institution": {
        "status": "france",
        "department": "69",
        "name": "Université Claude Bernard - Lyon 1",
        "uai": "0691774D",
    },
    "Contact": json.loads(CONTACT.model_dump_json()),
    "ClosingAsked": {"password": PASSWORD},
    "CodeTyped": {"code": "IXNEJC"},
    "PasswordLinkAsked": {"email": EMAIL},
    "PasswordChosen": {"token": "invented", "password": PASSWORD},
    "ResumeLinkAsked": {"email": EMAIL},
    "ResumeToken": {"token": "invented"},
    "Credentials": {"email": EMAIL, "password": PASSWORD},
    "FilePrepared": dict(LYON),
    "LinkAsked": {"name": "first_name_and_initial", "phrase": "Merci !", "payer_email": "payeur@example.org"},
    "LinkRefused": {"reason": "Je ne vous connais pas."},
    "RefuseForm": {"reason": "Je ne vous connais pas."},
    "NothingTyped": {},
    "PasswordForm": {"password": PASSWORD},
    "AddressForgotten": {"ine": "1409002949V", "birth_date": "1998-05-23"},
    "NewAddress": {"email": "autre@example.org", "email_again": "autre@example.org", "password": PASSWORD},
    "NewAddressConfirmed": {"code": "IXNEJC"},
    "CheckForm": {"surname": "NDIAY"},
}
