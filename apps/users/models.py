import functools
import zoneinfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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


class EmergencyNumber(models.TextChoices):
    UK = "999", _("999 (United Kingdom)")
    EUROPE = "112", _("112 (Europe, and mobile phones nearly everywhere)")
    AMERICA = "911", _("911 (North America)")


AMERICAN_ZONES = ("America/", "Canada/", "US/", "Pacific/Honolulu")
BRITISH_ZONES = (
    "Europe/London",
    "Europe/Belfast",
    "Europe/Guernsey",
    "Europe/Isle_of_Man",
    "Europe/Jersey",
    "GB",
)


def emergency_number_in(time_zone: str) -> EmergencyNumber:
    """Which number is called where a time zone is in use; 112 works on most mobile phones."""
    if time_zone.startswith(BRITISH_ZONES):
        return EmergencyNumber.UK
    if time_zone.startswith(AMERICAN_ZONES):
        return EmergencyNumber.AMERICA
    return EmergencyNumber.EUROPE


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
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    set_up_at = models.DateTimeField(null=True, blank=True)
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
                condition=~models.Q(time_zone=""), name="user_time_zone_is_named"
            ),
            models.CheckConstraint(
                condition=models.Q(emergency_number__in=["", *EmergencyNumber.values]),
                name="user_emergency_number_is_known",
            ),
        ]

    def __str__(self):
        return self.email

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The person's own time zone."""
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def number_to_call(self) -> str:
        """The emergency number chosen, else the one of the person's time zone."""
        return self.emergency_number or emergency_number_in(self.time_zone).value

    def finish_set_up(self, *, at):
        """The first-run page was answered or put off; it is not shown by itself again."""
        if self.set_up_at is None:
            self.set_up_at = at
            self.save(update_fields=["set_up_at"])
