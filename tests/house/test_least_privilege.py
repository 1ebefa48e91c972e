"""No function calls what its role does not grant, and no role grants what its function does not call.

moto would let everything pass, and AWS nothing: so one whole journey is walked on a laptop, through every route, and
every call the code makes on the way is compared with the roles of template.yaml.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

import pytest
import requests
from cvec.domain.accounts import Account, AccountState
from cvec.domain.documents import DocumentState
from cvec.domain.registration import LIFE, Draft

from infra.local import demo
from infra.local.laptop import Laptop
from infra.local.visitor import RefusedError, Visitor
from tests.house.building import TEMPLATE, operations, template
from tests.house.rights import Recorder, Right, addressed, asked_on_behalf, granted, recording
from tests.support import uploads
from tests.support.files import image
from tests.support.uploads import laptop_tools

ROUTES = {(method, one.path) for _, one in operations() for method in one.methods}

CHANGES_TICKETS = "whoever changes tickets may put and delete them, as one statement"
UNUSED: dict[tuple[str, str, str], str] = {
    ("PayFunction", "dynamodb:DeleteItem", "Tickets"): CHANGES_TICKETS,
    ("RegisterFunction", "s3:ListBucket", "CatalogueBucket"): "S3 tells others 403, not 404, of what is not there",
    ("InspectFunction", "s3:GetObjectVersionTagging", "DocumentsBucket/quarantine/*"): "GuardDuty's verdict is a tag",
}
"""Rights that the journey does not use, and why they are granted all the same."""


@dataclass
class Walked:
    """What the journey left behind."""

    recorder: Recorder
    calls: set[Right]
    rights: set[Right]
    names: dict[str, str]
    """The logical name of each address."""

    def said(self, rights: set[Right]) -> set[tuple[str, str, str]]:
        """Rights in the template's terms."""
        return {(one.function, one.action, self._named(one.resource)) for one in rights}

    def _named(self, resource: str) -> str:
        """A resource, or a part of a bucket, by its logical name."""
        bucket, slash, part = resource.partition("/")
        return self.names.get(resource) or self.names.get(bucket, bucket) + slash + part


@pytest.fixture(scope="module")
def walked() -> Iterator[Walked]:
    with pytest.MonkeyPatch.context() as patch:
        recorder = recording(patch)
        with Laptop(TEMPLATE) as laptop:
            walk(laptop)
            calls = {addressed(laptop, call) for call in recorder.calls}
            calls |= asked_on_behalf(laptop, calls)
            yield Walked(recorder, calls, granted(laptop), names_of(laptop))


def names_of(laptop: Laptop) -> dict[str, str]:
    stack = laptop.stack
    return {stack.address(one, attribute): one for one in stack.template.resources for attribute in ("Arn", "Ref")}


def walk(laptop: Laptop) -> None:
    """The demonstration's student, and then every door that they did not need."""
    visitor = Visitor(laptop.site_url)
    demo.register(visitor, laptop)
    go_on_elsewhere(laptop)
    visitor.ask("GET", "/api/v1/registration")
    demo.sign_in(visitor, laptop)
    ask_somebody_else(visitor, laptop)
    number = demo.pay(visitor, laptop)
    look_around(visitor)
    send_documents(laptop)
    laptop.pump.drain()
    for function in template().functions:
        for schedule in function.events.schedules:
            laptop.pump.run_schedule(function.name, schedule.event)
    look_at_pages(laptop, number, visitor.ask("GET", f"/api/v1/files/{demo.YEAR}")["current_payment"])
    change_password(visitor, laptop)
    sign_in_again(visitor)
    manage_account(visitor, laptop)
    sign_in_again(visitor)
    tend_a_profile(visitor)
    visitor.ask("DELETE", "/api/v1/session")
    sign_in_again(visitor)
    leave(visitor, laptop)


def go_on_elsewhere(laptop: Laptop) -> None:
    """A draft resumed by program and on both pages, warned of and ended; and one that nobody asked for."""
    tools, address, links = laptop_tools(laptop), "elsewhere@example.org", "/api/v1/registration/resume-links"
    visitor = Visitor(laptop.site_url)
    visitor.ask("POST", "/api/v1/registration")
    visitor.ask("PUT", "/api/v1/registration/email", {"email": address, "email_again": address})
    visitor.ask("POST", "/api/v1/verification-codes/confirmation", {"code": read(r"\b[A-Z]{6}\b", address, laptop)})
    visitor.ask("POST", links, {"email": address})
    token = read(r"(?<=/fr/resume/)[\w-]+", address, laptop)
    for language in ("fr", "en"):
        seen(laptop, "GET", f"/{language}/resume/{token}")
    visitor.ask("POST", "/api/v1/registration/resumption", {"token": token})
    for language in ("fr", "en"):
        seen(laptop, "POST", f"/{language}/resume/{token}", status=HTTPStatus.GONE)
    [draft] = [one for one in tools.store.due(Draft, tools.clock.now() + LIFE) if one.email == address]
    tools.store.commit(draft.next(started_at=draft.started_at - LIFE, look_at=tools.clock.now()))


