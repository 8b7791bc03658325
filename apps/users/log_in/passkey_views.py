"""Passkeys as a way in: added, used to log in, and shown where a password would be asked again.

Listing, naming and removing them are allauth's own views.
"""

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.generic.edit import FormView


class Add(webauthn.AddWebAuthnView):
    """allauth's makes recovery codes too; ours stand in for the app with codes only."""

    def get_context_data(self, **kwargs):
        options = auth.begin_registration(self.request.user, passwordless=True)
        return FormView.get_context_data(self, **kwargs) | {"options": options}

    def form_valid(self, form):
        user, data = self.request.user, form.cleaned_data
        passkey = auth.WebAuthn.add(user, data["name"], data["credential"]).instance
        authenticator_added.send(
            sender=Authenticator, request=self.request, user=user, authenticator=passkey
        )
        adapter = get_adapter()
        adapter.add_message(self.request, messages.SUCCESS, "mfa/messages/webauthn_added.txt")
        adapter.send_notification_mail("mfa/email/webauthn_added", user)
        return redirect("mfa_list_webauthn")


@method_decorator(login_not_required, name="dispatch")
class LogIn(webauthn.LoginWebAuthnView):
    http_method_names = ["get", "head", "post"]

    def form_invalid(self, form):
        for said in form.non_field_errors():
            messages.error(self.request, said)
        return redirect("account_login")


class Confirm(webauthn.ReauthenticateWebAuthnView):
    """allauth's leads to the log-in page if it was refused, and what waits behind it is lost."""

    form_invalid = FormView.form_invalid


def codes_go_with_their_app(sender, user, authenticator, **_more):
    """Receives ``authenticator_removed``. A passkey needs no recovery codes."""
    if authenticator.type == Authenticator.Type.TOTP:
        codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES)
        codes.delete()
