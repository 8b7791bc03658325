"""A link that shows a part of one diary to one reader, and when that reader opened it."""

import uuid
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from apps.conditions.models import Condition
from apps.sharing.links.expiry import LONGEST
from apps.sharing.links.keys import Keys
from apps.users.models import Language
from apps.users.ownership import OwnedModel, OwnedQuerySet
from apps.users.typed.years import FIRST_DAY

KEPT_AFTER_ITS_END = timedelta(days=30)
MOST_WRONG_CODES = 10
MOST_LIVE = 50


class ReportLanguage(models.TextChoices):
    """That of the reader; each in its own words."""

    OWNER = "", _("as in your own pages")
    ENGLISH = Language.ENGLISH.value, Language.ENGLISH.label
    GERMAN = Language.GERMAN.value, Language.GERMAN.label


class Section(models.TextChoices):
    """A part of the report that a link shows or leaves out."""

    SUMMARY = "summary", _("the summary")
    CHARTS = "charts", _("charts")
    SESSIONS = "sessions", _("every session")
    CHECK_INS = "check_ins", _("every check-in")
    NOTES = "notes", _("your notes")
    SIDE_EFFECTS = "side_effects", _("side effects in your words")


def new_public_id() -> str:
    """What stands in the path of the address. No secret; too long to be met by counting up."""
    return get_random_string(16)


class ShareLinkQuerySet(OwnedQuerySet):
    def live(self, *, at: datetime):
        """Neither over nor ended, of somebody who still consents to the storing of their data."""
        own = self.filter(user__is_active=True, user__consent_version__isnull=False)
        return own.filter(revoked_at=None, expires_at__gt=at)

    def ended_lately(self, *, at: datetime):
        """Expired or revoked, and still shown to the owner."""
        shown = self.exclude(pk__in=self.ended_long_ago(at=at).values("pk"))
        return shown.exclude(revoked_at=None, expires_at__gt=at)

    def revoke(self, *, at: datetime) -> int:
        """End those that are live, from the next request on, also for pages that are open."""
        return self.live(at=at).update(revoked_at=at, generation=F("generation") + 1)

    def ended_long_ago(self, *, at: datetime):
        """Over for 30 days: no longer shown to the owner, and deleted."""
        return self.filter(
            Q(revoked_at__lte=at - KEPT_AFTER_ITS_END) | Q(expires_at__lte=at - KEPT_AFTER_ITS_END)
        )

    def opening(self, public_id: str, *, at: datetime):
        """The live link of this public id, or None. One query, whatever is the matter with it.

        The one query for a person's rows that does not begin with ``for_user``: whoever opens a
        link has no account. The caller has to ask for the secret.
        """
        links = self.live(at=at).select_related("user", "condition")
        return links.defer("condition__note").filter(public_id=public_id).first()