def read(pattern: str, address: str, laptop: Laptop) -> str:
    """The first match in the newest letter to an address."""
    laptop.pump.drain()
    found = re.search(pattern, laptop.mailbox.messages(address)[0].text)
    assert found, pattern
    return found[0]


def ask_somebody_else(student: Visitor, laptop: Laptop) -> None:
    """Four payment links: refused by program, refused on the page, accepted and then refused, taken back."""
    payer, link = Visitor(laptop.site_url), f"/api/v1/files/{demo.YEAR}/payment-link"
    city = {"commune": "69381", "postcode": "69001", "terms_version": demo.TERMS_VERSION}
    student.ask("PUT", f"/api/v1/files/{demo.YEAR}/study-city", city)
    token = offered(student, link, payer_email="payer@example.org")
    payer.ask("GET", f"/api/v1/payment-links/{token}")
    for language in ("fr", "en"):
        seen(laptop, "GET", f"/{language}/pay/{token}")
    payer.ask("POST", f"/api/v1/payment-links/{token}/refusal", {})
    seen(laptop, "POST", f"/fr/pay/{offered(student, link)}/refusal")
    token = offered(student, link)
    payer.ask("POST", f"/api/v1/payment-links/{token}/acceptance")
    for language in ("fr", "en"):
        seen(laptop, "POST", f"/{language}/pay/{token}/acceptance", status=HTTPStatus.SEE_OTHER)
    seen(laptop, "POST", f"/en/pay/{token}/refusal")
    offered(student, link)
    student.ask("GET", link)
    student.ask("DELETE", link)


def offered(student: Visitor, path: str, **asked: str) -> str:
    """The token of a new payment link."""
    url: str = student.ask("POST", path, asked)["url"]
    return url.rpartition("/")[2]


def send_documents(laptop: Laptop) -> None:
    """One document that is found clean and whose day has come at once, and one that is refused."""
    tools, good = laptop_tools(laptop), image("PNG")
    kept, refused = uploads.offered(tools, good), uploads.offered(tools, good)
    assert uploads.send(kept, good).status_code == HTTPStatus.NO_CONTENT
    assert uploads.send(refused, b"GIF89a").status_code == HTTPStatus.NO_CONTENT
    laptop.pump.drain()
    clean = uploads.found(tools, kept.document)
    assert clean.state is DocumentState.CLEAN
    tools.store.commit(clean.next(erase_at=clean.asked_at, look_at=clean.asked_at))


def look_around(visitor: Visitor) -> None:
    concerned = "liability?training=initial&place=higher_education&stay=degree"
    for path in ("session", "communes?search=Ly", "institutions?search=ecam", "exemption-reasons", concerned):
        visitor.ask("GET", f"/api/v1/{path}")
    visitor.ask("GET", "/openapi.json")
    visitor.ask("POST", "/api/v1/registration")
    with pytest.raises(RefusedError, match="email_not_verified"):
        visitor.ask("POST", "/api/v1/verification-codes")


def look_at_pages(laptop: Laptop, number: str, payment: str) -> None:
    compact = number.replace(" ", "")
    seen(laptop, "GET", f"/api/v1/certificates/{compact}?etudiant=EXEMP")
    seen(laptop, "GET", "/cvec.css")
    for language in ("fr", "en"):
        seen(laptop, "GET", f"/{language}/certificates/{compact}")
        seen(laptop, "POST", f"/{language}/certificates/{compact}", surname="EXEMPLE")
        seen(laptop, "GET", f"/{language}/payments/{payment}")


def change_password(visitor: Visitor, laptop: Laptop) -> None:
    visitor.ask("POST", "/api/v1/password-links", {"email": demo.EMAIL})
    token = demo.found(r"(?<=/fr/password/)[\w-]+", laptop)
    for language in ("fr", "en"):
        seen(laptop, "GET", f"/{language}/password/{token}")
    seen(laptop, "POST", f"/fr/password/{token}", password=demo.PASSWORD)
    seen(laptop, "POST", f"/en/password/{token}", status=HTTPStatus.GONE, password=demo.PASSWORD)


