"""The letters of a self-test that has ended, in cells: their order, and which entries used them."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.diary.models import Moments, SelfTestMoment
from apps.diary.models.self_test import BLOCK
from apps.your_data.table.cells import read_moment, shown

WHOLE_BLOCKS = re.compile(f"{BLOCK}{{1,{max(Moments.values) // 4}}}")
NUMBER = re.compile("[1-9][0-9]?")


class Used(NamedTuple):
    """A letter that an entry used; ``number`` is its place in the order, from 1.

    The entry may have been deleted since: the letter stays used.
    """

    number: int
    client_id: UUID
    drawn_at: datetime
    broken_off_at: datetime | None = None

    @property
    def moments(self) -> list[datetime]:
        return [self.drawn_at, *([self.broken_off_at] if self.broken_off_at else [])]


def read_uuid(cell: str) -> UUID:
    try:
        return UUID(cell)
    except ValueError:
        raise ValidationError(_("“%(found)s” is no UUID.") % {"found": shown(cell)}) from None


def read_order(cell: str) -> str:
    if not WHOLE_BLOCKS.fullmatch(cell):
        message = _("“%(found)s” is no order: it has T and W, two of each in every four letters.")
        raise ValidationError(message % {"found": shown(cell)})
    return cell


def read_used(cell: str) -> list[Used]:
    """Each letter once and each entry once, in the order of the letters."""
    used = [_read_one(item) for item in cell.split(";") if item.strip()]
    numbers, ids = [each.number for each in used], {each.client_id for each in used}
    if numbers != sorted(set(numbers)) or len(ids) < len(used):
        raise ValidationError(
            _("Each letter and each entry may be there once, in the order of the letters.")
        )
    return used


def _read_one(item):
    words = item.split()
    if len(words) not in (3, 4) or not NUMBER.fullmatch(words[0]):
        message = _(
            "“%(found)s” is no letter that was used. Write its number, the client_id of its entry "
            "and when it was drawn, with spaces between."
        )
        raise ValidationError(message % {"found": shown(item.strip())})
    return Used(int(words[0]), read_uuid(words[1]), *map(read_moment, words[2:]))


def written_used(drawn: Iterable[SelfTestMoment]) -> str:
    return ";".join(map(_written_one, drawn))


def _written_one(each):
    moments = [each.drawn_at, *([each.broken_off_at] if each.broken_off_at else [])]
    said = (moment.astimezone(UTC).isoformat() for moment in moments)
    return " ".join([str(each.ordinal + 1), str(each.client_id), *said])
