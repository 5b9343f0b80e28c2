"""Django's settings, all of them from the environment as `environment.py` reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url

from firstcall.web.environment import key_from, read_environment

ENV = read_environment()
HERE = Path(__file__).parent

DATA = ENV["FIRSTCALL_DATA"].absolute()
SECRET_KEY = key_from(ENV["FIRSTCALL_SECRET_KEY_FILE"], DATA, "secret.key")
DATA_KEY = key_from(ENV["FIRSTCALL_DATA_KEY_FILE"], DATA, "data.key").encode()
BASE_URL = ENV["FIRSTCALL_BASE_URL"] or f"http://localhost:{ENV['FIRSTCALL_PORT']}"
SECURE = BASE_URL.startswith("https://")
DEBUG = ENV["FIRSTCALL_DEBUG"]
ALLOWED_HOSTS = list({urlsplit(BASE_URL).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"})
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "firstcall.web.apps.Web",  # first: its templates stand before allauth's own
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "firstcall.journal.apps.Journal",
    "firstcall.people.apps.People",
    "firstcall.deliver.apps.Deliver",
    "firstcall.ready.apps.Ready",
    "firstcall.detect.apps.Detect",
    "firstcall.respond.apps.Respond",
    "firstcall.inform.apps.Inform",
    "firstcall.learn.apps.Learn",
    "firstcall.reactions.apps.Reactions",
    "firstcall.desk.apps.Desk",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "firstcall.web.middleware.house",
]
ROOT_URLCONF = "firstcall.web.urls"
FORM_RENDERER = "firstcall.web.forms.HouseForms"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "firstcall.web.context.house",
            ],
        },
    }
]

DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        ENV["DATABASE_URL"] or f"sqlite:///{DATA / 'firstcall.sqlite3'}", conn_max_age=None
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "firstcall.web.sqlite"
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_cacherow",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "firstcall.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # the page that changes it stays, every other session ends
ACCOUNT_RATE_LIMITS = {"login_failed": None}  # people.commands.throttle counts these
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "login": "firstcall.web.account_forms.SignIn",
    "reset_password": "firstcall.web.account_forms.Reset",
    "reset_password_from_key": "firstcall.web.account_forms.ResetByKey",
    "change_password": "firstcall.web.account_forms.Change",
    "reauthenticate": "firstcall.web.account_forms.Again",
}
MFA_FORMS = {
    "authenticate": "firstcall.web.account_forms.Factor",
    "reauthenticate": "firstcall.web.account_forms.FactorAgain",
    "activate_totp": "firstcall.web.account_forms.FactorOn",
}
PASSWORD_RESET_TIMEOUT = 30 * 60
MFA_ADAPTER = "firstcall.people.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Firstcall"
MFA_TOTP_TOLERANCE = 1
EMAIL_BACKEND = "firstcall.people.mailbox.JobBackend"
DEFAULT_FROM_EMAIL = ENV["FIRSTCALL_MAIL_FROM"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "now"

SESSION_ENGINE = "firstcall.people.sessions"
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
MEDIA_ROOT = DATA / "files"
WHITENOISE_USE_FINDERS = True
TEST_RUNNER = "django.test.runner.DiscoverRunner"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django.security.DisallowedHost": {"handlers": ["stderr"], "level": "CRITICAL", "propagate": False},
    },
}
