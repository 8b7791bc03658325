"""What `manage.py` says of the program before each command must not hang on the hour."""

import time_machine
from django.core.checks import run_checks


def test_program_is_not_complained_of_at_the_hour_that_reminders_begin_with():
    with time_machine.travel("2026-03-10T20:00:05Z", tick=False):
        assert [message for message in run_checks() if not message.is_silenced()] == []
