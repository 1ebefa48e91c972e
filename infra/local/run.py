"""`make run`: the whole service on this machine, from `template.yaml`, until Ctrl-C.

    python -m infra.local.run [--state .local/state] [--port 8000] [--fresh] [--demo]

The terminal shows where things are; what functions print and log goes to a file beside the state.
"""

import argparse
import logging
import shutil
import signal
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

from infra.local import demo, endpoint, ports
from infra.local.laptop import Laptop
from infra.local.state import StateInUseError

TEMPLATE = Path(__file__).resolve().parents[2] / "template.yaml"
FIRST_PORT = 8000
"""Tried at the first run; any free port when it is taken."""

GUIDE = """\
  Service        {site}
  To begin       curl -i -X POST -H 'Origin: {site}' {site}/api/v1/registration
  Mailbox        {mailbox}
  Card provider  {cards}  (a stand-in: no real card, no money)

  Test cards     any future date, any three digits
                 4242 4242 4242 4242   paid at once
                 4000 0025 0000 3155   asks for 3-D Secure
                 4000 0000 0000 0002   declined
                 4000 0000 0000 9995   declined, insufficient funds

  State          {state}  (kept; --fresh forgets it)
  Log            {log}
  Stop           Ctrl-C
"""


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.run", description="The service on this machine.")
    parser.add_argument("--template", type=Path, default=TEMPLATE, help="the stack to run")
    parser.add_argument("--state", type=Path, default=endpoint.STATE, help="where everything is kept")
    parser.add_argument("--port", type=int, help="port of the service (0: any); otherwise the last one")
    parser.add_argument("--fresh", action="store_true", help="forget what was kept")
    parser.add_argument("--demo", action="store_true", help="add a student who has paid")
    return parser.parse_args(given)


def forget(state: Path) -> None:
    """Remove a state folder. Refuses one that holds anything else than a state."""
    if state.exists() and any(state.iterdir()) and not (state / "lock").exists():
        sys.exit(f"{state} does not look like a laptop's state: remove it yourself")
    shutil.rmtree(state, ignore_errors=True)


def main(given: Sequence[str] | None = None) -> int:
    """Run until told to stop; 0 after a clean stop."""
    asked = arguments(given)
    if asked.fresh:
        forget(asked.state)
    asked.state.mkdir(parents=True, exist_ok=True)
    log = asked.state.with_suffix(".log")
    terminal = sys.stdout
    stopping = stopping_flag()
    with log.open("a", encoding="utf-8", buffering=1) as file, redirect_stdout(file):
        logging.basicConfig(stream=file, format="%(asctime)s %(name)s %(message)s")
        logging.getLogger("infra.local").setLevel(logging.INFO)
        try:
            with planned(asked) as laptop:
                print(tour(laptop, asked, log), file=terminal, flush=True)
                stopping.wait()
                endpoint.forget(asked.state)
        except StateInUseError as error:
            sys.exit(str(error))
    return 0


def stopping_flag() -> Event:
    """A flag that Ctrl-C and `kill` raise."""
    flag = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: flag.set())
    return flag


def planned(asked: argparse.Namespace) -> Laptop:
    """The laptop, on the ports asked for, else on those of the last run."""
    last = ports.remembered(asked.state / "ports.json")
    return Laptop(
        asked.template,
        state=asked.state,
        site_port=ports.chosen(last.get("site", FIRST_PORT) if asked.port is None else asked.port),
        mailbox_port=ports.chosen(last.get("mailbox")),
        card_port=ports.chosen(last.get("cards")),
    )


def tour(laptop: Laptop, asked: argparse.Namespace, log: Path) -> str:
    """Start what runs by itself, and say where everything is."""
    urls = {"site": laptop.site_url, "mailbox": laptop.mailbox.url, "cards": laptop.cards.url}
    taken = {name: urlsplit(url).port or 0 for name, url in urls.items()}
    ports.remember(asked.state / "ports.json", taken)
    endpoint.remember(asked.state, laptop.cloud.environment.wanted)
    laptop.pump.start()
    said = GUIDE.format(**urls, state=asked.state, log=log)
    if asked.port and asked.port != taken["site"]:
        said = f"  Port {asked.port} is taken; the service took {taken['site']}.\n\n{said}"
    return said + demo.seed(laptop) if asked.demo else said


if __name__ == "__main__":
    sys.exit(main())
