"""Every page there is, taken from the URLconf, with objects that a person of the demo has."""

import gzip
import re
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch
from django.utils import timezone

from apps.conditions.models import Cause, Condition
from apps.diary.entries.deletion import delete
from apps.diary.models import (
    Activity,
    Agreement,
    CalendarFeed,
    CheckIn,
    DeletedEntry,
    PendingImport,
    PushSubscription,
    ReminderPlan,
    Seal,
    SelfTest,
    SelfTestMoment,
    TreatmentSession,
    Unit,
)
from apps.diary.reminders.mails import off_token
from apps.sharing.models import ShareLink
from apps.treatments.models import Kind, Treatment, TreatmentPeriod
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    CheckInFactory,
    DayTestFactory,
    ExerciseFactory,
    PendingImportFactory,
    PushSubscriptionFactory,
    SealFactory,
    SelfTestFactory,
    SelfTestMomentFactory,
    ShareLinkFactory,
    TreatmentFactory,
)
from tests.users.log_in.authenticator import stored

# Of which model an address's object is, by the beginning of the URL's name; the first match counts.
OBJECTS = {
    "conditions:cause": Cause,
    "conditions:": Condition,
    "treatments:": Treatment,
    "comparisons:": Treatment,
    "diary:checkin": CheckIn,
    "diary:session": TreatmentSession,
    "diary:both_legs": Condition,
    "diary:red_flags_not_seen": None,
    "users:end_session": None,  # which one does not matter: it wants POST
}
# Of addresses that open something by themselves.
SECRETS = {
    "diary:calendar": lambda user: CalendarFeed.make(user, at=timezone.now()),
    "diary:reminders_off": lambda user: off_token(plan_of(user)),
}
WORDS = {"slug": Kind.HEAT.value, "file_format": "csv", "public_id": "anybodysaddress1"}
WORDS |= {"after": ")."}


def all_names(patterns=None, namespace=""):
    """Names of all URLs with the arguments that each takes."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield namespace + pattern.name, list(pattern.pattern.converters)
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from all_names(pattern.url_patterns, inner)


def plan_of(user):
    plans = ReminderPlan.objects.for_user(user)
    return plans.get_or_create(defaults={"user": user, "since": timezone.now()})[0]


def argument(name, parameter, user):
    if name in SECRETS:
        return SECRETS[name](user)
    if parameter in WORDS:
        return WORDS[parameter]
    if parameter in ("year", "month", "day"):
        return getattr(CheckIn.objects.for_user(user).latest("diary_date").diary_date, parameter)
    if parameter == "client_id":
        return TreatmentSession.objects.for_user(user).latest("pk").client_id
    if parameter == "pk" and name.startswith("treatments:period"):
        return TreatmentPeriod.objects.for_user(user).latest("pk").pk
    if name == "diary:red_flags_ticked":
        return flagged(user).pk
    if name.startswith("diary:activity_"):
        return (Activity.objects.for_user(user).first() or ActivityFactory(user=user)).pk
    if name.startswith("diary:agreed_"):
        return (Agreement.objects.for_user(user).first() or an_agreement(user)).pk
    if name in ("comparisons:self_test", "comparisons:self_test_end"):
        return a_self_test(user).pk
    if name == "comparisons:seal_open":
        return (Seal.objects.for_user(user).first() or a_seal(user)).pk
    if name == "diary:device_end":
        return a_device(user).pk
    if name.startswith("diary:self_test_"):
        return a_letter(user).pk
    if name.startswith("mfa_"):
        return (Authenticator.objects.filter(user=user, type="webauthn").first() or stored(user)).pk
    if name.startswith("sharing:"):  # no demo comes with a link
        return (ShareLink.objects.for_user(user).first() or a_link(user)).pk
    models = [model for start, model in OBJECTS.items() if name.startswith(start)]
    if not models:
        raise LookupError(f"Say in tests/browser/pages.py what {parameter} of {name} stands for.")
    if models[0] is Treatment:
        return TreatmentPeriod.objects.for_user(user).latest("pk").treatment_id
    return models[0].objects.for_user(user).latest("pk").pk if models[0] else 1


def flagged(user):
    """A check-in with a red flag, too long ago to be open: the other pages look as they always do."""
    newest = CheckIn.objects.for_user(user).latest("pk")
    fields = ["user_id", "condition_id", "time_zone", "rated_at", "diary_date"]
    ago = {name: getattr(newest, name) for name in fields} | {"red_flags": ["bladder", "both_legs"]}
    long_ago = newest.rated_at - timedelta(days=300)
    return CheckIn.objects.create(**ago, red_flags_ticked_at=long_ago)


def a_link(user):
    condition = Condition.objects.for_user(user).latest("pk")
    now = timezone.now()
    return ShareLinkFactory(user=user, condition=condition, created_at=now)


def an_agreement(user):
    """With an exercise; over long ago, so that Today looks as it always does."""
    newest = CheckIn.objects.for_user(user).latest("pk")
    over = newest.diary_date - timedelta(days=300)
    treatment = TreatmentPeriod.objects.for_user(user).latest("pk").treatment
    about = {"condition": newest.condition, "treatment": treatment}
    agreement = AgreementFactory(user=user, agreed_on=over, until_on=over, **about)
    ExerciseFactory(user=user, agreement=agreement)
    return agreement


def a_device(user):
    return PushSubscription.objects.for_user(user).first() or PushSubscriptionFactory(user=user)


def a_self_test(user):
    """One that has ended, so that the other pages say what they always say."""
    newest = CheckIn.objects.for_user(user).latest("pk")
    treatment = TreatmentPeriod.objects.for_user(user).latest("pk").treatment
    return SelfTest.objects.for_user(user).ended().first() or SelfTestFactory(
        user=user,
        condition=newest.condition,
        treatment=treatment,
        started_at=newest.rated_at - timedelta(days=300),
        ended_at=newest.rated_at,
        why_ended="stopped",
    )


def a_seal(user):
    """Of something that nothing else is about: the other pages say of the rest what they say."""
    condition = CheckIn.objects.for_user(user).latest("pk").condition
    treatment = TreatmentFactory(user=user, name="Bridge, 3 × 10: slowly")
    return SealFactory(user=user, condition=condition, treatment=treatment)


def a_test_by_days(user):
    """Ended too, and begun before every other: ``a_self_test`` stays the one it was."""
    other = a_self_test(user)
    ended_at = other.started_at - timedelta(days=10)
    return SelfTest.objects.for_user(user).filter(unit=Unit.DAY).first() or DayTestFactory(
        user=user,
        condition=other.condition,
        treatment=other.treatment,
        started_at=ended_at - timedelta(days=90),
        ended_at=ended_at,
        why_ended="date",
    )


def a_letter(user):
    """Of a session that can still be rated again: the page that says what the letter says."""
    own = TreatmentSession.objects.for_user(user)
    unrated = own.filter(pain_after=None)
    drawn = SelfTestMoment.objects.for_user(user)
    if known := drawn.filter(client_id__in=unrated.values("client_id")).first():
        return known
    session = unrated.first() or own.latest("pk")
    test = SelfTest.objects.for_user(user).running().first() or a_self_test(user)
    return SelfTestMomentFactory(
        user=user, self_test=test, client_id=session.client_id, ordinal=test.drawn.count()
    )


def a_waiting_file(user):
    """From elsewhere: for the pages about its columns, what it leaves open, and what it holds."""
    if not PendingImport.objects.for_user(user).exists():
        PendingImportFactory(
            user=user,
            uploaded_at=timezone.now(),
            content=gzip.compress(b"d;p\n1/2/2026;4\n"),
            columns={"date": 0, "pain": 1, "date_order": "dmy"},
        )


def deleted_lately(user):
    """For the diary's pages, which offer to bring it back."""
    if not DeletedEntry.objects.for_user(user).exists():
        newest = CheckIn.objects.for_user(user).latest("pk")
        about = {"condition": newest.condition, "rated_at": newest.rated_at}
        delete(user, CheckInFactory(user=user, **about), at=timezone.now())


