"""One settings file; what differs between machines comes from the environment (.env.example)."""

import os
import tomllib
from pathlib import Path

from django.contrib.messages import constants as message_levels
from django.core.exceptions import ImproperlyConfigured

from config.postgres import address, supervisor
from config.postgres.data_directory import data_directory, secret

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def env_flag(name: str) -> bool:
    return env(name).lower() in {"1", "true", "yes", "on"}


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in env(name, default).split(",") if part.strip()]


def secret_key() -> str:
    if key := env("SECRET_KEY"):
        return key
    if IS_EMBEDDED:
        return secret("secret-key")
    if DEBUG:
        return "only-for-development-on-this-machine"
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. With a database of your own (DATABASE_URL), set SECRET_KEY "
        "in the environment to a long random text that you keep secret."
    )


DEBUG = env_flag("DEBUG")
DATABASES = {
    "default": address.parse(
        env("DATABASE_URL") or supervisor.database_url(data_directory()),
        engine="config.postgres.backend",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
# The supervisor of our own server sets DATABASE_URL, too: to a socket that only it makes.
IS_EMBEDDED = DATABASES["default"]["HOST"].startswith("/tmp/did-it-work-")  # noqa: S108
# How long a request may let the database take: for one statement, for a lock that others hold, and
# in a transaction in which nothing is asked. Then it is answered with 503.
PATIENCE = ("15s", "5s", "60s")
LONG_PATIENCE = ("10min", "30s", "10min")  # of exports and imports
SECRET_KEY = secret_key()
# Without a directory, or with 0 days, none is made but by `manage.py backup`.
BACKUP_DIR = env("BACKUP_DIR", str(data_directory() / "backups") if IS_EMBEDDED else "")
BACKUP_DAYS = int(env("BACKUP_DAYS", "14"))
IS_HTTPS = env_flag("HTTPS")

THIS_MACHINE = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", ",".join(THIS_MACHINE))
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
# Where mails, calendars and shared links say that the diary is, whatever a request has called it.
SITE_URL = env(
    "SITE_URL",
    f"https://{ALLOWED_HOSTS[0]}" if IS_HTTPS else f"http://localhost:{env('PORT', '8000')}",
).rstrip("/")

# Shown at the foot of each page (AGPL, section 13): what runs here, and where its source is.
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"]["version"]
SOURCE_URL = env("SOURCE_URL")

INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "apps.users",
    "apps.conditions",
    "apps.treatments",
    "apps.diary",
    "apps.demo",
    "apps.comparisons",
    "apps.sharing",
    "apps.your_data",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "config.recovery",
]

MIDDLEWARE = [
    "config.web.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    # What a page holds cannot be guessed by its compressed length (BREACH): that takes thousands of
    # requests from another site with our cookie, which is SameSite. Besides, CSRF tokens are masked
    # anew each time, and each answer is lengthened by a random number of bytes.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.web.health.health_first",
    "config.web.whose_rows.nobodys_at_first",
    "config.web.middleware.maintenance",
    "config.web.middleware.session_keys_only",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.web.middleware.log_ins_end",
    "config.web.whose_rows.own_once_known",
    "config.web.middleware.long_bodies_need_a_log_in",
    "config.web.kept_forms.typed_while_logged_out",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "apps.users.middleware.devices_are_known_again",
    "apps.users.middleware.own_language",
    "config.web.middleware.demo_accounts_stay_throw_away",
    "apps.users.middleware.consent_first",
    "apps.users.middleware.own_time_zone",
    "config.web.middleware.refused_input_is_4xx",
    "config.web.kept_forms.leave_nothing_behind",
    "config.web.kept_forms.answers_for_scripts",
]
# Names of addresses; of accounts themselves all, whoever made the page.
OPEN_WITHOUT_CONSENT = (
    "account_",
    "your_data:data",
    "your_data:erase",
    "your_data:export",
    "mfa_",
    "users:",
    "usersessions_",
)

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "config.web.fixed_parts.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "config.web.plain_inputs.Renderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "config.web.kept_for_speed.Cache",
        "LOCATION": "cache",
        # The default of 300 would let a burst of new callers push out the counts of the others.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

# Accounts
AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["apps.users.passwords.TwoAtATime"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "apps.users.passwords.NotStolen"},
    {"NAME": "apps.users.passwords.NotOurWords"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_REDIRECT_URL = "diary:today"
LOGIN_URL = "account_login"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "apps.users.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_REDIRECT_URL = "treatments:first_run"
# Where mail can be sent, an address is confirmed first: sign-up then answers a known address as
# an unknown one. Without mail (a laptop) people come in at once, and sign-up has to say "taken".
ACCOUNT_EMAIL_VERIFICATION = env("EMAIL_VERIFICATION", "mandatory" if env("EMAIL_HOST") else "none")
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IS_HTTPS else "http"
ACCOUNT_RATE_LIMITS = {
    "signup": "10/m/ip",
    "demo": "5/m/ip,30/d/ip,300/h/key",
    "calendar": "30/m/ip",
    "share": "20/m/ip,300/d/ip,60/h/key",
    "room": "20/m/ip,300/d/ip,3000/h/key",
}
ACCOUNT_FORMS = {
    "add_email": "apps.users.account_forms.ChangeEmailForm",
    "change_password": "apps.users.account_forms.ChangePasswordForm",
    "login": "apps.users.account_forms.LogInForm",
    "reauthenticate": "apps.users.account_forms.ConfirmPasswordForm",
    "reset_password": "apps.users.account_forms.ResetPasswordForm",
    "reset_password_from_key": "apps.users.account_forms.NewPasswordForm",
    "set_password": "apps.users.account_forms.SetPasswordForm",
    "signup": "apps.users.account_forms.SignUpForm",
}
# How many proxies of ours stand in front: rate limits count the address that the last one saw.
ALLAUTH_TRUSTED_PROXY_COUNT = int(env("TRUSTED_PROXIES", "0"))
MFA_ADAPTER = "apps.users.adapters.TwoFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a finger, a face, a PIN: else who has the phone
MFA_TOTP_ISSUER = "Did it work?"
MFA_TOTP_TOLERANCE = 1
# Otherwise nobody with two-factor log-in could change their address.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "activate_totp": "apps.users.account_forms.ActivateCodesForm",
    "add_webauthn": "apps.users.log_in.passkey_forms.AddPasskeyForm",
    "edit_webauthn": "apps.users.log_in.passkey_forms.EditPasskeyForm",
    "login_webauthn": "apps.users.log_in.passkey_forms.LogInPasskeyForm",
    "authenticate_webauthn": "apps.users.log_in.passkey_forms.SecondStepPasskeyForm",
    "reauthenticate_webauthn": "apps.users.log_in.passkey_forms.ConfirmPasskeyForm",
    "authenticate": "apps.users.account_forms.LogInCodeForm",
    "reauthenticate": "apps.users.account_forms.ConfirmCodeForm",
}
SESSION_ENGINE = "config.web.kept_for_speed"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14  # since the last use; apps.users.sessions says the rest

# Mail. Without a server, those of somebody alone on their machine are printed where the program
# runs; of all others they would stand in a log, and a link in one opens an account.
EMAIL_HOST = env("EMAIL_HOST")
IS_ALONE = IS_EMBEDDED and not IS_HTTPS and {*ALLOWED_HOSTS} <= {*THIS_MACHINE}
MAILS_GO = "out" if EMAIL_HOST else "to the console" if IS_ALONE else "nowhere"
EMAIL_BACKEND = {
    "out": "django.core.mail.backends.smtp.EmailBackend",
    "to the console": "django.core.mail.backends.console.EmailBackend",
    "nowhere": "config.web.dropped_mail.EmailBackend",
}[MAILS_GO]
EMAIL_PORT = int(env("EMAIL_PORT", "587"))
EMAIL_HOST_USER = env("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env("EMAIL_TLS", "1") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", "Did it work? <diary@localhost>")

# Web Push: the hosts that a device may name to be called through; those of Chrome, Firefox, Safari
# and Edge. One that begins with a dot stands for all below it.
PUSH_HOSTS = env_list(
    "PUSH_HOSTS",
    "fcm.googleapis.com,.push.services.mozilla.com,.push.apple.com,.notify.windows.com",
)
CALLED_COOKIE_NAME = "called"  # says for whom this browser may be called
VAPID_PRIVATE_KEY = env("VAPID_PRIVATE_KEY")  # apps/diary/calls/vapid.py says what there is without

# Language and time
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "config/language/locale"]
FORMAT_MODULE_PATH = ["config.language.formats"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

# Static files: hashed and compressed when collected; npm's packages are served from where they are.
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("chart.js", BASE_DIR / "node_modules/chart.js/dist"),
    ("bootstrap", BASE_DIR / "node_modules/bootstrap/dist/css"),
]
STATICFILES_FINDERS = [
    "config.static.storage.FilesFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "staticfiles": {"BACKEND": "config.static.storage.HashedStaticFilesStorage"},
}

# Uploads (a diary to import) up to 20 MB are read; forms hold far less.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# Security (the rest of the headers is in middleware.py)
SECURITY_CONTACT = env("SECURITY_CONTACT")  # mailto:… or https://…, for /.well-known/security.txt
# The same, for who cannot get in; shown where no mail can be sent.
HOST_CONTACT = env("HOST_CONTACT", SECURITY_CONTACT)
IS_IN_MAINTENANCE = env_flag("MAINTENANCE")
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # X-Frame-Options: middleware.py sets it
    "security.W005",  # what else runs below the host's name is not ours to decide
    "security.W021",
    "fields.W161",  # takes the reminders' default of 20:00 for the present, at eight in the evening
]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
if IS_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # By this beginning browsers refuse them from any other host, and without TLS.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    CALLED_COOKIE_NAME = "__Host-called"

# The default keeps short messages in a cookie, and ours may say what hurts.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
MESSAGE_TAGS = {message_levels.ERROR: "danger"}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"short_paths": {"()": "config.web.short_paths.ShortPaths"}},
    "formatters": {"plain": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["short_paths"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "security": {"level": "INFO"},
        # The access log has every 4xx already.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
    },
}
