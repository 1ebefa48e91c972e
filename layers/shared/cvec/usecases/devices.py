"""Recognising a browser at sign-in, and telling its owner of one that nobody has seen before."""

from cvec.domain.accounts import Person
from cvec.domain.devices import MAX_DEVICES, KnownDevice, device_digest, is_device_token
from cvec.domain.mails import Template
from cvec.domain.model import Row
from cvec.domain.payment_links import UNSAID
from cvec.ports import Tools
from cvec.usecases.not_me import not_me_link
from cvec.usecases.outbox import mail


def device_token(cookie: str, *, tools: Tools) -> str:
    """The token of a browser: the one it brings, or a new one."""
    return cookie if is_device_token(cookie) else tools.chance.new_token()


def seen_device(person: Person, token: str, *, label: str | None, tools: Tools) -> tuple[list[Row], list[KnownDevice]]:
    """What to write and what to forget because this browser signs in: itself, and a mail where it is a new one."""
    now, digest = tools.clock.now(), device_digest(person.id, token)
    known = tools.store.find(KnownDevice, person.id, digest)
    if known is not None and known.is_known(now):
        return [known.next(seen_at=now)], []
    device = known.next(seen_at=now) if known else KnownDevice(person_id=person.id, digest=digest, seen_at=now)
    link, token_id = not_me_link(person.id, tools=tools)
    told = mail(
        Template.NEW_SIGN_IN,
        to=person.email,
        tools=tools,
        link=token_id,
        device=label or UNSAID,
        at=now.isoformat(),
    )
    return [device, link, told], _surplus(device, tools=tools)


def _surplus(device: KnownDevice, *, tools: Tools) -> list[KnownDevice]:
    """The devices to forget, those not seen for longest, so that all fit one list."""
    others = [one for one in tools.store.all(KnownDevice, device.person_id) if one.digest != device.digest]
    return sorted(others, key=lambda one: one.seen_at)[: max(0, len(others) + 1 - MAX_DEVICES)]
