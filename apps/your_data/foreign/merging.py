"""Tables with one thing a line: what was rated at one moment becomes one check-in."""

from collections.abc import Iterable, Iterator

from apps.your_data.table.problems import Place

Entry = tuple[dict, list[str]]  # cells of our format, and the fields that were typed at import
PlacedEntry = tuple[Place, dict, list[str]]


def merged(entries: Iterable[PlacedEntry]) -> Iterator[PlacedEntry]:
    """Check-ins of one moment in one, at the place of the first, as far as they do not clash."""
    rows: list[PlacedEntry] = []
    latest: dict[str, PlacedEntry] = {}
    for entry in entries:
        _place, cells, _typed_now = entry
        known = latest.get(cells["at"]) if cells["kind"] == "checkin" else None
        if known and _agree(known[1], cells):
            _join(known[1], cells)
            continue
        rows.append(entry)
        if cells["kind"] == "checkin":
            latest[cells["at"]] = entry
    yield from rows


def _agree(known, cells):
    """Nothing but notes is said by both, unless it is the same."""
    said = {name for name, value in cells.items() if value and known.get(name)}
    may_differ = {"note", "adverse_effect"}
    ratings = said - may_differ - {"kind", "at", "side", "condition"}
    return not ratings and all(known[name] == cells[name] for name in said - may_differ)


def _join(known, cells):
    for name, value in cells.items():
        if name in ("note", "adverse_effect"):
            known[name] = "\n".join(filter(None, [known.get(name), value]))
        elif value:
            known[name] = value
