from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone

from apps.diary.models import CheckIn

ROWS = engines["django"].from_string(
    "<!doctype html><title>List</title><table>{% for entry in entries %}<tr>"
    "<td>{{ entry.rated_at|date:'j F Y H:i' }}</td><td>{{ entry.get_side_display }}</td>"
    "<td>{{ entry.leg_pain }}</td><td>{{ entry.back_pain }}</td><td>{{ entry.note }}</td></tr>"
    "{% endfor %}</table>"
)


def healthz(request):
    return HttpResponse("ok")


def view(request):
    """Session, user, and one indexed query."""
    newest = CheckIn.objects.for_user(request.user).first()
    return HttpResponse(f"<!doctype html><title>View</title>{newest.leg_pain}")


def rows(request):
    """Session, user, and 25 rows through a template."""
    return HttpResponse(
        ROWS.render({"entries": CheckIn.objects.for_user(request.user)[:25]}, request)
    )


def save(request):
    """Session, user, CSRF, and one insert."""
    CheckIn.objects.create(
        user=request.user,
        condition_id=int(request.POST["condition"]),
        rated_at=timezone.now(),
        diary_date=timezone.localdate(),
        time_zone="Europe/London",
        leg_pain=int(request.POST["leg_pain"]),
    )
    return HttpResponse(status=302, headers={"Location": "/view/"})


urlpatterns = [
    path("healthz", healthz),
    path("view/", view),
    path("rows/", rows),
    path("save/", save),
]
