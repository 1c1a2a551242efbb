"""Settings, read from the environment only; `.env.example` names every variable.

Development is the default where `MEG_ENV` is unset; production refuses to start without its secrets.
"""

import os
from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

BASE_DIR = Path(__file__).resolve().parent.parent


def flag(name: str, default: bool = False) -> bool:
    """True for « 1 », « true », « yes » or « on » in the environment variable `name`."""
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


def required(name: str) -> str:
    """The environment variable `name`, without which production does not start."""
    value = os.environ.get(name, "")
    if not value and PRODUCTION:
        raise ImproperlyConfigured(f"La variable {name} est obligatoire en production.")
    return value


ENVIRONMENT = os.environ.get("MEG_ENV") or "development"
if ENVIRONMENT not in {"development", "production"}:
    raise ImproperlyConfigured(f"MEG_ENV vaut « development » ou « production », pas « {ENVIRONMENT} ».")
PRODUCTION = ENVIRONMENT == "production"
DEMO = flag("MEG_DEMO", default=not PRODUCTION)
if PRODUCTION and DEMO:
    raise ImproperlyConfigured("La démonstration (MEG_DEMO) n’existe pas en production.")
DEBUG = False
DATA_DIR = Path(os.environ.get("MEG_DATA_DIR") or BASE_DIR / ".data").resolve()
DOCUMENTS_DIR = DATA_DIR / "documents"
STATEMENTS_DIR = DATA_DIR / "statements"
# Where a bank's client drops statements, FIRM/COMPANY/ under it; nowhere unless set.
BANK_FEED_DIR = os.environ.get("BANK_FEED_DIR") or ""

SECRET_KEY = required("SECRET_KEY") or "development-only-" + "0" * 50
ALLOWED_HOSTS = [host for host in required("ALLOWED_HOSTS").split(",") if host] or ["*"]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]
BASE_URL = os.environ.get("MEG_BASE_URL", "")

INSTALLED_APPS = [
    "desk",
    "dext_connector",
    "banking",
    "achats",
    "ledger",
    "firms",
    "meg",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "heroicons",
    "oauth2_provider",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "firms.session_ended.SessionEndedMiddleware",
]

ROOT_URLCONF = "meg.urls"
WSGI_APPLICATION = "meg.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Without an address there is no database: `check` and `makemigrations` need none, manage.py finds one for the rest.
DATABASE_URL = os.environ.get("DATABASE_URL", "")
DATABASES = {
    "default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)
    if DATABASE_URL
    else {"ENGINE": "django.db.backends.dummy"}
}
REDIS_URL = os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/0"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "meg"}
}

AUTH_USER_MODEL = "firms.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "/connexion/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/connexion/"
REDIRECT_FIELD_NAME = "suite"

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

# The classes of a banner, by the level of its message.
MESSAGE_TAGS = {20: "ready", 25: "done", 30: "todo", 40: "error"}

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("MEG_STATIC_ROOT") or DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DOCUMENTS_DIR}},
    "staticfiles": {
        "BACKEND": "meg.static_files.HashedStaticFiles"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": os.environ["EMAIL_HOST"],
            "port": int(os.environ.get("EMAIL_PORT") or 587),
            "username": os.environ.get("EMAIL_HOST_USER", ""),
            "password": os.environ.get("EMAIL_HOST_PASSWORD", ""),
            "use_tls": flag("EMAIL_USE_TLS", default=True),
        },
    }
    if os.environ.get("EMAIL_HOST")
    else {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
}
# A production without a mail host is allowed: its links are read in the log.
SILENCED_SYSTEM_CHECKS = [] if os.environ.get("EMAIL_HOST") else ["mail.E001"]
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL") or "meg@localhost"

SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION and flag("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
if flag("MEG_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Documents go up to 20 MiB, statements to 200 MB; a JSON body is held to 1 MiB by the API's own parser.
DATA_UPLOAD_MAX_MEMORY_SIZE = 22 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600}
CELERY_TIMEZONE = TIME_ZONE
CELERY_IMPORTS = ["meg.workers"]
CELERY_BEAT_SCHEDULE: dict[str, dict] = {
    "count-what-changed": {"task": "desk.tasks.count_what_changed", "schedule": 60.0, "options": {"expires": 60.0}},
    "sweep-unmatched": {"task": "banking.tasks.sweep_unmatched", "schedule": 60.0},
    "sweep-unposted-settlements": {"task": "banking.tasks.sweep_unposted_settlements", "schedule": 60.0},
    "sweep-unread-statements": {"task": "banking.tasks.sweep_unread_statements", "schedule": 60.0},
    "watch-bank-feeds": {"task": "banking.tasks.watch_bank_feeds", "schedule": 60.0},
    "remind-of-pieces": {"task": "banking.tasks.remind_of_pieces", "schedule": crontab("0", "9", day_of_week="1-5")},
    "learn-weights": {"task": "banking.tasks.learn_weights", "schedule": crontab(hour=3, minute=10)},
    "forget-old-words": {"task": "banking.tasks.forget_words_of_old_engines", "schedule": crontab(hour=3, minute=40)},
    "sweep-unrendered": {"task": "achats.tasks.sweep_unrendered", "schedule": 120.0},
    "sweep-correction-runs": {"task": "achats.tasks.sweep_correction_runs", "schedule": 120.0},
    "sweep-posting-runs": {"task": "achats.tasks.sweep_posting_runs", "schedule": 120.0},
    "forget-refused-documents": {"task": "dext_connector.tasks.forget_refused_documents", "schedule": 3_600.0},
    "sweep-exports": {"task": "dext_connector.tasks.sweep_exports", "schedule": 120.0},
    "notice-reference-changes": {"task": "dext_connector.tasks.notice_reference_changes", "schedule": 60.0},
    "forget-expired-tokens": {"task": "dext_connector.tasks.forget_expired_tokens", "schedule": 86_400.0},
    "forget-idempotency-keys": {"task": "dext_connector.tasks.forget_idempotency_keys", "schedule": 86_400.0},
    "sweep-webhooks": {"task": "dext_connector.tasks.sweep_webhooks", "schedule": 10.0, "options": {"expires": 10.0}},
    "sweep-document-fetches": {"task": "dext_connector.tasks.sweep_document_fetches", "schedule": 60.0},
    "tell-of-connection-ends": {
        "task": "dext_connector.tasks.tell_of_connection_ends",
        "schedule": crontab(hour=5, minute=30),
    },
    "forget-old-deliveries": {"task": "dext_connector.tasks.forget_old_deliveries", "schedule": 86_400.0},
}

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "dext_connector.description.schema.DescribedOperation",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "MEG for Dext",
    "DESCRIPTION": "What Dext calls: the partner guide (docs/dext.md) says it in words.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/dext/v1/",
    "SORT_OPERATIONS": False,
    "POSTPROCESSING_HOOKS": ["dext_connector.description.document.add_components"],
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}

# Its own model, unswapped: migrations whose rows name an application read the setting.
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
# django-oauth-toolkit's safe behaviour is off by default; all of it stands before any token exists.
OAUTH2_PROVIDER = {
    "OIDC_ISS_ENDPOINT": BASE_URL.rstrip("/"),
    "OAUTH2_VALIDATOR_CLASS": "dext_connector.access.oauth_validator.DextValidator",
    "SCOPES": {
        "reference:read": "Lire les comptes, codes TVA, fournisseurs et moyens de paiement",
        "settings:write": "Régler les paramètres de l’intégration",
        "purchases:write": "Publier des factures d’achat",
        "bank:read": "Lire les opérations bancaires non rapprochées",
    },
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"] if PRODUCTION else ["http", "https"],
    "PKCE_REQUIRED": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ROTATE_REFRESH_TOKEN": True,
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3_600,
    "REFRESH_TOKEN_EXPIRE_SECONDS": 365 * 86_400,
}

# Every call of Dext's API is answered 503 with Retry-After.
MAINTENANCE = flag("MEG_MAINTENANCE")

# What one token of Dext may call in a minute.
DEXT_CALLS_PER_MINUTE = int(os.environ.get("DEXT_CALLS_PER_MINUTE", "6000"))

# What one token of a bank feed may call in a minute.
FEED_CALLS_PER_MINUTE = int(os.environ.get("FEED_CALLS_PER_MINUTE", "600"))

# Whether calls out (webhooks, addresses of documents) may reach this machine, over http too: never in production.
OUTBOUND_ALLOW_LOOPBACK = DEMO

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
