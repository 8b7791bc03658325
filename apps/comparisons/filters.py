"""What a chart's address says: which condition, which days, which side."""

from datetime import date
from urllib.parse import urlencode

from django import forms
from django.db import models
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from apps.comparisons.reading.bounds import bounds_of, conditions_of
from apps.comparisons.reading.chosen import Chosen
from apps.comparisons.reading.spans import LENGTHS, SHORT_NAMES, Range, Span
from apps.conditions.models import Condition, Side
from apps.diary.function.activities import first_and_last_rated
from apps.diary.reading.filter import DayField, refuse_reversed

DATES = ("from", "until")


class ChartFilters(forms.Form):
    """Whatever the address leaves out has its default: the latest condition, three months, or
    less where the diary is younger.

    Days given by "from" and "until" go before the range, which is kept beside them: whoever
    empties both is where they were before.
    """

    condition = forms.ChoiceField(label=_("Condition"), required=False)
    range = forms.ChoiceField(
        label=_("Time"), choices=Range, required=False, widget=forms.HiddenInput
    )
    side = forms.ChoiceField(
        label=_("Side"), choices=[("", _("any side")), *Side.choices], required=False
    )
    until = DayField(label=_("Until"))

    usual_range = Range.MONTHS_3
    offered = (Range.WEEKS_4, Range.MONTHS_3, Range.MONTHS_6, Range.YEAR, Range.ALL)

    def __init__(self, given, *, user, condition=None, with_side=False):
        self.conditions = {str(known.pk): known for known in conditions_of(user)}
        first = next(iter(self.conditions), "")
        given = {key: value for key, value in given.items() if value}
        asked = {"condition": str(condition or first)} | given
        usual = self._usual_range_of(self.conditions.get(asked["condition"]))
        super().__init__({"range": usual.value} | asked)
        self.fields["from"] = DayField(label=_("From"))
        self.fields["condition"].choices = [(pk, c.name) for pk, c in self.conditions.items()]
        if not with_side:
            del self.fields["side"]
        self.order_fields(["condition", *DATES, "side"])

    def _usual_range_of(self, condition: Condition | None) -> Range:
        """Of a diary younger than three months all of it, so that no axis is mostly empty."""
        bounds = condition and bounds_of(condition)
        if self.usual_range == Range.ALL or not bounds:
            return self.usual_range
        days = (timezone.localdate() - bounds[0]).days + 1
        shortest = self.offered[0]
        if days <= LENGTHS[shortest]:
            return shortest
        return Range.ALL if days < LENGTHS[self.usual_range] else self.usual_range

    def clean_from(self):
        first = self.cleaned_data["from"]
        if first and first > timezone.localdate():
            raise forms.ValidationError(_("That day has not come yet."), code="in_the_future")
        return first

    def clean(self):
        refuse_reversed(self)
        return super().clean()

    def is_valid_or_404(self) -> bool:
        """Somebody else's condition answers as a missing one does."""
        is_valid = self.is_valid()
        if "condition" in self.errors:
            raise Http404
        return is_valid

    @property
    def chosen_condition(self) -> Condition:
        return self.conditions[self.cleaned_data["condition"]]

    @property
    def chosen_side(self) -> str:
        return self.cleaned_data.get("side", "")

    @property
    def chosen_range(self) -> Range | None:
        """None where days of one's own are chosen instead, or what was chosen was refused."""
        if self.errors:
            return None
        return None if any(self._dates) else Range(self.cleaned_data["range"])

    @property
    def _dates(self) -> tuple[date | None, date | None]:
        return self.cleaned_data["from"], self.cleaned_data["until"]

    @cached_property
    def bounds(self) -> tuple[date, date] | None:
        """The first and the last day of what this page shows of the condition."""
        return bounds_of(self.chosen_condition)

    def days_in_words(self) -> str:
        """The days that were chosen: "since 1 March 2024", or the range: "last 3 months"."""
        if self.chosen_range:
            return str(self.chosen_range.label)
        texts = {
            (True, True): gettext("%(first)s to %(last)s"),
            (True, False): gettext("since %(first)s"),
            (False, True): gettext("until %(last)s"),
        }
        first, last = self._dates
        words = {"first": first and date_format(first), "last": last and date_format(last)}
        return texts[bool(first), bool(last)] % words

    def in_words(self) -> str:
        """The choice in a line: "Sciatica, last 3 months, left"."""
        chosen = [self.chosen_condition.name, self.days_in_words()]
        if self.chosen_side:
            chosen.append(Side(self.chosen_side).label)
        return ", ".join(map(str, chosen))

    def span(self, *, today: date) -> Span:
        if self.chosen_range:
            return Span.of(self.chosen_range, today=today, bounds=self.bounds)
        return Span.between(*self._dates, today=today, bounds=self.bounds)

    def chosen(self, *, today: date) -> Chosen:
        return Chosen(
            condition=self.chosen_condition,
            span=self.span(today=today),
            side=self.chosen_side,
            is_part=self.chosen_range != Range.ALL or bool(self.chosen_side),
            is_kept=self.chosen_range is not None,
        )

    def ranges(self) -> list[dict]:
        """Each range, and the address of the same page with it."""
        chosen = self.chosen_range if self.is_valid() else None
        return [
            {
                "name": SHORT_NAMES[each],
                "query": self.address_of(each),
                "is_chosen": each == chosen,
            }
            for each in self.offered
        ]

    def address_of(self, chosen: Range) -> str:
        """All else that was chosen, with this range."""
        kept = {name: value for name, value in self.cleaned_data.items() if name not in DATES}
        return _address(kept | {"range": chosen.value})

    def apart(self, span: Span) -> str:
        """The address of everything, where nothing of it is in the span; else empty."""
        if self.bounds is None:
            return ""
        first, last = self.bounds
        is_apart = last < span.first_day or first > span.last_day
        return self.address_of(Range.ALL) if is_apart else ""


