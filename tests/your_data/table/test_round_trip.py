"""A CSV file, imported into an empty account and exported again: the same bytes."""

import csv
import random
import uuid
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.conditions.models import Condition, Side
from apps.diary.models import (
    CheckIn,
    Furthest,
    Position,
    RedFlag,
    Symptom,
    TreatmentSession,
)
from apps.treatments.models import Kind, Treatment
from apps.users.typed.names import as_seen
from apps.your_data.importing.store import import_diary
from apps.your_data.table.rules import SAID
from apps.your_data.table.write_csv import ASKED, export_csv
from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    UserFactory,
)

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
AWKWARD = st.sampled_from(
    [
        "=1+1",
        "'=1",
        "''@",
        "'",
        "-",
        "+",
        "|",
        "＝1",
        "－",
        "\xa0",
        " ",
        "\t",
        "\r",
        "\n",
        "\r\n",
        '"',
        ",",
        ";",
        "a;b",
        "\\",
        "\\;",
    ]
)
TEXTS = st.one_of(
    st.just(""), AWKWARD, st.text(LETTERS, max_size=30), st.builds("".join, st.lists(AWKWARD))
)
NAMES = st.one_of(
    st.sampled_from(
        ["Mat", "mat", "MAT", "a;b", "a\\;b", "a\\", "\\", ";", "Mat [blue]", "[x]", "]", "=Mat"]
    ),
    st.text(LETTERS, min_size=1, max_size=12),
).filter(lambda name: name == name.strip())  # as forms store names
ZONES = st.sampled_from(["UTC", "Europe/London", "Asia/Kathmandu", "America/New_York"])
RATINGS = st.none() | st.integers(0, 10)
# Around both clock changes of London, New York's spring and its repeated hour.
CLOCK_CHANGES = [
    datetime(2025, month, day, hour, minute)
    for month, day, hours in [(3, 30, (0, 1)), (10, 26, (0, 1)), (3, 9, (6, 7)), (11, 2, (5, 6))]
    for hour in hours
    for minute in (0, 30, 59)
]
MOMENTS = st.one_of(
    st.sampled_from(CLOCK_CHANGES), st.datetimes(datetime(1950, 1, 1), datetime(2026, 3, 9))
).map(lambda moment: moment.replace(tzinfo=UTC))
SHARED = {
    "time_zone": ZONES,
    "side": st.sampled_from(["", *Side.values]),
    "adverse_effect": TEXTS,
    "note": TEXTS,
    "client_id": st.uuids(),
    "days_off": st.integers(-1, 1),
    "condition": NAMES,
}
PLACES = [("", ""), ("", ""), ("shoulder", "hand"), ("knee", ""), ("=1+1", "Rücken"), ("leg", "")]
CHECK_INS = st.fixed_dictionaries(
    SHARED
    | {
        "rated_at": MOMENTS,
        "leg_pain": RATINGS,
        "back_pain": RATINGS,
        "sleep": RATINGS,
        "stress": RATINGS,
        "energy": RATINGS,
        "headache": RATINGS,
        "muscle_tension": RATINGS,
        "furthest": st.sampled_from(["", *Furthest.values]),
        "symptoms": st.lists(st.sampled_from(Symptom.values), unique=True),
        "red_flags": st.lists(st.sampled_from(RedFlag.values), unique=True),
        "painkillers": st.sampled_from([None, True, False]),
        "medicines": st.lists(NAMES, max_size=3, unique_by=as_seen),
    }
).map(lambda entry: entry if entry["painkillers"] else entry | {"medicines": []})
CHECK_INS = CHECK_INS.filter(lambda entry: any(entry[name] not in (None, "", []) for name in SAID))
SESSIONS = st.fixed_dictionaries(
    SHARED
    | {
        "started_at": MOMENTS,
        "treatments": st.lists(st.tuples(NAMES, st.sampled_from(Kind.values)), max_size=3),
        "minutes": st.none() | st.integers(1, 1440),
        "pain_before": st.integers(0, 10),
        "pain_after": RATINGS,
        "wait": st.timedeltas(timedelta(0), timedelta(days=1)),
        "position": st.sampled_from(["", *Position.values]),
        "asked_by_app": st.sampled_from([None, True, False]),
        "together": st.none() | st.uuids(),
    }
)


def spelt(model, user, name):
    """As the account has it: the forms take no second name that differs in case only."""
    own = model.objects.for_user(user).values_list("name", flat=True)
    return {as_seen(known): known for known in own}.get(as_seen(name), name)


