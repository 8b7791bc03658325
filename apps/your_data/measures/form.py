"""Sleep and steps as lines of text, a day each: what the page's script makes of a health file."""

from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.diary.models import MINUTES_OF_A_DAY, MOST_STEPS, DayMeasure
from apps.your_data.table.cells import shown

MOST_DAYS = 20_000
LONGEST = MOST_DAYS * 40  # characters
FIRST_DAY = date(2000, 1, 1)


class MeasuresForm(forms.Form):
    days = forms.CharField(
        label=_lazy("This is what is sent"),
        help_text=_lazy("A line a day: the day, hours of sleep, steps. Either may be empty."),
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
        max_length=LONGEST,
        error_messages={"required": _lazy("There is no day yet. Choose a file, or type a line.")},
    )

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.last_day = today + timedelta(days=1)  # east of here it is tomorrow already

    def clean_days(self) -> list[DayMeasure]:
        """The days, unsaved and each once: of two lines about one day the later counts."""
        lines = [line for line in self.cleaned_data["days"].splitlines() if line.strip()]
        if len(lines) > MOST_DAYS:
            message = _("These are more than %(most)s days.") % {"most": f"{MOST_DAYS:,}"}
            raise ValidationError(message)
        found = {measure.day: measure for measure in map(self._measure, lines)}
        return list(found.values())

    def _measure(self, line) -> DayMeasure:
        parts = [part.strip() for part in line.split(",")]
        try:
            day, sleep, steps = [*parts, "", ""][: max(3, len(parts))]
            measure = DayMeasure(
                day=date.fromisoformat(day),
                sleep_minutes=round(float(sleep) * 60) if sleep else None,
                steps=int(steps) if steps else None,
            )
            is_right = self._is_right(measure)
        except (ValueError, OverflowError):
            is_right = False
        if not is_right:
            message = _("“%(line)s” is no day with hours of sleep (0 to 24) and steps.")
            raise ValidationError(message % {"line": shown(line)})
        return measure

    def _is_right(self, measure):
        sleep, steps = measure.sleep_minutes, measure.steps
        return (
            FIRST_DAY <= measure.day <= self.last_day
            and (sleep is not None or steps is not None)
            and (sleep is None or 0 <= sleep <= MINUTES_OF_A_DAY)
            and (steps is None or 0 <= steps <= MOST_STEPS)
        )
