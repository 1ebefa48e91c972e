"""Documents: nothing is read before its check nor after its day, whoever tells of it and however often."""

from datetime import timedelta

import pytest
from cvec.domain.documents import Document, DocumentState, Fault, Purpose, Verdict
from cvec.domain.errors import InvalidFields, NoRegistration, Stale, TooManyUploads, TryAgain, UnknownDocument
from cvec.domain.facts import Fact
from cvec.domain.model import Row
from cvec.domain.registration import LIFE
from cvec.domain.sessions import Holder
from cvec.ports_documents import Arrival, Arrived
from cvec.usecases import documents
from cvec.usecases.documents import document_link, note_decision, tend_documents
from cvec.usecases.overdue import overdue
from cvec.usecases.uploads import take_upload

from tests.support.fakes import FakeIntake, MemoryStore, World, new_world
from tests.support.people import started

OWNER, GOOD = "person-1", b"good passport"
EVERY = tuple(Purpose)


@pytest.fixture
def world() -> World:
    return new_world()


def asked(world: World, purpose: Purpose = Purpose.IDENTITY, owner: str = OWNER) -> Document:
    holder = Holder.STUDENT if owner == OWNER else Holder.DRAFT
    offered = documents.ask_upload(owner, holder, purpose, content_type="image/png", size=13, tools=world)
    return found(world, offered.document, owner)


def found(world: World, document_id: str, owner: str = OWNER) -> Document:
    document = world.store.find(Document, owner, document_id)
    assert document is not None
    return document


def sent(world: World, content: bytes = GOOD, purpose: Purpose = Purpose.IDENTITY) -> Document:
    document = asked(world, purpose)
    world.intake.arrive(document.stored_as, content)
    return document


def taken(world: World, content: bytes = GOOD, purpose: Purpose = Purpose.IDENTITY) -> Document:
    document = sent(world, content, purpose)
    take_upload(*document.key, tools=world)
    return found(world, document.id)


def is_readable(world: World, document: Document, owner: str = OWNER) -> bool:
    try:
        return bool(document_link(owner, document.id, tools=world).url)
    except UnknownDocument:
        return False


def test_what_is_found_clean_is_kept_as_a_copy_and_nothing_else(world: World) -> None:
    document = taken(world)
    assert document.state is DocumentState.CLEAN
    assert world.intake.copies == {document.stored_as: b"clean good passport"}
    assert world.intake.came == {}
    assert world.store.facts(OWNER, f"document-{document.id}") == [
        "document_asked",
        "document_received",
        "document_cleared",
    ]


@pytest.mark.parametrize("verdict", [Verdict.CLEAN, Verdict.NOT_SCANNED])
def test_the_verdict_is_kept_as_it_was(world: World, verdict: Verdict) -> None:
    world.scanner.says = verdict
    assert taken(world).verdict is verdict


def test_nothing_is_readable_before_its_check(world: World) -> None:
    document = asked(world)
    assert not is_readable(world, document)
    world.intake.arrive(document.stored_as, GOOD)
    assert not is_readable(world, document)
    world.scanner.says = Verdict.PENDING
    take_upload(*document.key, tools=world)
    assert found(world, document.id).state is DocumentState.QUARANTINED
    assert not is_readable(world, document)


def test_a_verdict_that_comes_late_is_taken_when_it_comes(world: World) -> None:
    world.scanner.says = Verdict.PENDING
    document = taken(world)
    world.scanner.says = Verdict.CLEAN
    take_upload(*document.key, tools=world)
    assert is_readable(world, document)


@pytest.mark.parametrize(
    ("content", "kind", "fault"),
    [
        (b"", None, Fault.EMPTY),
        (b"good" * 2_621_441, None, Fault.TOO_LARGE),
        (GOOD, "text/html", Fault.WRONG_TYPE),
        (b"bad", None, Fault.UNREADABLE),
    ],
)
def test_what_is_refused_leaves_its_reason_and_nothing_else(
    world: World, content: bytes, kind: str | None, fault: Fault
) -> None:
    document = asked(world)
    world.intake.arrive(document.stored_as, content, kind)
    take_upload(*document.key, tools=world)
    refused = found(world, document.id)
    assert (refused.state, refused.fault) == (DocumentState.REFUSED, fault)
    assert (world.intake.came, world.intake.copies) == ({}, {})
    assert not is_readable(world, document)


def test_what_is_infected_or_too_large_is_never_inspected(world: World) -> None:
    world.scanner.says = Verdict.INFECTED
    assert taken(world).fault is Fault.INFECTED
    assert world.inspector.inspected == 0


