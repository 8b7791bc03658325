"""Light or dark: chosen by the person, else as the device has it. It works without JavaScript.

Kept with the account, and in a cookie that holds that one word: for visitors, and for error
pages, which ask for nobody.
"""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from apps.users.models import Theme

COOKIE = "theme"
A_YEAR = 365 * 24 * 60 * 60


class AppearanceForm(forms.Form):
    theme = forms.ChoiceField(
        label=gettext_lazy("Light or dark"),
        choices=Theme,
        widget=forms.RadioSelect,
        required=False,
    )


def theme_of(request) -> str:
    """ "light", "dark", or empty for what the device says."""
    own = request.user.theme if request.user.is_authenticated else ""
    return own or theme_of_device(request)


def theme_of_device(request) -> str:
    """As the cookie has it."""
    found = request.COOKIES.get(COOKIE, "")
    return found if found in Theme.values else ""


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def appearance(request):
    data = request.POST if request.method == "POST" else None
    form = AppearanceForm(data, initial={"theme": theme_of(request)})
    if not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "users/appearance.html", {"form": form}, status=status)
    response = redirect("appearance")
    _keep(request, response, form.cleaned_data["theme"])
    if request.user.is_authenticated:  # a message would start a session for a visitor
        messages.success(request, _("Saved."))
    return response


def _keep(request, response, theme):
    if request.user.is_authenticated:
        request.user.theme = theme
        request.user.save(update_fields=["theme"])
    if theme:
        is_secure = settings.SESSION_COOKIE_SECURE
        more = {"secure": is_secure, "httponly": True, "samesite": "Lax"}
        response.set_cookie(COOKIE, theme, max_age=A_YEAR, **more)
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
