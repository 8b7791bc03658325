#!/usr/bin/env python
"""Django's command line, with the database it needs running for as long as it takes."""

import os
import sys
from contextlib import nullcontext

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from config.postgres import supervisor
from config.postgres.data_directory import data_directory

WITHOUT_DATABASE = {"collectstatic", "help", "version"}


def database(command: str):
    """The embedded server, unless DATABASE_URL names another or the command needs none."""
    if os.environ.get("DATABASE_URL") or command in WITHOUT_DATABASE:
        return nullcontext()
    return supervisor.ensure_running(data_directory())


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with database(sys.argv[1] if len(sys.argv) > 1 else "help"):
        try:
            execute_from_command_line(sys.argv)
        except ImproperlyConfigured as error:
            sys.exit(f"{error}")


if __name__ == "__main__":
    main()