def test_telling_of_it_again_changes_nothing(world: World) -> None:
    document = taken(world)
    for _ in range(3):
        take_upload(*document.key, tools=world)
    assert found(world, document.id) == document
    assert world.inspector.inspected == 1


def test_a_second_upload_to_the_same_place_replaces_nothing_and_is_erased(world: World) -> None:
    document = taken(world)
    world.intake.arrive(document.stored_as, b"good forgery")
    take_upload(*document.key, tools=world)
    assert world.intake.copies == {document.stored_as: b"clean good passport"}
    assert world.intake.came == {}


def test_a_document_nobody_asked_for_is_passed_over(world: World) -> None:
    take_upload(OWNER, "unheard-of", tools=world)
    assert world.store.of(Document) == []


def test_nobody_reads_another_persons_document(world: World) -> None:
    assert not is_readable(world, taken(world), owner="person-2")


class Told(FakeIntake):
    """Storage in which a second delivery of the same news comes in the middle of the first."""

    world: World
    is_telling = False

    def fetch(self, arrival: Arrival) -> Arrived:
        if not self.is_telling:
            self.is_telling = True
            [document] = self.world.store.of(Document)
            take_upload(*document.key, tools=self.world)
        return super().fetch(arrival)


def test_two_deliveries_at_once_inspect_once() -> None:
    intake = Told()
    world = intake.world = new_world(intake=intake)
    document = taken(world)
    assert (document.state, document.tries, world.inspector.inspected) == (DocumentState.CLEAN, 1, 1)


class ErasedMeanwhile(FakeIntake):
    """Storage in which the document's day comes while it is being inspected."""

    world: World

    def keep(self, place: str, content: bytes, kind: object) -> None:
        self.copies[place] = content
        [document] = self.world.store.of(Document)
        self.world.store.commit(document.next(state=DocumentState.ERASED, look_at=None))


def test_a_copy_made_while_its_document_was_erased_does_not_stay() -> None:
    intake = ErasedMeanwhile()
    world = intake.world = new_world(intake=intake)
    assert taken(world).state is DocumentState.ERASED
    assert (intake.copies, intake.came) == ({}, {})


class Killing(MemoryStore):
    """A store whose process dies right after it counted the try."""

    def commit(self, *rows: Row, erase: tuple[Row, ...] = ()) -> None:  # type: ignore[override]
        super().commit(*rows, erase=erase)
        if any(isinstance(row, Document) and row.trying_until for row in rows):
            raise MemoryError


def test_a_document_that_kills_its_inspector_is_refused_after_three_tries() -> None:
    world = new_world(store=Killing())
    document = sent(world)
    for _ in range(3):
        with pytest.raises(MemoryError):
            take_upload(*document.key, tools=world)
        world.clock.advance(minutes=6)
    take_upload(*document.key, tools=world)
    assert found(world, document.id).fault is Fault.UNREADABLE


class Down(FakeIntake):
    """Storage that does not answer when what came is read."""

    is_down = True

    def fetch(self, arrival: Arrival) -> Arrived:
        if self.is_down:
            raise TryAgain
        return super().fetch(arrival)


def test_an_outage_says_nothing_of_the_document() -> None:
    intake = Down()
    world = new_world(intake=intake)
    document = sent(world)
    for _ in range(5):
        with pytest.raises(TryAgain):
            take_upload(*document.key, tools=world)
    intake.is_down = False
    take_upload(*document.key, tools=world)
    assert is_readable(world, document)


def test_the_round_takes_what_storage_never_told_of(world: World) -> None:
    document = sent(world)
    assert tend_documents(tools=world).looked_at == 0
    world.clock.advance(minutes=15)
    assert tend_documents(tools=world).looked_at == 1
    assert is_readable(world, document)


def test_a_permission_that_nobody_used_ends_after_an_hour(world: World) -> None:
    document = asked(world)
    world.clock.advance(minutes=59)
    tend_documents(tools=world)
    assert found(world, document.id).state is DocumentState.AWAITING
    world.clock.advance(minutes=6)
    tend_documents(tools=world)
    assert found(world, document.id).state is DocumentState.ERASED


@pytest.mark.parametrize(
    ("purpose", "days"), [(Purpose.IDENTITY, 90), (Purpose.ENROLMENT, 90), (Purpose.EXEMPTION, 365)]
)
def test_an_undecided_document_is_erased_on_its_day(world: World, purpose: Purpose, days: int) -> None:
    document = taken(world, purpose=purpose)
    world.clock.at = document.asked_at + timedelta(days=days, seconds=-1)
    assert is_readable(world, document)
    assert tend_documents(tools=world).looked_at == 0
    world.clock.advance(seconds=1)
    assert not is_readable(world, document), "its day has come, though no round has"
    tend_documents(tools=world)
    assert found(world, document.id).state is DocumentState.ERASED
    assert world.intake.copies == {}