def stored(user, entry):
    """The entry in the database, with its condition and treatments made where missing."""
    fields = entry | {"user": user}
    moment = fields.get("rated_at") or fields["started_at"]
    local = moment.astimezone(ZoneInfo(fields["time_zone"]))
    fields["diary_date"] = local.date() + timedelta(days=fields.pop("days_off"))
    condition = spelt(Condition, user, fields["condition"])
    fields["condition"] = placed(user, condition)
    if fields["condition"].places.second is None and "rated_at" in fields:
        fields["leg_pain"], fields["back_pain"] = fields["leg_pain"] or 0, None
    if "rated_at" in fields:
        return CheckInFactory(**fields)
    wait, named = fields.pop("wait"), dict(fields["treatments"])
    treatments = [
        TreatmentFactory(user=user, name=spelt(Treatment, user, name), kind=kind)
        for name, kind in named.items()
    ]
    fields["treatments"] = list(dict.fromkeys(treatments))
    if fields["pain_after"] is not None:
        fields["after_rated_at"] = moment + wait
    return TreatmentSessionFactory(**fields)


def placed(user, name):
    """The condition of that name; where a new one is rated depends on nothing but its name."""
    first, second = PLACES[sum(as_seen(name).encode()) % len(PLACES)]
    return ConditionFactory(user=user, name=name, first_place=first, second_place=second)


def exported(user) -> bytes:
    return b"".join(export_csv(user))


@pytest.mark.django_db
@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(entries=st.lists(CHECK_INS | SESSIONS, max_size=6))
def test_diary_comes_back_without_a_difference(entries):
    user, empty = UserFactory(), UserFactory()
    for entry in entries:
        stored(user, entry)
    file = exported(user)
    outcome = import_diary(empty, file, at=NOON)
    assert outcome.problems.shown == []
    assert outcome.new == len(entries)
    assert exported(empty) == file
    again = import_diary(empty, file, at=NOON)
    assert (again.new, again.known) == (0, len(entries))


def test_long_diary_comes_back_in_order(alice, charlie):
    """More entries than one chunk; many at the same moment."""
    generator = random.Random(3)
    condition = ConditionFactory(user=alice)
    moments = [NOON - timedelta(hours=generator.randrange(400)) for _ in range(1300)]
    shared = {"user": alice, "condition": condition, "time_zone": "Europe/London"}
    CheckIn.objects.bulk_create(
        CheckIn(**shared, rated_at=at, diary_date=at.date(), leg_pain=0, client_id=_uuid(generator))
        for at in moments
    )
    TreatmentSession.objects.bulk_create(
        TreatmentSession(
            **shared, started_at=at, diary_date=at.date(), pain_before=0, client_id=_uuid(generator)
        )
        for at in moments
    )
    file = exported(alice)
    assert import_diary(charlie, file, at=NOON).new == 2600
    assert exported(charlie) == file


def _uuid(generator):
    return uuid.UUID(int=generator.getrandbits(128), version=4)


def test_export_writes_moments_as_clocks_showed_them(alice):
    summer = datetime(2025, 7, 1, 23, 30, tzinfo=UTC)
    CheckInFactory(user=alice, rated_at=summer, diary_date="2025-07-02")
    row = exported(alice).decode().splitlines()[1]
    assert row.split(",")[:4] == [
        "checkin",
        "2025-07-02T00:30:00+01:00",
        "Europe/London",
        "2025-07-02",
    ]


def test_export_guards_text_and_leaves_numbers_alone(alice):
    condition = ConditionFactory(user=alice, name="=Knee")
    CheckInFactory(user=alice, condition=condition, leg_pain=0, back_pain=10, note="+1")
    row = next(csv.DictReader(exported(alice).decode("utf-8-sig").splitlines()))
    names = ("condition", "leg_pain", "back_pain", "sleep", "note")
    assert [row[name] for name in names] == ["'=Knee", "0", "10", "", "'+1"]


def test_export_holds_nothing_of_anybody_else(alice, charlie):
    TreatmentSessionFactory(user=charlie, treatments=[TreatmentFactory(user=charlie)])
    CheckInFactory(user=charlie)
    assert exported(alice).count(b"\r\n") == 1


def test_export_says_asked_by_app_of_waits_only(alice):
    """A wait that was changed into a treatment keeps the mark; import would refuse it."""
    TreatmentSessionFactory(
        user=alice, asked_by_app=True, treatments=[TreatmentFactory(user=alice)]
    )
    TreatmentSessionFactory(user=alice, asked_by_app=True, started_at=NOON + timedelta(hours=1))
    rows = exported(alice).decode().splitlines()[1:]
    assert [row.split(",")[ASKED] for row in rows] == ["", "yes"]


@pytest.mark.parametrize("entries", [1, 3])
def test_export_asks_the_same_number_of_queries(alice, entries, django_assert_num_queries):
    for hours in range(entries):
        at = NOON - timedelta(hours=hours)
        CheckInFactory(user=alice, rated_at=at)
        treatments = [TreatmentFactory(user=alice, name=f"Treatment {hours}")]
        TreatmentSessionFactory(user=alice, started_at=at, treatments=treatments)
    with django_assert_num_queries(7):
        exported(alice)
