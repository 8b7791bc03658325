"""Makes the calls that are due, as ``manage.py send_reminders`` does, at a push service here.

python -m tests.diary.calls.sender PORT AUTHORITY.pem
"""

import os
import sys
from pathlib import Path

import django


def main(port, authority):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.utils import timezone

    from apps.diary.calls.sending import call_due
    from apps.diary.calls.wire import Line
    from tests.diary.calls.push_service import dial_to

    dial = dial_to(int(port), Path(authority).read_text())
    call_due(at=timezone.now(), line=lambda host: Line(host, dial))


if __name__ == "__main__":
    main(*sys.argv[1:])