def _address(chosen: dict) -> str:
    return urlencode({name: value for name, value in chosen.items() if value})


class Pain(models.TextChoices):
    """Which line the timeline draws: of the first place, the second, or one over the other."""

    LEG = "leg"
    BACK = "back"
    BOTH = "both"


class TimelineFilters(ChartFilters):
    pain = forms.ChoiceField(
        label=_("Pain"), choices=Pain, required=False, widget=forms.HiddenInput
    )

    offered = (Range.WEEKS_2, Range.MONTHS_3, Range.YEAR, Range.ALL)

    @property
    def chosen_pain(self) -> Pain:
        return Pain(self.cleaned_data.get("pain") or Pain.LEG)

    @property
    def where(self) -> tuple[str, ...]:
        return ("leg", "back") if self.chosen_pain == Pain.BOTH else (self.chosen_pain.value,)

    def pains(self) -> list[dict]:
        """Each, and the address of the same page and the same days with it; one place: none."""
        places = self.chosen_condition.places
        if not places.second:
            return []
        names = [places.first.name, places.second.name, pgettext("part of the body", "Both")]
        return [
            {
                "name": name[:1].upper() + name[1:],
                "query": _address(self.cleaned_data | {"pain": each.value}),
                "is_chosen": each == self.chosen_pain,
            }
            for each, name in zip(Pain, names, strict=True)
        ]


class FunctionFilters(ChartFilters):
    """Everything begins with the first rating of an activity, and ends today."""

    @cached_property
    def bounds(self):
        return first_and_last_rated(self.chosen_condition)

    def span(self, *, today: date) -> Span:
        if self.chosen_range != Range.ALL:
            return super().span(today=today)
        return Span(self.bounds[0] if self.bounds else today, today)


class CardFilters(ChartFilters):
    """What a treatment's card is made of: everything, unless the address narrows it."""

    usual_range = Range.ALL


class CompareFilters(ChartFilters):
    """What the picture of a comparison is made of: everything, unless the address narrows it."""

    sort = forms.ChoiceField(
        label=_("Order"),
        choices=[("name", _("by name")), ("sessions", _("by number of sessions"))],
        required=False,
    )

    usual_range = Range.ALL

    def __init__(self, given, *, user):
        chosen = {key: value for key, value in given.items() if value}
        super().__init__({"sort": "name"} | chosen, user=user, with_side=True)

    @property
    def is_set(self) -> bool:
        """Whether something was chosen that the page would not show anyway: it is said in words."""
        if not self.is_valid():
            return False
        is_all = self.chosen_range == Range.ALL and not self.chosen_side
        return len(self.conditions) > 1 or not is_all or self.cleaned_data["sort"] != "name"

    def ordered(self, rows) -> list:
        """By name, or the most rated sessions first: never by how well it did."""
        if self.cleaned_data["sort"] == "sessions":
            return sorted(rows, key=lambda row: (-row.pairs, row.name.casefold()))
        return sorted(rows, key=lambda row: row.name.casefold())
