"""Reads a page as a visitor does: its language, headings, alerts and forms; and holds what every page must have."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.support.calling import Reply


@dataclass
class Page:
    """What a page shows."""

    language: str = ""
    title: str = ""
    headings: list[str] = field(default_factory=list)
    alerts: int = 0
    forms: list[tuple[str, str]] = field(default_factory=list)
    unlabelled: list[str] = field(default_factory=list)
    text: str = ""

    @property
    def h1(self) -> str:
        """The one main heading."""
        [heading] = self.headings
        return heading


class _Reader(HTMLParser):
    """Gathers a Page."""

    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self.labels: set[str] = set()
        self.inputs: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self._inside = tag
        if tag == "html":
            self.page.language = said.get("lang", "")
        elif tag == "h1":
            self.page.headings.append("")
        elif tag == "form":
            self.page.forms.append((said["method"], said["action"]))
        elif tag == "label":
            self.labels.add(said["for"])
        elif tag == "input":
            self.inputs.append(said.get("id", "?"))
        self.page.alerts += said.get("role") == "alert"
        assert not any(name.startswith("on") or name == "style" for name in said), (
            "the policy forbids scripts and styles"
        )

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        self.page.text += data
        if self._inside == "title":
            self.page.title += data
        elif self._inside == "h1":
            self.page.headings[-1] += data


def the_page(reply: Reply, *, language: str, status: int = 200) -> Page:
    """The page in an answer; fails where something every page must have is missing."""
    assert reply.status == status
    assert reply.header("content-type") == "text/html; charset=utf-8"
    assert reply.header("content-language") == language
    assert "form-action 'self'" in reply.header("content-security-policy")
    assert reply.header("cache-control") == "no-store"
    reader = _Reader()
    reader.feed(reply.text)
    page = reader.page
    page.unlabelled = [name for name in reader.inputs if name not in reader.labels]
    assert page.language == language
    assert page.title.startswith(page.h1)
    assert not page.unlabelled
    return page
