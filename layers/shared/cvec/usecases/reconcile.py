"""Money known to one side only is found: the provider's events are read, and each day's accounts compared."""

from collections import Counter
from datetime import date, timedelta

from cvec.domain.crous import CROUS
from cvec.domain.cursors import Cursor
from cvec.domain.ledger import Difference, LedgerLine, Movement, day_of, differences
from cvec.domain.model import Value
from cvec.ports import Pointer, Tools
from cvec.usecases.watch import Round, go_round, look_into, pointed_payment

EVENTS = "card_events"
FIRST_LOOK_BACK = timedelta(days=1)
ONE_DAY = timedelta(days=1)
OVERLAP = timedelta(minutes=10)
"""Read again at each round: the provider's events may appear a little late, and reading one twice changes nothing."""


class DayAccount(Value):
    """One day's accounts, side by side. `ledger_by_crous` is what each Crous holds of it, in cents."""

    day: date
    provider_cents: int
    ledger_cents: int
    ledger_by_crous: dict[str, int]
    differences: tuple[Difference, ...]


def read_events(*, tools: Tools) -> Round:
    """Look into everything the provider says happened since the last round, whether or not we were notified."""
    started_at = tools.clock.now()
    cursor = tools.store.find(Cursor, EVENTS)
    since = cursor.read_until if cursor else started_at - FIRST_LOOK_BACK
    pointed = (pointed_payment(pointer, tools=tools) for pointer in tools.cards.events(since))
    payments = dict.fromkeys(payment for payment in pointed if payment)
    done = go_round([(look_into, (payment,)) for payment in payments], tools=tools)
    if not done.stopped_by:
        until = started_at - OVERLAP
        tools.store.commit(cursor.next(read_until=until) if cursor else Cursor(name=EVENTS, read_until=until))
    return done


def account_of_day(day: date, *, tools: Tools) -> DayAccount:
    """The provider's account of a day against our ledger, with every difference."""
    ledger = {crous.code: tools.store.all(LedgerLine, day.isoformat(), crous.code) for crous in CROUS}
    lines = [line for of_crous in ledger.values() for line in of_crous]
    movements = list(tools.cards.movements(day))
    return DayAccount(
        day=day,
        provider_cents=sum(one.amount_cents for one in movements),
        ledger_cents=sum(line.amount_cents for line in lines),
        ledger_by_crous={code: sum(one.amount_cents for one in of) for code, of in ledger.items() if of},
        differences=tuple(differences(movements, lines)),
    )


def close_yesterday(*, tools: Tools) -> Round:
    """Compare yesterday's accounts and ask again about what differs; what still differs is for somebody to see."""
    yesterday = day_of(tools.clock.now()) - ONE_DAY
    done = repair_day(yesterday, tools=tools)
    return done.model_copy(update={"overdue": len(unsettled_differences(yesterday, tools=tools))})


def unsettled_differences(day: date, *, tools: Tools) -> list[Difference]:
    """A day's differences that its neighbours do not make up for: what moves at midnight may be booked after it."""
    near = [account_of_day(one, tools=tools).differences for one in (day - ONE_DAY, day, day + ONE_DAY)]
    gaps: Counter[tuple[str, Movement]] = Counter()
    for one in (difference for differences_of_day in near for difference in differences_of_day):
        gaps[one.transaction, one.movement] += one.provider_cents - one.ledger_cents
    return [one for one in near[1] if gaps[one.transaction, one.movement]]


def repair_day(day: date, *, tools: Tools) -> Round:
    """Ask the provider again about every payment in which the accounts differ. No figure is ever written by hand."""
    account = account_of_day(day, tools=tools)
    claims = (_payment_of(one.transaction, tools=tools) for one in account.differences)
    payments = dict.fromkeys(payment for payment in claims if payment)
    return go_round([(look_into, (payment,)) for payment in payments], tools=tools)


def _payment_of(transaction: str, *, tools: Tools) -> str | None:
    return pointed_payment(Pointer(event_id="", kind="repair", payment_id=None, transaction=transaction), tools=tools)
