"""The floor: Django's settings for the barest views that a page of ours can be held against.

Whose rows the database shows must be said here as well: without it, it shows none and takes none.
"""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.floor_urls"
MIDDLEWARE = [
    "config.web.whose_rows.nobodys_at_first",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.web.whose_rows.own_once_known",
    "allauth.account.middleware.AccountMiddleware",  # allauth insists on it
]
# As Django reads them by itself: a floor that our cures move would hide them.
AUTHENTICATION_BACKENDS = ["tests.bench.floor_log_in.Backend"]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
