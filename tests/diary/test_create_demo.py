import re

from django.core.management import call_command
from django.utils import timezone

from apps.diary.management.commands.create_demo import DAYS, EMAIL, keep_diary
from apps.diary.models import CheckIn, SessionTreatment, TreatmentSession
from apps.users.models import User
from tests.factories import UserFactory


def test_create_demo_prints_the_only_copy_of_the_password(db, capsys):
    call_command("create_demo")
    password = re.search(r"password (\S+)", capsys.readouterr().out)[1]
    user = User.objects.get()
    assert (user.email, user.check_password(password)) == (EMAIL, True)


def test_create_demo_does_nothing_where_somebody_has_an_account(alice, capsys):
    call_command("create_demo")
    assert (list(User.objects.all()), capsys.readouterr().out) == ([alice], "")


def test_demo_diary_ends_yesterday_and_is_the_same_everywhere(db):
    now = timezone.now()
    users = [UserFactory(), UserFactory()]
    for user in users:
        keep_diary(user, now=now)
    diaries = [
        list(CheckIn.objects.for_user(user).values_list("rated_at", "leg_pain", "back_pain"))
        for user in users
    ]
    assert diaries[0] == diaries[1]
    days = CheckIn.objects.for_user(users[0]).values_list("diary_date", flat=True)
    today = timezone.localdate(now, users[0].zone)
    assert ((today - min(days)).days, (today - max(days)).days) == (DAYS, 1)


def test_demo_diary_holds_waits_to_compare_with(db):
    user = UserFactory()
    keep_diary(user, now=timezone.now())
    sessions = TreatmentSession.objects.for_user(user)
    treated = SessionTreatment.objects.for_user(user).count()
    assert (sessions.waits().count(), treated) == (14, 17)
