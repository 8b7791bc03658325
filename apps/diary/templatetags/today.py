"""What stands on Today by the dozen, drawn in one go: templates took a quarter of the page for it.

Everything that is text is escaped where it is put in.
"""

from django import template
from django.forms import BoundField
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.conditions.models import Side
from apps.conditions.places import Places
from config.language.labels import label_of
from config.web.addresses import address_of

register = template.Library()
NOT_RATED = "–"


@register.simple_tag
def week(days: list, places: Places) -> SafeString:
    """Days at a glance, each with the highest rating of each place."""
    first, second = escape(places.first.name), places.second and escape(places.second.name)
    return SafeString("".join(_day(each, first, second) for each in days))


def _day(day, first: str, second: str | None) -> str:
    date, below = day.date, ""
    if second:
        below = f"""
            <span class="visually-hidden">{second}</span>
            <span class="muted">{_number(day.back_pain)}</span>
          """
    return f"""
      <li>
        <a href="{address_of("diary:day", date.year, date.month, date.day)}">
          <span class="week-day">{escape(date_format(date, "D"))}</span>
          <span class="visually-hidden">{first}</span>
          <span class="number">{_number(day.leg_pain)}</span>
          {below}
        </a>
      </li>
    """


def _number(pain: int | None) -> str:
    return NOT_RATED if pain is None else str(pain)


@register.simple_tag
def quick_rating(field: BoundField) -> SafeString:
    """One scale, whose name stands before its buttons; what its ends mean stands above both."""
    name, label, (none, worst) = field.html_name, escape(field.label), field.field.widget.anchors
    ends = escape(_("0 %(none)s, 10 %(worst)s") % {"none": none, "worst": worst})
    above = " is-named-above" if field.field.is_named_above else ""
    return SafeString(f"""<fieldset class="quick-rating" data-rated="{name}" data-words="{label}">
  <legend class="visually-hidden">{label} {ends}</legend>
  <div class="quick-rating-row{above}">
    <span aria-hidden="true">{escape(field.field.short_label)}</span>
    {field}
  </div>
</fieldset>
""")


@register.simple_tag
def quick_side(field: BoundField) -> SafeString:
    """The sides, of which the last one said is chosen."""
    name, chosen = field.html_name, field.value()
    buttons = "".join(
        _side(name, f"id_{name}_{place}", side, " checked" if side == chosen else "")
        for place, side in enumerate(Side)
    )
    return SafeString(f"""<fieldset class="quick-side side-buttons">
  <legend class="visually-hidden">{escape(field.label)}</legend>
  <div class="choice-grid" data-choices>
    {buttons}
  </div>
</fieldset>
""")


def _side(name: str, number: str, side: Side, checked: str) -> str:
    button = f'<input type="radio" name="{name}" value="{side}" id="{number}"{checked}>'
    return f"""
      <label for="{number}">{button}<span>{escape(label_of(side))}</span></label>
    """