def address(name, parameters, user):
    try:
        return reverse(name, kwargs={each: argument(name, each, user) for each in parameters})
    except NoReverseMatch:  # with a regular expression, as allauth's links from mails
        return None


MAIN = re.compile(b"<main.*</main>", re.DOTALL)
TOKEN = re.compile(b'name="csrfmiddlewaretoken" value="[^"]*"')
# A 404 in words until the host has said whom to tell (SECURITY_CONTACT).
NOT_SET_UP = {"security_txt"}


def addresses(user):
    """Names and paths of all URLs, and of what a page shows in another state."""
    for name, parameters in all_names():
        yield name, address(name, parameters, user)
    for running in SelfTest.objects.for_user(user).running():
        yield "comparisons:self_test_running", running.get_absolute_url()
    yield "comparisons:self_test_by_days", a_test_by_days(user).get_absolute_url()


def pages(user, part=slice(None)):
    """Yield name, path and whether one is logged in there, for all that answer with HTML."""
    for name, path, is_logged_in, _answer in answers(user, part):
        yield name, path, is_logged_in


def unlike_pages(user, part=slice(None)):
    """The same without those that say to whoever is logged in what they say to strangers.

    What is around that stands on the pages of those who are logged in anyway.
    """
    said = set()
    for name, path, is_logged_in, answer in answers(user, part):
        main = name, TOKEN.sub(b"", MAIN.search(answer.content)[0])
        if main not in said:
            yield name, path, is_logged_in
        said.add(main)


def answers(user, part=slice(None), **browser):
    """Yield what ``pages`` does and the answer, as a client has it that is made with ``browser``."""
    a_waiting_file(user)
    deleted_lately(user)
    for is_logged_in in (False, True):
        client = Client(raise_request_exception=False, **browser)
        if is_logged_in:
            client.force_login(user)
        for name, path in list(addresses(user))[part]:
            if path is None or name in NOT_SET_UP:
                continue
            response = client.get(path)
            if is_page(response):
                yield name, path, is_logged_in, response


def is_page(response):
    """No redirect, no action that wants POST, no file, and no account page that is not open yet."""
    is_closed = response.request["PATH_INFO"].startswith("/accounts/") and response.status_code in {
        403,
        404,
    }
    is_html = response["Content-Type"].startswith("text/html")
    return is_html and not is_closed and response.status_code not in {302, 405}
