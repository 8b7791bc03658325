from django import template
from django.utils import timezone
from django.utils.html import format_html_join

from apps.diary.entries import deletion
from apps.diary.entries import undo as saving
from apps.diary.entries.after_saving import BESIDE_A_RATING, LOOKING_BACK, SO_FAR, TELLERS, told

register = template.Library()


@register.simple_tag(takes_context=True)
def just_saved(context, message):
    """The token and the entry that a message is about; None where it offers nothing to undo."""
    tags = message.extra_tags or ""
    saved = tags.startswith(saving.TAG) and saving.JustSaved.read(tags.removeprefix(saving.TAG))
    if not saved:
        return None
    user = context["request"].user
    entry = saved.entries(user).select_related("condition").first()
    if entry is None:
        return None
    entry.user = user
    is_rating = saved.change == saving.Change.RATING
    return {"token": saved.token, "entry": entry, "is_rating": is_rating}


@register.filter
def deleted_number(message) -> str:
    """Of what was deleted, where a message offers to undo that; else empty."""
    return (message.extra_tags or "").partition(deletion.DELETED)[2]


@register.inclusion_tag("diary/entries/_deleted_lately.html", takes_context=True)
def deleted_lately(context):
    """What the person deleted in the last ten minutes, each with its way back."""
    shown, number = deletion.lately(context["request"].user, at=timezone.now())
    return {"shown": shown, "number": number, "csrf_token": context.get("csrf_token")}


@register.simple_tag
def what_it_brings(entry):
    """What the entry just saved brings towards an answer."""
    return _joined(TELLERS, entry)


@register.simple_tag
def what_stands_beside(session):
    """What the rating just given is put beside."""
    return _joined(BESIDE_A_RATING, session)


@register.simple_tag
def what_looking_back_shows(treatment):
    """What the diary says of a treatment on the day that its person wanted to look back."""
    return _joined(LOOKING_BACK, treatment)


@register.simple_tag
def what_the_diary_says(user, page):
    """What is known so far of what was used last."""
    return _joined(SO_FAR, user, page)


def _joined(tellers, *things):
    return format_html_join("", "{}", ((html,) for html in told(tellers, *things)))
