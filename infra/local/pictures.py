"""The pictures of README.md, taken of the running service in Chromium: `make pictures`.

One invented student walks the whole street; each page is photographed where they pass it, as a phone shows it.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests
from PIL import Image
from playwright.sync_api import Browser, Page

from infra.local import demo
from infra.local.chromium import chromium
from infra.local.laptop import Laptop
from infra.local.run import TEMPLATE
from infra.local.visitor import Visitor

FOLDER = TEMPLATE.parent / "docs" / "pictures"
LARGEST_BYTES = 120_000
PHONE = {"width": 390, "height": 700}
DESK = {"width": 1000, "height": 720}
COLOURS = 128
CARD = {"email": "parent@example.org", "number": "4000 0027 6000 3184", "expiry": "12 / 34", "cvc": "123"}


def main() -> int:
    """Write every picture again; their names go to the terminal."""
    terminal = sys.stdout
    with (
        redirect_stdout(StringIO()),
        Laptop(TEMPLATE) as laptop,
        chromium() as browser,
        screen(browser, PHONE, scale=2) as phone,
        screen(browser, DESK, scale=1) as desk,
    ):
        Street(laptop, phone, desk).walk()
    for picture in sorted(FOLDER.glob("*.png")):
        print(f"{picture.relative_to(TEMPLATE.parent)}  {picture.stat().st_size // 1000} kB", file=terminal)
    return 0


@contextmanager
def screen(browser: Browser, size: dict[str, int], *, scale: int) -> Iterator[Page]:
    """A window of so many CSS pixels, in French, in daylight."""
    with browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        device_scale_factor=scale,
        locale="fr-FR",
        color_scheme="light",
    ) as context:
        yield context.new_page()


class Street:
    """The demonstration's student, from the first code to a certificate that somebody checks."""

    def __init__(self, laptop: Laptop, phone: Page, desk: Page) -> None:
        self._laptop, self._page, self._desk = laptop, phone, desk
        self._student = Visitor(laptop.site_url)

    def walk(self) -> None:
        """Everything, in order."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        self._register()
        self._be_paid_for()
        certificate = self._certificate()
        self._check(certificate["number"])

    def _register(self) -> None:
        """The mailbox with the code; the page where the password is chosen."""
        demo.register(self._student, self._laptop)
        code = next(mail for mail in self._laptop.mailbox.messages(demo.EMAIL) if "code" in mail.subject)
        self._desk.goto(f"{self._laptop.mailbox.url}/mails/{code.id}")
        keep(self._desk, "mailbox", is_whole=False)
        token = demo.found(r"(?<=/fr/password/)[\w-]+", self._laptop)
        self._open(f"{self._laptop.site_url}/fr/password/{token}", "password")
        demo.sign_in(self._student, self._laptop)

    def _be_paid_for(self) -> None:
        """What a payer sees: the request, the card page, the bank's, and that it is paid."""
        file = f"/api/v1/files/{demo.YEAR}"
        city = {"commune": "69381", "postcode": "69001", "terms_version": demo.TERMS_VERSION}
        self._student.ask("PUT", f"{file}/study-city", city)
        link = self._student.ask("POST", f"{file}/payment-link", {"phrase": "Merci maman !"})
        self._open(link["url"], "payer")
        self._page.get_by_role("button", name="Accepter").click()
        self._fill_card()
        keep(self._page, "card")
        self._page.locator("button.primary").click()
        keep(self._page, "three-d-secure")
        self._page.locator("button[value=approve]").click()
        keep(self._page, "paid")

    def _fill_card(self) -> None:
        for name, value in CARD.items():
            self._page.locator(f"#{name}").fill(value)
        self._page.locator("#name").fill("Claude Exemple")
        self._page.locator("#name").blur()

    def _certificate(self) -> Any:
        """The first page of the PDF, as a reader draws it."""
        self._laptop.cards.control.wait_for_deliveries()
        self._laptop.pump.drain()
        certificate = self._student.ask("GET", f"/api/v1/files/{demo.YEAR}/certificate")
        pdf = requests.get(certificate["download_url"], timeout=30).content
        draw_first_page(pdf, FOLDER / "certificate.png")
        return certificate

    def _check(self, number: str) -> None:
        """The public check, answered."""
        self._page.goto(f"{self._laptop.site_url}/fr/certificates/{number.replace(' ', '')}")
        self._page.locator("#surname").fill(demo.IDENTITY["birth_name"])
        self._page.get_by_role("button").click()
        keep(self._page, "check")

    def _open(self, url: str, name: str) -> None:
        self._page.goto(url)
        keep(self._page, name)


def keep(page: Page, name: str, *, is_whole: bool = True) -> None:
    """One picture, no taller than what there is to see; of the window alone unless it is whole."""
    picture = FOLDER / f"{name}.png"
    page.screenshot(path=picture, full_page=is_whole, animations="disabled")
    lighten(picture)


def draw_first_page(pdf: bytes, picture: Path) -> None:
    """A PDF's first page as a PNG, 800 pixels wide. Raises CalledProcessError when pdftoppm cannot read it."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "certificate.pdf"
        source.write_bytes(pdf)
        size = ["-scale-to-x", "800", "-scale-to-y", "-1"]
        command = ["pdftoppm", "-png", "-singlefile", *size, str(source), str(picture.with_suffix(""))]
        subprocess.run(command, check=True)  # noqa: S603  # our own words, no shell
    lighten(picture)


def lighten(picture: Path) -> None:
    """The same picture in few colours. Raises ValueError when it still would make the repository heavy."""
    with Image.open(picture) as full:
        full.convert("RGB").quantize(COLOURS).save(picture, optimize=True)
    if picture.stat().st_size > LARGEST_BYTES:
        raise ValueError(f"{picture.name} has {picture.stat().st_size} bytes, more than {LARGEST_BYTES}")


if __name__ == "__main__":
    sys.exit(main())
