"""allauth's forms in our words, without placeholders that repeat the label."""

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.manage_email import emit_email_changed
from allauth.account.models import EmailAddress
from allauth.mfa.base import forms as two_factor
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from apps.users.forms import TimeZoneInput, consent_field
from apps.users.models import User, validate_time_zone

GOOD_PASSWORD = _("At least 10 characters. A few words in a row are easy to remember.")


class InOurWords:
    """The labels and help texts of a form, by the name of the field."""

    labels = {}
    help_texts = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class SignUpForm(InOurWords, account.SignupForm):
    labels = {
        "email": _("E-mail address"),
        "password1": _("Password"),
        "time_zone": _("Your time zone"),
    }
    help_texts = {
        "password1": GOOD_PASSWORD,
        "time_zone": _("Your diary days begin and end at midnight here. Empty: Europe/London."),
    }
    time_zone = User._meta.get_field("time_zone").formfield(
        widget=TimeZoneInput(attrs={"data-time-zone": ""}),
        required=False,
        initial="",
        validators=[validate_time_zone],
    )
    consent = consent_field()
    field_order = ["email", "password1", "time_zone", "consent"]

    def try_save(self, request):
        if self.account_already_exists and not self.by_passkey:
            # As slow as storing a new password, or the clock would tell that the address is known.
            make_password(self.cleaned_data["password1"])
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            # Two taps: the other request has just made this account.
            return None, redirect("account_login")

    def signup(self, request, user):
        # The language that the person has just read and signed up in: mails that no request
        # asks for (reminders) could not know it otherwise.
        user.language = get_language()
        user.time_zone = self.cleaned_data["time_zone"] or user.time_zone
        user.save(update_fields=["language", "time_zone"])
        user.consent(at=timezone.now())


class LogInForm(InOurWords, account.LoginForm):
    labels = {"login": _("E-mail address"), "password": _("Password")}


class ChangeEmailForm(InOurWords, account.AddEmailForm):
    labels = {"email": _("New e-mail address")}

    def clean_email(self):
        """Where it changes at once, a taken address is refused here, as at sign-up."""
        email = super().clean_email()
        if settings.MAILS_GO == "nowhere" and User.objects.filter(email=email).exists():
            raise get_adapter().validation_error("email_taken")
        return email

    def save(self, request):
        if settings.MAILS_GO == "nowhere":
            return self._change_at_once(request)
        # allauth drops the account's unconfirmed addresses here; without mail the one in use
        # is unconfirmed too, and the account would be left without any.
        self.user.emailaddress_set.filter(email=self.user.email).update(verified=True, primary=True)
        return super().save(request)

    def _change_at_once(self, request):
        """Unconfirmed, as a new account's address is: no link could reach the person."""
        own = self.user.emailaddress_set
        before = own.filter(email=self.user.email).first()
        new = EmailAddress(user=self.user, email=self.cleaned_data["email"])
        try:
            with transaction.atomic():
                new.set_as_primary()
                own.exclude(pk=new.pk).delete()
        except IntegrityError:
            # Somebody else has taken it a moment ago.
            messages.error(request, get_adapter().error_messages["email_taken"])
            return EmailAddress()
        emit_email_changed(request, before, new)
        messages.success(request, gettext("Your address is changed. You log in with it now."))
        return new


class ConfirmPasswordForm(InOurWords, account.ReauthenticateForm):
    labels = {"password": _("Your password")}


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):
    labels = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }
    help_texts = {"password1": GOOD_PASSWORD}


class SetPasswordForm(InOurWords, account.SetPasswordForm):
    labels = {"password1": _("New password"), "password2": _("New password again")}
    help_texts = {"password1": GOOD_PASSWORD}


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):
    labels = {"email": _("E-mail address")}


class NewPasswordForm(InOurWords, account.ResetPasswordKeyForm):
    labels = {"password1": _("New password"), "password2": _("New password again")}
    help_texts = {"password1": GOOD_PASSWORD}


class ActivateCodesForm(InOurWords, ActivateTOTPForm):
    labels = {"code": _("Code that the app shows")}


class LogInCodeForm(InOurWords, two_factor.AuthenticateForm):
    labels = {"code": _("Code")}
    help_texts = {"code": _("From your authenticator app, or one of your recovery codes.")}


class ConfirmCodeForm(InOurWords, two_factor.ReauthenticateForm):
    labels = {"code": _("Code")}
    help_texts = {"code": _("From your authenticator app, or one of your recovery codes.")}