def manage_account(visitor: Visitor, laptop: Laptop) -> None:
    """What the owner of an account does with it, signed in: the sessions they see and end."""
    visitor.ask("GET", "/api/v1/sessions")
    visitor.ask("DELETE", "/api/v1/sessions")
    visitor.ask("DELETE", "/api/v1/sessions/invented")
    forgotten = {"ine": demo.INE, "birth_date": demo.IDENTITY["birth_date"]}
    visitor.ask("POST", "/api/v1/address-reminders", forgotten)
    change_address_and_back(visitor, laptop)


def change_address_and_back(visitor: Visitor, laptop: Laptop) -> None:
    """Another sign-in address, and "this wasn't me" from the one that was left."""
    other = "camille.nouvelle@example.org"
    asked = {"email": other, "email_again": other, "password": demo.PASSWORD}
    visitor.ask("PUT", "/api/v1/account/email", asked)
    laptop.pump.drain()
    code = re.findall(r"\b[A-Z]{6}\b", laptop.mailbox.messages(other)[0].text)[0]
    visitor.ask("POST", "/api/v1/account/email/confirmation", {"code": code})
    token = demo.found(r"(?<=/fr/not-me/)[\w-]+", laptop)
    for language in ("fr", "en"):
        seen(laptop, "GET", f"/{language}/not-me/{token}")
    seen(laptop, "POST", f"/fr/not-me/{token}")
    seen(laptop, "POST", f"/en/not-me/{token}", status=HTTPStatus.GONE)
    way_in = demo.found(r"(?<=/fr/password/)[\w-]+", laptop)
    seen(laptop, "POST", f"/fr/password/{way_in}", password=demo.PASSWORD)


def sign_in_again(visitor: Visitor) -> None:
    visitor.ask("POST", "/api/v1/session", {"email": demo.EMAIL, "password": demo.PASSWORD})


def tend_a_profile(visitor: Visitor) -> None:
    """Each part modified; what the certificate prints is asked of an agent, and then not any more."""
    held = visitor.ask("GET", "/api/v1/profile")
    for part in ("institution", "contact"):
        visitor.ask("PUT", f"/api/v1/profile/{part}", held[part])
    visitor.ask("PUT", "/api/v1/profile/identity", {**held["identity"], "second_name": "Ousmane"})
    visitor.ask("PUT", "/api/v1/profile/ine", {"ine": "0494004062M"})
    visitor.ask("DELETE", "/api/v1/profile/correction")
    visitor.ask("GET", "/api/v1/export")


def leave(visitor: Visitor, laptop: Laptop) -> None:
    """The account closed, and its day of erasure come at once."""
    person = visitor.ask("GET", "/api/v1/export")["profile"]["id"]
    visitor.ask("PUT", "/api/v1/account/closing", {"password": demo.PASSWORD})
    tools = laptop_tools(laptop)
    account = tools.store.find(Account, person)
    assert account is not None
    assert account.closed_at is not None
    tools.store.commit(account.next(look_at=account.closed_at))
    laptop.pump.run_schedule("RegisterFunction", "TendAccounts")
    erased = tools.store.find(Account, account.person_id)
    assert erased is not None
    assert erased.state is AccountState.ERASED


def seen(laptop: Laptop, method: str, path: str, *, status: int = HTTPStatus.OK, **form: str) -> None:
    """Open a page, or send its form."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
    url = laptop.site_url + path
    answer = requests.request(method, url, data=form, headers=headers, allow_redirects=False, timeout=30)
    assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"


def test_the_journey_goes_through_every_door(walked: Walked) -> None:
    unseen = ROUTES - walked.recorder.routes
    assert not unseen, f"{sorted(unseen)}: walk through it in `walk` of this file, so that its rights are seen"


def test_no_function_calls_what_it_has_no_right_to(walked: Walked) -> None:
    refused = {call for call in walked.calls if not any(right.covers(call) for right in walked.rights)}
    assert not refused, f"AWS would refuse {sorted(walked.said(refused))}: grant it in Policies of template.yaml"


def test_no_function_has_a_right_it_does_not_use(walked: Walked) -> None:
    unused = {right for right in walked.rights if not any(right.covers(call) for call in walked.calls)}
    idle = walked.said(unused) - set(UNUSED)
    assert not idle, f"{sorted(idle)}: take it out of template.yaml, or say in UNUSED of this file why it stays"


def test_the_list_of_unused_rights_is_current(walked: Walked) -> None:
    unused = {right for right in walked.rights if not any(right.covers(call) for call in walked.calls)}
    over = set(UNUSED) - walked.said(unused)
    assert not over, f"{sorted(over)}: used or not granted any more; remove it from UNUSED of this file"
