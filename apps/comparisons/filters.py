"""What a chart's address says: which condition, which days, which side."""

from datetime import date
from urllib.parse import urlencode

from django import forms
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from apps.comparisons.spans import Range, Span
from apps.conditions.models import Condition, Side
from apps.diary.function import first_rated_on
from apps.diary.models import CheckIn, SessionTreatment, TreatmentSession


def conditions_of(user) -> list[Condition]:
    """Current ones first, of them the one last written about; each with its first and last days."""
    ends = {
        f"{end}_{model.__name__.lower()}": Subquery(
            model.objects.for_user(user)
            .filter(condition=OuterRef("pk"))
            .order_by(order)
            .values("diary_date")[:1]
        )
        for model in (CheckIn, TreatmentSession)
        for end, order in (("first", "diary_date"), ("last", "-diary_date"))
    }
    return sorted(Condition.objects.for_user(user).annotate(**ends), key=_latest_first)


def bounds_of(condition: Condition) -> tuple[date, date] | None:
    """The first and the last day with an entry; None where there is no entry yet."""
    days = [
        condition.first_checkin,
        condition.first_treatmentsession,
        condition.last_checkin,
        condition.last_treatmentsession,
    ]
    known = [day for day in days if day]
    return (min(known), max(known)) if known else None


def _latest_first(condition):
    _first, last = bounds_of(condition) or (None, date.min)
    return (bool(condition.archived_at), -last.toordinal(), condition.name)


def latest_condition_of(treatment) -> int | None:
    """The condition of the session of this treatment that was written down last."""
    links = SessionTreatment.objects.for_user(treatment.user).filter(treatment=treatment)
    newest = links.order_by("-session_id").values_list("session__condition_id", flat=True)
    return newest.first()


class ChartFilters(forms.Form):
    """Whatever the address leaves out has its default: the latest condition, three months."""

    condition = forms.ChoiceField(label=_("Condition"), required=False)
    range = forms.ChoiceField(label=_("Time"), choices=Range, required=False)
    side = forms.ChoiceField(
        label=_("Side"), choices=[("", _("any side")), *Side.choices], required=False
    )

    usual_range = Range.MONTHS_3

    def __init__(self, given, *, user, condition=None, with_side=False):
        self.conditions = {str(known.pk): known for known in conditions_of(user)}
        first = next(iter(self.conditions), "")
        defaults = {"condition": str(condition or first), "range": self.usual_range.value}
        super().__init__({**defaults, **{key: value for key, value in given.items() if value}})
        self.fields["condition"].choices = [(pk, c.name) for pk, c in self.conditions.items()]
        if not with_side:
            del self.fields["side"]

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

    def in_words(self) -> str:
        """The choice, as the folded form's heading: "Sciatica, last 3 months, left"."""
        chosen = [self.chosen_condition.name, Range(self.cleaned_data["range"]).label]
        if self.chosen_side:
            chosen.append(Side(self.chosen_side).label)
        return ", ".join(map(str, chosen))

    def span(self, *, today: date) -> Span:
        chosen = Range(self.cleaned_data["range"])
        return Span.of(chosen, today=today, bounds=bounds_of(self.chosen_condition))

    def limits(self, *, today: date) -> dict:
        """As ``comparison_of`` takes them: "everything" has no first and no last day."""
        limits = {"side": self.chosen_side}
        if self.cleaned_data["range"] != Range.ALL:
            span = self.span(today=today)
            limits |= {"first_day": span.first_day, "last_day": span.last_day}
        return limits

    def earlier(self, span: Span) -> dict | None:
        """Since when the diary goes, and the address of all of it, if it began before the span."""
        bounds = bounds_of(self.chosen_condition)
        if bounds is None or bounds[0] >= span.first_day:
            return None
        chosen = {**self.cleaned_data, "range": Range.ALL.value}
        return {"since": bounds[0], "query": urlencode({k: v for k, v in chosen.items() if v})}


class FunctionFilters(ChartFilters):
    """Everything begins with the first rating of an activity, and ends today."""

    def span(self, *, today: date) -> Span:
        if self.cleaned_data["range"] != Range.ALL:
            return super().span(today=today)
        return Span(first_rated_on(self.chosen_condition) or today, today)


class CardFilters(ChartFilters):
    """What a treatment's card is made of: everything, so that it says what Compare says."""

    usual_range = Range.ALL


class CompareFilters(ChartFilters):
    """What a comparison is made of: everything, unless the address narrows it."""

    sort = forms.ChoiceField(
        label=_("Order"),
        choices=[("name", _("by name")), ("sessions", _("by number of sessions"))],
        required=False,
    )

    usual_range = Range.ALL

    def __init__(self, given, *, user):
        chosen = {key: value for key, value in given.items() if value}
        super().__init__({"sort": "name"} | chosen, user=user, with_side=True)

    def ordered(self, findings) -> list:
        """By name, or the most rated sessions first: never by how well it did."""
        if self.cleaned_data["sort"] == "sessions":
            return sorted(findings, key=lambda f: (-f.pairs, f.treatment.casefold()))
        return sorted(findings, key=lambda f: f.treatment.casefold())
