"""How much processor time it takes to remind many people who are all due in the same minute.

    python -m tests.bench.reminding [people]

As many calls of sessions are made at a push service on this machine, and then as many mails sent to
a mail server here, each by a process of its own and from its start to its end: what Django takes to
start is in it; the database and the two servers are not. Ends with status 1 where either takes
longer than a minute.
"""

import os
import resource
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import django

from tests.servers import ROOT, scratch_database

PEOPLE, SECONDS = 10_000, 60


def main(people=PEOPLE):
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    with scratch_database():
        django.setup()
        prepare(people)
        met = [report(way, people) for way in (calls, mails)]
    return 0 if all(met) else 1


def prepare(people):
    """Each with a device, and a session of a treatment that was due a minute ago."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from apps.users.models import User

    call_command("migrate", verbosity=0)
    users = User.objects.bulk_create(
        User(email=f"person{n}@example.com", time_zone="UTC") for n in range(people)
    )
    fill(users, timezone.now() - timedelta(minutes=46))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def fill(users, started_at):
    from apps.conditions.models import Condition
    from apps.diary import models
    from apps.treatments.models import Kind, Treatment
    from tests.diary.calls.push_service import Browser

    def of_each(model, *more, **fields):
        rows = zip(users, *(each for _name, each in more), strict=True)
        names = ["user", *(name for name, _each in more)]
        made = [model(**dict(zip(names, row, strict=True)), **fields) for row in rows]
        return model.objects.bulk_create(made)

    plan = {"for_sessions": True, "since": started_at}
    of_each(models.CallPlan, **plan)
    of_each(models.ReminderPlan, **plan)
    endpoints = [f"{Browser().endpoint}" for _user in users]
    device = Browser().handed_over | {"device": "A phone", "added_at": started_at}
    del device["endpoint"]
    of_each(models.PushSubscription, ("endpoint", endpoints), **device)
    conditions = of_each(Condition, name="Sciatica")
    mats = of_each(Treatment, name="Mat", kind=Kind.ACUPRESSURE_MAT)
    moment = {"started_at": started_at, "diary_date": started_at.date(), "time_zone": "UTC"}
    sessions = of_each(models.TreatmentSession, ("condition", conditions), pain_before=6, **moment)
    of_each(models.SessionTreatment, ("session", sessions), ("treatment", mats))


@contextmanager
def calls():
    from tests.diary.calls.push_service import push_service

    with push_service() as (service, _dial), tempfile.TemporaryDirectory() as directory:
        authority = Path(directory, "authority.pem")
        service.authority.write_to_path(authority)
        yield (
            ["-m", "tests.diary.calls.sender", str(service.port), str(authority)],
            {},
            service.asked,
        )


@contextmanager
def mails():
    """No calls beside them: these would go to the real push services."""
    from apps.diary.models import PushSubscription
    from tests.diary.reminders.mail_server import mail_server

    PushSubscription.objects.all().delete()
    settings = SimpleNamespace()
    with mail_server(settings) as box:
        server = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(settings.EMAIL_PORT)}
        without = {"EMAIL_TLS": "0", "EMAIL_VERIFICATION": "none"}
        yield ["manage.py", "send_reminders"], server | without, box.mails


def report(way, people):
    with way() as (command, environment, arrived):
        began = processor_time()
        subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=os.environ | environment, check=True
        )
        took = processor_time() - began
    if len(arrived) != people:
        raise RuntimeError(f"{len(arrived)} of {people} arrived")
    print(f"{people} {way.__name__}: {took:.1f} s of processor time", flush=True)
    return took <= SECONDS


def processor_time():
    """Of the processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
