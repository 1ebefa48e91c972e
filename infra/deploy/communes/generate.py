"""Makes the gazetteer's file from INSEE's and La Poste's data, as Etalab packs them, once a year at a desk.

Same package in, same bytes out. Whatever is costly (folding, sorting, choosing the biggest towns) happens here
so that no cold start pays for it. How to run it: README.md beside this file.
"""

import argparse
import base64
import gzip
import hashlib
import json
import tarfile
from collections import defaultdict
from collections.abc import Iterable
from math import log
from pathlib import Path
from typing import Any

from cvec.adapters.communes import MOST, NO_POSTCODE, SHIPPED, SHORTEST, WIDTH
from cvec.domain.communes import bare_key, commune_code, department_of_code, name_key

PACKAGE, VERSION = "@etalab/decoupage-administratif", "6.0.0"
INTEGRITY = "sha512-XavYsFlbcM/prKr8hNHPKER94IHw/dsxNM4nxjWMYk6PLFACpEedvn/7wK8Baozm0dCYhWWcf+7bcWpA5pmCaQ=="
PROVENANCE = SHIPPED.with_name("communes.provenance.json")

CROWD = 64  # communes that may be sorted while someone types; past that, the best rows are written down
SIZE_STEPS = 6  # size characters per e-fold of population: towns a sixth apart are told apart

Record = dict[str, Any]


def main() -> None:
    """Check the package named on the command line, then write the file and its provenance."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path, help="what `npm pack` brought")
    package: Path = parser.parse_args().package
    check_integrity(package)
    communes = read_communes(package)
    SHIPPED.write_bytes(packed(sections(communes)))
    PROVENANCE.write_text(provenance(communes), encoding="utf-8")
    print(f"{SHIPPED.name}: {len(communes)} communes, {SHIPPED.stat().st_size} bytes")


def check_integrity(package: Path) -> None:
    """Refuse any bytes but those of the pinned version."""
    digest = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != INTEGRITY:
        raise SystemExit(f"{package} is not {PACKAGE} {VERSION}: pin its version and integrity here first")


def read_communes(package: Path) -> list[Record]:
    """Today's communes in the order of their codes, once the package says the version and the rules hold."""
    with tarfile.open(package) as archive:
        if _member(archive, "package.json")["version"] != VERSION:
            raise SystemExit(f"{package} holds another version than {VERSION}")
        records: list[Record] = _member(archive, "data/communes.json")
    check_rules(records)
    return sorted((record for record in records if _is_current(record)), key=lambda record: record["code"])


def check_rules(records: Iterable[Record]) -> None:
    """Stop if what the code takes for granted about INSEE's codes is no longer so."""
    for record in records:
        if record["type"] == "arrondissement-municipal" and commune_code(record["code"]) != record["commune"]:
            raise SystemExit(f"arrondissement {record['code']} is not known to cvec.domain.communes")
        if _is_current(record) and department_of_code(record["code"]) != record["departement"]:
            raise SystemExit(f"commune {record['code']} does not open with its department")


def sections(communes: list[Record]) -> list[str]:
    """The sections of the file, in the order of the fields of cvec.adapters.communes.Gazette."""
    names = [commune["nom"] for commune in communes]
    postal = sorted((code, row) for row, commune in enumerate(communes) for code in _postcodes(commune))
    with_article = [row for row, name in enumerate(names) if bare_key(name) != name_key(name)]
    return [
        _column(commune["code"] for commune in communes),
        "\n".join(names),
        "\n".join(" ".join(_postcodes(commune)) or NO_POSTCODE for commune in communes),
        "".join(map(_size, communes)),
        _rows(sorted(range(len(names)), key=lambda row: (name_key(names[row]), row))),
        _rows(sorted(with_article, key=lambda row: (bare_key(names[row]), row))),
        _column(code for code, _ in postal),
        _rows(row for _, row in postal),
        "\n".join(_crowded(communes)),
    ]


def packed(texts: list[str]) -> bytes:
    """The file's bytes; without a date, so that the same package always makes the same file."""
    return gzip.compress("\n\n".join(texts).encode(), compresslevel=9, mtime=0)


def provenance(communes: list[Record]) -> str:
    """Where the file comes from, under which licences, and what it must weigh and sum to."""
    postcodes = {code for commune in communes for code in _postcodes(commune)}
    record = {
        "source": {"package": PACKAGE, "version": VERSION, "integrity": INTEGRITY, "vintage": 2026},
        "licences": {
            "code": "MIT (Jérôme Desboeufs, Etalab)",
            "data": "Licence Ouverte 2.0 (INSEE: codes, names, populations; La Poste: postcodes)",
        },
        "counts": {
            "communes": len(communes),
            "departments": len({commune["departement"] for commune in communes}),
            "postcodes": len(postcodes),
        },
        "file": {"name": SHIPPED.name, "bytes": SHIPPED.stat().st_size, "sha256": _sha256(SHIPPED)},
    }
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def _crowded(communes: list[Record]) -> list[str]:
    """Each beginning shared by more than CROWD communes, and its MOST best rows."""
    sharing: defaultdict[str, set[int]] = defaultdict(set)
    for row, commune in enumerate(communes):
        for key in _keys(commune):
            for length in range(SHORTEST, len(key) + 1):
                sharing[key[:length]].add(row)
    crowds = {prefix: rows for prefix, rows in sorted(sharing.items()) if len(rows) > CROWD}
    return [" ".join((prefix, *_best(communes, prefix, rows))) for prefix, rows in crowds.items()]


def _best(communes: list[Record], prefix: str, rows: set[int]) -> list[str]:
    # The order of cvec.adapters.communes.Gazette.ranked: exact names, then bigger towns, then codes.
    def order(row: int) -> tuple[bool, int, int]:
        return prefix not in _keys(communes[row]), -ord(_size(communes[row])), row

    return [f"{row:0{WIDTH}d}" for row in sorted(rows, key=order)[:MOST]]


def _keys(commune: Record) -> set[str]:
    return {name_key(commune["nom"]), bare_key(commune["nom"]), *_postcodes(commune)}


def _size(commune: Record) -> str:
    """One character that grows with the population, on a logarithmic scale from "!"."""
    return chr(ord("!") + round(SIZE_STEPS * log(1 + commune.get("population", 0))))


def _postcodes(commune: Record) -> list[str]:
    return sorted(commune.get("codesPostaux", []))


def _is_current(record: Record) -> bool:
    return bool(record["type"] == "commune-actuelle")


def _column(words: Iterable[str]) -> str:
    text = list(words)
    if any(len(word) != WIDTH for word in text):
        raise SystemExit(f"a column holds words of {WIDTH} characters only")
    return "".join(text)


def _rows(rows: Iterable[int]) -> str:
    return _column(f"{row:0{WIDTH}d}" for row in rows)


def _member(archive: tarfile.TarFile, name: str) -> Any:
    member = archive.extractfile(f"package/{name}")
    if member is None:
        raise SystemExit(f"the package has no {name}")
    return json.load(member)


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
