"""The plan of the rooms as data, and the inspection of a tree of sources against it. A trespass names its remedy."""

import ast
from collections.abc import Iterator
from pathlib import Path

LAYER = "layers/shared/cvec"
LONGEST_FILE = 250
"""Lines; the house aims at 200."""

MAY_SEE = {
    "functions": "web wiring usecases domain",
    "web": "web usecases domain ports texts journal",
    "wiring": "adapters web usecases domain ports ports_documents config texts journal",
    "adapters": "adapters ports ports_documents domain config texts",
    "usecases": "usecases ports ports_documents domain",
    "ports": "domain ports_documents",
    "ports_documents": "domain",
    "config": "domain",
    "texts": "domain",
    "journal": "domain",
    "domain": "domain",
    "infra": "infra functions web wiring adapters usecases domain ports config texts journal",
}
RATIONED = {
    "boto3": "adapters wiring infra",
    "botocore": "adapters wiring infra",
    "stripe": "adapters",
    "typst": "adapters",
    "segno": "adapters",
    "pikepdf": "adapters",
    "PIL": "adapters infra",
    "chalice": "web functions",
    "aws_lambda_powertools": "web adapters wiring journal",
    "jinja2": "adapters web infra",
}
CHANCE_AND_TIME = ("random", "secrets", "time", "uuid")
ENVIRONMENT = {"os.environ", "os.environb", "os.getenv"}
WORLD = f"{LAYER}/adapters/world.py"
SETTINGS = f"{LAYER}/config.py"
NAMELESS = ("models", "utils", "helpers")


def trespasses(root: Path) -> list[str]:
    """Everything in `functions`, the layer and `infra` that is not where it belongs."""
    found: list[str] = []
    for source in sorted(one for top in ("functions", LAYER, "infra") for one in (root / top).rglob("*.py")):
        place = source.relative_to(root).as_posix()
        tree = ast.parse(source.read_text(encoding="utf-8"), place)
        found += [f"{place}: {fault}" for fault in _faults(place, tree, source)]
    return found


def _faults(place: str, tree: ast.Module, source: Path) -> Iterator[str]:
    room = room_of(place)
    for name in _imports(tree):
        yield from _import_faults(room, name)
    yield from _shape_faults(place, source)
    if room != "infra":
        yield from _world_faults(place, tree)


def room_of(place: str) -> str:
    """The room of a file by its path, or of a module by its dotted name made a path."""
    parts = place.removeprefix(f"{LAYER}/").split("/")
    return parts[0].removesuffix(".py")


def _imports(tree: ast.Module) -> Iterator[str]:
    """Full dotted names of whatever is imported, at the top or inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def _import_faults(room: str, name: str) -> Iterator[str]:
    top, _, rest = name.partition(".")
    wanted = rest.partition(".")[0] if top == "cvec" else top
    if not top:
        yield f"imports {name}: write the whole name, so that rooms show"
    elif top == "tests" or (top in {"cvec", "functions", "infra"} and wanted not in MAY_SEE[room].split()):
        yield (
            f"{room} may not know {name} (it sees {MAY_SEE[room]}): move the line to a room that may,"
            " or give it what it needs as an argument (CONTRIBUTING.md, “Which room is a line for?”)"
        )
    elif top in RATIONED and room not in RATIONED[top].split():
        yield f"{top} is for {RATIONED[top]} only: move the line there, behind a port of cvec/ports.py"


def _shape_faults(place: str, source: Path) -> Iterator[str]:
    if source.stem in NAMELESS:
        yield "says nothing of what it holds: name it after its one idea"
    if place.startswith("functions/") and source.name != "app.py":
        yield "a function's folder holds app.py and nothing importable: move it to the layer"
    lines = len(source.read_text(encoding="utf-8").splitlines())
    if lines >= LONGEST_FILE:
        yield f"has {lines} lines, of fewer than {LONGEST_FILE}: find its second idea and give it a file"


def _world_faults(place: str, tree: ast.Module) -> Iterator[str]:
    imported, said = set(_imports(tree)), set(_attributes(tree))
    if place != WORLD:
        for name in sorted(imported):
            if name.partition(".")[0] in CHANCE_AND_TIME:
                yield f"imports {name}: time and chance come from tools.clock and tools.chance ({WORLD})"
        for name in sorted(said):
            if name.startswith(("datetime.", "date.")) and name.endswith((".now", ".utcnow", ".today")):
                yield f"reads {name}: ask tools.clock.now() ({WORLD})"
    if place != SETTINGS and (read := ENVIRONMENT & (imported | said)):
        yield f"reads {', '.join(sorted(read))}: make it a field of Settings ({SETTINGS})"
    if any(name.endswith(".Blueprint") for name in imported | said):
        yield "uses a Blueprint, which goes round StepApp.route: share routes by a function that takes the app"


def _attributes(tree: ast.Module) -> Iterator[str]:
    """Dotted names as they are used: `datetime.now`, `os.environ`."""
    return (ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute))
