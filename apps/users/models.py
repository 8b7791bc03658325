import functools
import zoneinfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.users.emergency_numbers import EmergencyNumber, emergency_number_in
from apps.users.security_events import SecurityEvent
from config.postgres.compiled import compiled

__all__ = ["SecurityEvent", "User"]


class Currency(models.TextChoices):
    GBP = "GBP", _("£ British pound")
    EUR = "EUR", _("€ Euro")
    USD = "USD", _("$ US dollar")
    AUD = "AUD", _("A$ Australian dollar")
    CAD = "CAD", _("C$ Canadian dollar")
    CHF = "CHF", _("CHF Swiss franc")
    INR = "INR", _("₹ Indian rupee")
    NZD = "NZD", _("NZ$ New Zealand dollar")
    SEK = "SEK", _("kr Swedish krona")

    @property
    def symbol(self):
        return self.label.split(" ", 1)[0]


# Which text a person has agreed to (templates/users/_consent_text.html): a new number where what
# is stored, or why, or for whom, changes. Everybody is then asked anew.
CONSENT_VERSION = 1


class Rhythm(models.TextChoices):
    """How often the diary may ask for a check-in. Writing is possible at any time."""

    DAILY = "daily", _("every day")
    WEEKLY = "weekly", _("once a week")
    PAUSED = "paused", _("not until I come back")


class Language(models.TextChoices):
    """Each in its own words: whoever cannot read the page must find theirs."""

    BROWSER = "", _("as your browser asks for")
    ENGLISH = "en-gb", "English"
    GERMAN = "de", "Deutsch"


class Theme(models.TextChoices):
    DEVICE = "", _("as your device has it")
    LIGHT = "light", _("light")
    DARK = "dark", _("dark")


@functools.cache
def time_zone_names() -> frozenset[str]:
    """All IANA time zone names, old ones included; asked once, because it reads the disk."""
    return frozenset(zoneinfo.available_timezones() - {"Factory", "localtime"})


def validate_time_zone(name: str) -> None:
    """Refuse what is no IANA time zone name."""
    if name not in time_zone_names():
        raise ValidationError(
            _("“%(name)s” is not a time zone we know. Choose one such as Europe/London."),
            code="time_zone",
            params={"name": name},
        )


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        """A person who can log in; without a password, only by resetting one."""
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        # Whoever makes the account vouches for the address; allauth need not ask for it again.
        user.emailaddress_set.create(email=user.email, verified=True, primary=True)
        return user

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())

    def get(self, *conditions, **named):
        """As ever; by a key alone, as each request finds its person, in SQL that is kept."""
        if conditions or named.keys() != {"pk"} or not isinstance(named["pk"], int):
            return super().get(*conditions, **named)
        for user in _with_key(key=named["pk"]):
            return user
        raise self.model.DoesNotExist


@compiled
def _with_key(*, key: int):
    return User.objects.filter(pk=key)


class User(AbstractBaseUser):
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="Europe/London",
        validators=[validate_time_zone],
        help_text=_("Your diary days begin and end at midnight here."),
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        choices=Currency,
        default=Currency.GBP,
        help_text=_("For what treatments cost."),
    )
    emergency_number = models.CharField(
        _("emergency number"),
        max_length=3,
        choices=EmergencyNumber,
        blank=True,
        help_text=_("What you call when hours count. We show it with the signs for that."),
    )
    language = models.CharField(
        _("language"),
        max_length=5,
        choices=Language,
        default=Language.BROWSER,
        blank=True,
        help_text=_("Of the pages, and of the mails we send you."),
    )
    theme = models.CharField(
        _("light or dark"), max_length=5, choices=Theme, default=Theme.DEVICE, blank=True
    )
    home_screen_told_at = models.DateTimeField(null=True, editable=False)
    rhythm = models.CharField(
        _("how often the diary asks"), max_length=6, choices=Rhythm, default=Rhythm.DAILY
    )
    rhythm_since = models.DateTimeField(null=True, editable=False)
    weekly_declined_on = models.DateField(null=True, editable=False)
    function_skipped_on = models.DateField(null=True, editable=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    set_up_at = models.DateTimeField(null=True, blank=True)
    consent_version = models.PositiveSmallIntegerField(
        _("version of the consent"), null=True, blank=True, editable=False
    )
    consented_at = models.DateTimeField(_("consent given"), null=True, blank=True, editable=False)
    demo_until = models.DateTimeField(null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        indexes = [
            models.Index(
                fields=["demo_until"],
                condition=models.Q(demo_until__isnull=False),
                name="user_demo_until",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(currency__in=Currency.values), name="user_currency_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(language__in=Language.values), name="user_language_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(theme__in=Theme.values), name="user_theme_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(time_zone=""), name="user_time_zone_is_named"
            ),
            models.CheckConstraint(
                condition=models.Q(rhythm__in=Rhythm.values), name="user_rhythm_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(emergency_number__in=["", *EmergencyNumber.values]),
                name="user_emergency_number_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(consent_version=None, consented_at=None)
                | models.Q(consent_version__gte=1, consented_at__isnull=False),
                name="user_consent_has_version_and_moment",
            ),
        ]

    def __str__(self):
        return self.email

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The person's own time zone."""
        return zoneinfo.ZoneInfo(self.time_zone)

    def move_to(self, time_zone: str):
        """From now on days are those of another zone; entries keep the day and hour they have."""
        self.time_zone = time_zone
        self.save(update_fields=["time_zone"])

    @property
    def number_to_call(self) -> str:
        """The emergency number chosen, else the one of the person's time zone."""
        return self.emergency_number or emergency_number_in(self.time_zone).value

    def keep_rhythm(self, rhythm: Rhythm, *, at):
        """From this moment on the diary asks as often as this."""
        self.rhythm, self.rhythm_since = rhythm, at
        self.save(update_fields=["rhythm", "rhythm_since"])

    @property
    def language_of_mails(self) -> str:
        """The person's language, where no browser asks for one."""
        return self.language or settings.LANGUAGE_CODE

    def tell_home_screen(self, *, at):
        """How to put it on the home screen was told, and is not told again."""
        self.home_screen_told_at = at
        self.save(update_fields=["home_screen_told_at"])

    def finish_set_up(self, *, at):
        """The first-run page was answered or put off; it is not shown by itself again."""
        if self.set_up_at is None:
            self.set_up_at = at
            self.save(update_fields=["set_up_at"])

    @property
    def has_consented(self) -> bool:
        """Whether what they write may be stored: in a demo too, which nobody's health is in."""
        return self.consent_version is not None or self.demo_until is not None

    def consent(self, *, at):
        """They agree, at this moment, to the text of today."""
        self.consent_version, self.consented_at = CONSENT_VERSION, at
        self.save(update_fields=["consent_version", "consented_at"])

    def withdraw_consent(self):
        """From now on nothing more is stored; what is there can be taken along or deleted."""
        self.consent_version = self.consented_at = None
        self.save(update_fields=["consent_version", "consented_at"])
