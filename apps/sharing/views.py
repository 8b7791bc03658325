"""The owner's side: make a link, see who opened it, look at what they see, end it."""

import base64
from datetime import timedelta
from io import BytesIO

import qrcode
from django.conf import settings
from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from qrcode.image.svg import SvgPathFillImage

from apps.sharing.forms import ShareLinkForm
from apps.sharing.links.keys import Keys
from apps.sharing.links.room import LASTS_SECONDS, LENGTH, new_code
from apps.sharing.models import ShareLink, ShareVisit
from apps.sharing.report.page import shown
from apps.users.security_events import Kind, record
from apps.users.sessions import asks_again

GROUP = 4  # letters of the secret together, on paper


@require_safe
def index(request):
    """Every link with what it shows and when it was opened, but those over for 30 days."""
    now = timezone.now()
    own = ShareLink.objects.for_user(request.user)
    visits = Prefetch("visits", ShareVisit.objects.for_user(request.user))
    links = own.select_related("condition").prefetch_related(visits)
    context = {"live": links.live(at=now), "ended": links.ended_lately(at=now)}
    return render(request, "sharing/links/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@asks_again
def create(request):
    """The address is in the answer to the POST itself: kept anywhere, it would be no secret."""
    form = _form(request)
    if request.method == "POST" and request.user.demo_until:
        messages.info(
            request, _("A demo diary cannot be shared. You can look at what they would see.")
        )
        return redirect("sharing:create")
    if form.save_if_valid():
        record(request.user, Kind.LINK_MADE)
        return _address_page(request, form.instance, form.keys)
    if form.is_repeated:
        return _made_already(request)
    return render(
        request, "sharing/links/form.html", {"form": form}, status=422 if form.errors else 200
    )


def _form(request):
    data = request.POST if request.method == "POST" else None
    return ShareLinkForm(
        data, instance=ShareLink(user=request.user), user=request.user, at=timezone.now()
    )


def _made_already(request):
    messages.info(
        request,
        _("This link is made already. If you did not see its address, give it a new one here."),
    )
    return redirect("sharing:list")


@require_POST
def preview_new(request):
    """What a link of these choices would show; nothing is stored."""
    form = _form(request)
    if not form.is_valid():
        return render(request, "sharing/links/form.html", {"form": form}, status=422)
    return shown(form.instance, at=timezone.now(), is_preview=True)


@require_safe
def preview(request, pk):
    """What the reader of a link sees now, by the same way; it counts as no visit."""
    links = ShareLink.objects.select_related("condition").defer("condition__note")
    link = links.get_for_user_or_404(request.user, pk=pk)
    return shown(link, at=timezone.now(), is_preview=True)


@require_POST
@asks_again
def renew(request, pk):
    """A new address in place of the old one, which opens nothing from now on."""
    link = ShareLink.objects.get_for_user_or_404(request.user, pk=pk)
    keys = Keys.new(with_code=bool(link.code_hash))
    if link.renew(keys, at=timezone.now()):
        record(request.user, Kind.LINK_MADE)
        return _address_page(request, link, keys)
    messages.info(request, _("This link has ended. Make a new one."))
    return redirect("sharing:list")


@require_POST
def room_code(request, pk):
    """Eight letters for who sits beside the owner; they open what the link opens."""
    now = timezone.now()
    links = ShareLink.objects.live(at=now)
    link = links.for_user(request.user).filter(pk=pk).first()
    if link is None or link.is_locked:
        ShareLink.objects.get_for_user_or_404(request.user, pk=pk)
        messages.info(request, _("This link has ended. Make a new one."))
        return redirect("sharing:list")
    code = new_code(link)
    context = {
        "link": link,
        "address": f"{settings.SITE_URL}{reverse('sharing:room')}".partition("://")[2],
        "first": code[: LENGTH // 2],
        "second": code[LENGTH // 2 :],
        "until": now + timedelta(seconds=LASTS_SECONDS),
    }
    return render(request, "sharing/links/room_code.html", context)


@require_POST
def revoke(request, pk):
    link = ShareLink.objects.get_for_user_or_404(request.user, pk=pk)
    if ShareLink.objects.for_user(request.user).filter(pk=link.pk).revoke(at=timezone.now()):
        record(request.user, Kind.LINK_ENDED)
    messages.success(request, _("The link for %(name)s has ended.") % {"name": link.for_whom})
    return redirect("sharing:list")


@require_POST
@asks_again
def revoke_all(request):
    ended = ShareLink.objects.for_user(request.user).revoke(at=timezone.now())
    for _link in range(ended):
        record(request.user, Kind.LINK_ENDED)
    words = ngettext("%(n)s link has ended.", "%(n)s links have ended.", ended)
    messages.success(request, words % {"n": ended})
    return redirect("sharing:list")


def _address_page(request, link, keys):
    path = reverse("sharing:shared", args=[link.public_id])
    address = f"{settings.SITE_URL}{path}#{keys.secret}"  # whatever host the request has named
    context = {
        "link": link,
        "address": address,
        "start": address.partition("#")[0],
        "groups": [keys.secret[at : at + GROUP] for at in range(0, len(keys.secret), GROUP)],
        "code": keys.code,
        "picture": _picture(address),
    }
    return render(request, "sharing/links/address.html", context)


def _picture(address: str) -> str:
    """A QR code as the address of an image that the page holds itself."""
    drawn = BytesIO()
    qrcode.make(address, image_factory=SvgPathFillImage, border=2).save(drawn)
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode()}"
