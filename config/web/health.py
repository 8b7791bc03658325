"""Where machines ask how the program is: before anything that would wait for the database."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from config.recovery import health


@require_safe
@login_not_required
def healthz(request):
    """For who watches over it: 200 while all is well, else 503 and a sentence for each trouble."""
    return _answer(health.problems())


@require_safe
@login_not_required
def readyz(request):
    """For proxies and orchestrators: 200 while pages can be read, also where nothing is saved."""
    return _answer(health.problems_of_reading())


def _answer(problems):
    text = "\n".join(problems) or "ok"
    return HttpResponse(text, content_type="text/plain", status=503 if problems else 200)


VIEWS = {"/healthz": healthz, "/readyz": readyz}


def health_first(get_response):
    """Sessions, whose rows are shown, language: all of these ask the database, which may hang."""

    def middleware(request):
        view = VIEWS.get(request.path)
        return view(request) if view else get_response(request)

    return middleware