@pytest.mark.parametrize(("purpose", "days"), [(Purpose.IDENTITY, 0), (Purpose.ENROLMENT, 0), (Purpose.EXEMPTION, 62)])
def test_a_decided_document_is_kept_for_an_appeal_only(world: World, purpose: Purpose, days: int) -> None:
    document = taken(world, purpose=purpose)
    note_decision(OWNER, document.id, tools=world)
    assert is_readable(world, document) is (days > 0)
    world.clock.advance(days=days)
    tend_documents(tools=world)
    assert found(world, document.id).state is DocumentState.ERASED
    assert world.intake.copies == {}


def test_a_decision_on_nothing_readable_is_refused(world: World) -> None:
    with pytest.raises(UnknownDocument):
        note_decision(OWNER, asked(world).id, tools=world)


def test_a_refused_document_is_forgotten_on_its_day_too(world: World) -> None:
    document = taken(world, b"bad")
    world.clock.advance(days=90)
    tend_documents(tools=world)
    assert found(world, document.id).state is DocumentState.ERASED


def test_a_link_never_outlives_the_erasure_date(world: World) -> None:
    document = taken(world)
    world.clock.at = document.erase_at - timedelta(seconds=20)
    link = document_link(OWNER, document.id, tools=world)
    assert link.expires_at == document.erase_at
    assert link.url.endswith("&20")


def test_a_link_serves_for_a_minute(world: World) -> None:
    document = taken(world)
    assert document_link(OWNER, document.id, tools=world).url.endswith(f"identity-{document.id}.png&60")


def test_a_draft_s_document_ends_with_its_draft(world: World) -> None:
    draft = started(world)
    world.clock.advance(days=3)
    document = asked(world, owner=draft)
    assert document.erase_at == document.asked_at + LIFE - timedelta(days=3)
    assert world.store.facts(draft, f"document-{document.id}") == [Fact.DOCUMENT_ASKED]


def test_a_draft_that_is_over_may_send_nothing(world: World) -> None:
    draft = started(world)
    world.clock.advance(days=14)
    with pytest.raises(NoRegistration):
        asked(world, owner=draft)


def test_five_tries_a_day_for_each_purpose(world: World) -> None:
    for purpose in EVERY:
        for _ in range(5):
            asked(world, purpose)
        with pytest.raises(TooManyUploads):
            asked(world, purpose)
    world.clock.advance(days=1)
    asked(world)


@pytest.mark.parametrize(
    ("kind", "size", "wrong"),
    [
        ("image/gif", 10, ("content_type", "unsupported_type")),
        ("image/svg+xml", 10, ("content_type", "unsupported_type")),
        ("application/pdf; x=1", 10, ("content_type", "unsupported_type")),
        ("image/png", 0, ("size", "empty")),
        ("image/png", 10_485_761, ("size", "too_large")),
    ],
)
def test_what_cannot_pass_is_refused_before_it_is_sent(
    world: World, kind: str, size: int, wrong: tuple[str, str]
) -> None:
    with pytest.raises(InvalidFields) as refused:
        documents.ask_upload(OWNER, Holder.STUDENT, Purpose.IDENTITY, content_type=kind, size=size, tools=world)
    assert [(one.field, one.code) for one in refused.value.fields] == [wrong]
    assert world.store.of(Document) == []


def test_what_waits_too_long_for_its_check_is_overdue(world: World) -> None:
    world.scanner.says = Verdict.PENDING
    taken(world)
    world.clock.advance(minutes=15)
    assert overdue(Document, tools=world) == []
    world.clock.advance(minutes=1)
    assert len(overdue(Document, tools=world)) == 1


def test_a_document_in_order_is_never_overdue(world: World) -> None:
    taken(world)
    world.clock.advance(days=89)
    assert overdue(Document, tools=world) == []


class Moving(MemoryStore):
    """A store in which somebody else is faster, once."""

    is_moving = False

    def commit(self, *rows: Row, erase: tuple[Row, ...] = ()) -> None:  # type: ignore[override]
        if self.is_moving:
            self.is_moving = False
            raise Stale
        super().commit(*rows, erase=erase)


def test_a_lost_race_is_run_again() -> None:
    store = Moving()
    world = new_world(store=store)
    document = sent(world)
    store.is_moving = True
    take_upload(*document.key, tools=world)
    assert is_readable(world, document)
