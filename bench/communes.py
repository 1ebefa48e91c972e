"""What the gazetteer costs beside the plain ways of doing the same, in one run: read the ratios, not the times.

Usage: PYTHONPATH=layers/shared python bench/communes.py
"""

import gzip
import json
from collections.abc import Callable
from functools import partial
from time import process_time

from cvec.adapters.communes import SHIPPED, CommuneGazetteer, Gazette
from cvec.domain.communes import bare_key, name_key

ROUNDS = 7
SEARCHES = ("69", "69007", "94390", "lyon", "sa", "saint denis", "rochelle", "l'hay", "saint denis 93", "sa 93")


def cost(gesture: Callable[[], object], repeat: int = 1) -> float:
    """Processor seconds of one gesture: the least of a few rounds."""
    return min(_round(gesture, repeat) for _ in range(ROUNDS)) / repeat


def _round(gesture: Callable[[], object], repeat: int) -> float:
    start = process_time()
    for _ in range(repeat):
        gesture()
    return process_time() - start


def show(what: str, seconds: float, unit: float) -> None:
    print(f"  {what:<44}{seconds * 1e3:9.3f} ms {seconds / unit:9.4f}")


def openings(gazette: Gazette) -> None:
    """Cold load, against reading the same columns, without any index, from JSON."""
    columns = [[gazette.codes[row] for row in range(len(gazette.codes))], gazette.names, gazette.postcodes]
    text = json.dumps(columns, ensure_ascii=False).encode()
    rows = json.dumps(list(zip(*columns, strict=True)), ensure_ascii=False).encode()
    unit = cost(lambda: json.loads(rows))
    print("open (× json.loads of codes, names, postcodes by row)")
    show("json.loads, one list per commune", unit, unit)
    show("json.loads, three columns", cost(lambda: json.loads(text)), unit)
    show("gunzip alone", cost(lambda: gzip.decompress(SHIPPED.read_bytes())), unit)
    show("Gazette.read: gunzip, everything searchable", cost(lambda: Gazette.read(SHIPPED)), unit)
    show("folding and sorting names, when not prepared", cost(lambda: sorted(map(name_key, gazette.names))), unit)


def searches(gazette: Gazette) -> None:
    """Each search, against looking at every (already folded) name once."""
    keys = [(name_key(name), bare_key(name)) for name in gazette.names]
    unit = cost(lambda: [row for row, key in enumerate(keys) if key[0].startswith("lyon")])
    gazetteer = CommuneGazetteer()
    gazetteer.get("75056")
    print("search (× one look at every name, already folded)")
    show("the look", unit, unit)
    for text in SEARCHES:
        show(repr(text), cost(partial(gazetteer.search, text), repeat=50), unit)
    show("get('69123')", cost(lambda: gazetteer.get("69123"), repeat=50), unit)


if __name__ == "__main__":
    shipped = Gazette.read(SHIPPED)
    openings(shipped)
    searches(shipped)
