import re

from django.core.management import call_command

from apps.demo.management.commands.create_demo import EMAIL
from apps.diary.models import TreatmentSession
from apps.users.models import User


def test_create_demo_prints_the_only_copy_of_the_password(db, capsys):
    call_command("create_demo")
    password = re.search(r"password (\S+)", capsys.readouterr().out)[1]
    user = User.objects.get()
    assert (user.email, user.check_password(password), user.demo_until) == (EMAIL, True, None)
    assert TreatmentSession.objects.for_user(user).count() > 150


def test_create_demo_does_nothing_where_somebody_has_an_account(alice, capsys):
    call_command("create_demo")
    assert (list(User.objects.all()), capsys.readouterr().out) == ([alice], "")
