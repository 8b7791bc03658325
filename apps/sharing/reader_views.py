"""What somebody without an account meets who was given a link.

``/s/<public id>#<secret>``: browsers keep what follows the # to themselves, so the secret is in
no request line, no log and no Referer. The page sends it once, in the body of a POST, and gets a
cookie for it (``passes.py``). Unknown, expired and revoked links and wrong secrets answer alike.
What may be kept, found or passed on of these answers is said in ``config/web/middleware.py``.
"""

from functools import wraps

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.sharing.forms import CodeForm, RoomForm
from apps.sharing.links import passes
from apps.sharing.links import room as room_codes
from apps.sharing.links.keys import means_the_address, opens, secret_in
from apps.sharing.links.passes import Pass
from apps.sharing.links.visits import count_visit
from apps.sharing.models import ShareLink
from apps.sharing.report.page import shown
from config.postgres import acting


def with_rows_of_its_owner(view):
    """The database shows the rows of whose link it is, and nobody's where there is none."""

    @wraps(view)
    def opening(request, public_id):
        with acting.as_owner_of_link(public_id):
            return view(request, public_id)

    return opening


@login_not_required
@require_safe
@with_rows_of_its_owner
def shared(request, public_id):
    """The report, for who holds a pass; else the page that asks for the secret."""
    if not passes.is_claimed(request, public_id):
        return render(request, "sharing/links/gate.html", {"public_id": public_id})
    now = timezone.now()
    link, given = _opened(request, public_id, at=now)
    if link is None:
        return _refused(request, public_id)
    if not given.has_code:
        return _code_page(request, link, CodeForm())
    response = shown(link, at=now)
    if request.method == "GET":
        count_visit(request, link, given, at=now)
    return response


@login_not_required
@require_safe
def mistyped(request, public_id, after):
    """An address with something behind it, or with ``%23`` in place of its ``#``: to the right one.

    A secret in it goes behind the ``#``, where no server sees it; logs leave out so long a part
    of a path. What stood behind the ``#`` of the address that was asked, browsers take along.
    """
    if not means_the_address(after):
        raise Http404
    secret = secret_in(after) if after.startswith("#") else ""
    address = reverse("sharing:shared", args=[public_id])
    return redirect(f"{address}#{secret}" if secret else address)


# No token: with no-referrer, browsers send forms from "null", which Django's check refuses. Who
# sends this has to know the secret, and gets nothing but what the secret opens.
@csrf_exempt
@login_not_required
@sensitive_post_parameters("secret")
@require_POST
@with_rows_of_its_owner
def exchange(request, public_id):
    """The secret for a pass. Only failures are counted: nobody can lock the right secret out."""
    link = ShareLink.objects.opening(public_id, at=timezone.now())
    if not opens(link, secret_in(request.POST.get("secret", ""))):
        is_counted = ratelimit.consume(request, action="share", key=public_id)
        return _refused(request, public_id, status=404 if is_counted else 429)
    response = redirect("sharing:shared", public_id)
    passes.give(response, link, Pass.to(link))
    return response


@csrf_exempt  # as above; and the pass that it needs comes with requests from this site only
@login_not_required
@sensitive_post_parameters("code")
@require_POST
@with_rows_of_its_owner
def code(request, public_id):
    """The six digits, from who has given the secret already. Ten wrong ones end the address.

    So somebody who holds the whole address can end it. They could read the report if they knew
    the digits, so a new address is what the owner needs then; and nobody else can get this far.
    """
    link, given = _opened(request, public_id, at=timezone.now())
    if link is None:
        return _refused(request, public_id)
    form = CodeForm(request.POST)
    if not link.takes_code(form.digits):
        link.refresh_from_db(fields=["wrong_codes"])
        form.refuse()
        return _code_page(request, link, form, status=422)
    response = redirect("sharing:shared", public_id)
    passes.give(response, link, given.with_code())
    return response


@csrf_exempt  # as above: who sends this has to know the letters
@login_not_required
@sensitive_post_parameters("letters")
@require_http_methods(["GET", "HEAD", "POST"])
def room(request):
    """The letters from the owner's phone for a pass, once. Every try counts, also a right one."""
    if request.method != "POST":
        return render(request, "sharing/links/room.html", {"form": RoomForm()})
    form = RoomForm(request.POST)
    is_limited = not ratelimit.consume(request, action="room", key="all")
    link = None if is_limited else _opened_by_letters(request.POST.get("letters", ""))
    if link is None:
        form.refuse()
        context = {"form": form, "is_limited": is_limited}
        status = 429 if is_limited else 422
        return render(request, "sharing/links/room.html", context, status=status)
    response = redirect("sharing:shared", link.public_id)
    passes.give(response, link, Pass.to(link))
    return response


def _opened_by_letters(typed: str) -> ShareLink | None:
    """The live link that the letters open, with the address that it had when they were made."""
    public_id, generation = room_codes.take(room_codes.letters_in(typed)) or ("", 0)
    with acting.as_owner_of_link(public_id):
        link = ShareLink.objects.opening(public_id, at=timezone.now())
    return link if link and link.generation == generation else None


def _opened(request, public_id, *, at):
    """The live link and the pass to it, or (None, None). One query in every case."""
    link = ShareLink.objects.opening(public_id, at=at)
    given = passes.held(request, public_id)
    return (link, given) if given and given.fits(link) else (None, None)


def _refused(request, public_id, status=404):
    context = {"public_id": public_id, "is_refused": True}
    return render(request, "sharing/links/gate.html", context, status=status)


def _code_page(request, link, form, *, status=200):
    context = {"public_id": link.public_id, "is_locked": link.is_locked}
    if not link.is_locked:
        context["form"] = form
    return render(
        request, "sharing/links/code.html", context, status=429 if link.is_locked else status
    )
