"""Signing up with a passkey in place of a password.

allauth's own makes the account first: whoever then gives up has one that nobody can open, and
without a mail server its address is taken for ever. Here the passkey is made first, for a number
that is kept for the account, and both are stored at once.
"""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.signup import complete_signup
from allauth.core import ratelimit
from allauth.mfa.webauthn.internal import auth
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection, transaction
from django.shortcuts import redirect, render, resolve_url
from django.views.decorators.http import require_http_methods

from apps.users.account_forms import SignUpForm
from apps.users.log_in.passkey_forms import AddPasskeyForm
from apps.users.models import User
from apps.users.security_events import Kind, record

BEGUN = "passkey_sign_up"  # in the session: what was typed, and the number of the account
NEXT_NUMBER = "SELECT nextval(pg_get_serial_sequence('users_user', 'id'))"
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(%s)"
FORM_PAGE, PASSKEY_PAGE = "account/passkey_signup.html", "account/passkey_signup_make.html"


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def begin(request):
    """Who somebody is, and what they agree to: nothing is stored of it yet but in the session."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    if not get_adapter().is_open_for_signup(request):
        return render(request, "account/signup_closed.html")
    form = SignUpForm(_sent(request), by_passkey=True)
    if request.method == "POST":
        if too_many := ratelimit.consume_or_429(request, action="signup"):
            return too_many
        if form.is_valid():
            typed = {name: request.POST.get(name, "") for name in form.fields}
            request.session[BEGUN] = {"typed": typed, "number": _next_number()}
            return redirect("account_passkey_make")
    return render(request, FORM_PAGE, {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def make(request):
    """The passkey, and with it the account."""
    begun = request.session.get(BEGUN)
    if begun is None or request.user.is_authenticated:
        return redirect("account_passkey_signup")
    newcomer = User(pk=begun["number"], email=begun["typed"]["email"])
    passkey = AddPasskeyForm(_sent(request), user=newcomer)
    if request.method == "POST":
        if too_many := ratelimit.consume_or_429(request, action="signup"):
            return too_many
        if passkey.is_valid():
            return _sign_up(request, begun, passkey.cleaned_data)
    options = auth.begin_registration(newcomer, passwordless=True)
    context = {"form": passkey, "options": options}
    return render(request, PASSKEY_PAGE, context, status=422 if passkey.errors else 200)


def _sent(request):
    return request.POST if request.method == "POST" else None


def _sign_up(request, begun, passkey):
    with transaction.atomic():
        if _is_made(begun["number"]):
            return redirect("account_login")
        form = SignUpForm(begun["typed"], by_passkey=True)
        if not form.is_valid():  # somebody else has taken the address in the meantime
            return render(request, FORM_PAGE, {"form": form}, status=422)
        request.number_of_account = begun["number"]
        user, answer = form.try_save(request)
        if user:
            auth.WebAuthn.add(user, passkey["name"], passkey["credential"])
            record(user, Kind.PASSKEY_ADDED)
    del request.session[BEGUN]
    if user is None:
        return answer
    first_page = resolve_url(settings.ACCOUNT_SIGNUP_REDIRECT_URL)
    return complete_signup(request, user=user, redirect_url=first_page)


def _is_made(number: int) -> bool:
    """Two taps: the other request has just made this account, or is making it."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [number])
    return User.objects.filter(pk=number).exists()


def _next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBER)
        return cursor.fetchone()[0]
