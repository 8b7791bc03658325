"""An account to look around in, with half a year of an invented diary."""

import secrets

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from apps.demo.rows import keep_diary
from apps.users.models import User

EMAIL = "demo@example.com"


class Command(BaseCommand):
    help = "Create the demo account, if there is no account yet, and print its password once."

    def handle(self, *args, **options):
        if User.objects.exists():
            return
        password = secrets.token_urlsafe(12)
        with transaction.atomic():
            user = User.objects.create_user(EMAIL, password, set_up_at=timezone.now())
            user.consent(at=timezone.now())  # the diary is invented
            keep_diary(user, at=timezone.now())
        self.stdout.write(
            f"A demo diary is ready. Log in as {EMAIL} with the password {password}\n"
            "The password is stored nowhere else: write it down."
        )