class ShareLink(OwnedModel):
    """What somebody may read of a diary, for whom, and until when.

    Without ``first_day`` and ``last_day`` it shows the last three months of the day on which it
    is opened; with ``first_day`` alone all from that day on. Of the secret and the code only
    hashes are here. ``generation`` goes up whenever the address changes or ends: what was opened
    with an older one is closed.
    """

    condition = models.ForeignKey(
        Condition, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    for_whom = models.CharField(
        _("for whom"), max_length=80, help_text=_("They see this name at the top.")
    )
    whose = models.CharField(
        _("your name or initials"),
        max_length=60,
        blank=True,
        help_text=_(
            "If you like: on top of the report and on every printed page. Nothing else of you."
        ),
    )
    language = models.CharField(
        _("language of the report"),
        max_length=5,
        choices=ReportLanguage,
        default=ReportLanguage.OWNER,
        blank=True,
    )
    first_day = models.DateField(_("from"), null=True, blank=True)
    last_day = models.DateField(_("until"), null=True, blank=True)
    sections = ArrayField(
        models.CharField(max_length=12, choices=Section), verbose_name=_("what they see")
    )
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    code_hash = models.CharField(max_length=128, blank=True, editable=False)
    wrong_codes = models.PositiveSmallIntegerField(default=0, editable=False)
    generation = models.PositiveIntegerField(default=1, editable=False)
    client_id = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = ShareLinkQuerySet.as_manager()

    class Meta(OwnedModel.Meta):
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["user", "condition"], name="sharelink_user_condition")]
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(fields=["user", "client_id"], name="sharelink_sent_once"),
            models.CheckConstraint(condition=~Q(for_whom=""), name="sharelink_is_for_somebody"),
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(first_day__isnull=False),
                name="sharelink_with_a_last_day_has_a_first",
                violation_error_message=_("Give both days, or choose the last three months."),
            ),
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")),
                name="sharelink_first_day_not_after_last",
                violation_error_message=_("The first day cannot come after the last."),
            ),
            models.CheckConstraint(
                condition=Q(first_day__gte=FIRST_DAY),
                name="sharelink_since_1900",
                violation_error_message=_("The first day must be in 1900 or later."),
            ),
            models.CheckConstraint(
                condition=Q(language__in=ReportLanguage.values),
                name="sharelink_language_is_known",
            ),
            models.CheckConstraint(
                condition=Q(sections__contained_by=Section.values),
                name="sharelink_sections_are_known",
            ),
            models.CheckConstraint(
                condition=Q(sections__len__gte=1),
                name="sharelink_shows_something",
                violation_error_message=_("Choose at least one thing to show."),
            ),
            models.CheckConstraint(
                condition=Q(secret_hash__regex=r"^[0-9a-f]{64}$"),  # noqa: S106
                name="sharelink_keeps_a_sha256_of_its_secret",
            ),
            models.CheckConstraint(
                condition=Q(wrong_codes__lte=MOST_WRONG_CODES),
                name="sharelink_wrong_codes_are_limited",
            ),
            models.CheckConstraint(
                condition=Q(generation__gte=1), name="sharelink_generation_counts"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="sharelink_expires_after_it_was_made",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__lte=F("created_at") + LONGEST),
                name="sharelink_lasts_90_days_at_most",
                violation_error_message=_("A link lasts 90 days at most."),
            ),
        ]

    def __str__(self):
        return self.for_whom

    @property
    def is_moving(self) -> bool:
        return self.first_day is None

    @property
    def report_language(self) -> str:
        return self.language or self.user.language_of_mails

    @property
    def is_locked(self) -> bool:
        """The six digits were wrong too often: it opens again only under a new address."""
        return self.wrong_codes >= MOST_WRONG_CODES

    @property
    def ended_at(self) -> datetime:
        return min(self.revoked_at or self.expires_at, self.expires_at)

    def renew(self, keys: Keys, *, at: datetime) -> bool:
        """Give it a new address, and end the old one; False if the link itself is over."""
        links = ShareLink.objects.for_user(self.user).live(at=at).filter(pk=self.pk)
        return bool(
            links.update(
                secret_hash=keys.secret_hash,
                code_hash=keys.code_hash,
                wrong_codes=0,
                generation=F("generation") + 1,
            )
        )

    def takes_code(self, code: str) -> bool:
        """Whether these are the six digits. Each wrong answer uses up one of the ten tries.

        The try is taken before the answer is known, so that a thousand requests at once have
        ten tries, too. A right answer gives its own back, but not those of others: otherwise
        every visit of the reader would hand a guesser ten more.
        """
        own = ShareLink.objects.for_user(self.user).filter(pk=self.pk, generation=self.generation)
        left = own.filter(wrong_codes__lt=MOST_WRONG_CODES)
        if not left.update(wrong_codes=F("wrong_codes") + 1):
            return False
        if not check_password(code, self.code_hash):
            return False
        own.filter(wrong_codes__gte=1).update(wrong_codes=F("wrong_codes") - 1)
        return True


class ShareVisit(OwnedModel):
    """That a report was shown, and when; never to which address or browser.

    ``opening`` is a random number of the reader's cookie, so that a reload is no second visit.
    ``is_program``: what opened it called itself a program, so that perhaps nobody read it.
    """

    link = models.ForeignKey(
        ShareLink,
        on_delete=models.CASCADE,
        related_name="visits",
        db_constraint=False,
        db_index=False,
    )
    opening = models.UUIDField()
    visited_at = models.DateTimeField()
    is_program = models.BooleanField(default=False)

    class Meta(OwnedModel.Meta):
        ordering = ["-visited_at", "-id"]
        indexes = [models.Index(fields=["user", "link", "visited_at"], name="sharevisit_user_link")]
        constraints = [*OwnedModel.Meta.constraints]

    def __str__(self):
        return f"{self.link_id}, {self.visited_at}"
