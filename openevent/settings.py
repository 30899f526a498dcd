"""Every setting, read top to bottom. What differs between machines comes from the environment (docs/operating.md)."""

import hashlib
import sys
from datetime import timedelta
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.urls import reverse_lazy

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
VAR_DIR.mkdir(exist_ok=True)

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

TESTING = "pytest" in sys.modules
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]

# ── What this server is ────────────────────────────────────────────────────────────────────────────

DEFAULT_SECRET = "insecure-secret-for-a-laptop-only"  # noqa: S105
DEBUG = env.bool("DEBUG", True)
DEMO = env.bool("DEMO", False)
DEMO_PASSWORD = env("DEMO_PASSWORD", default="openevent-demo")
SECRET_KEY = env("SECRET_KEY", default=DEFAULT_SECRET)
if not DEBUG and SECRET_KEY == DEFAULT_SECRET:
    raise ImproperlyConfigured("DEBUG is off and SECRET_KEY is the default one: set SECRET_KEY to a long random text.")

PORT = env.int("PORT", 8000)
BASE_URL = env("BASE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")  # every absolute link starts with it
# A demo has known passwords, so it answers on loopback whatever else is configured.
ALLOWED_HOSTS = LOOPBACK if DEMO or DEBUG else env.list("ALLOWED_HOSTS", default=[])
SECURE = BASE_URL.startswith("https://")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)  # how many proxies in front append to X-Forwarded-For

# ── The house ──────────────────────────────────────────────────────────────────────────────────────

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "openevent.core.admin_app.HouseAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "rest_framework",
    "drf_spectacular",
    "rules.apps.AutodiscoverRulesConfig",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "corsheaders",
    "channels",
    "django_htmx",
    "openevent.core",
    "media_pipeline",
    "accounts",
    "notifications",
    "events",
    "orders",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "openevent.core.refused_pages.ShowRefusals",
]

ROOT_URLCONF = "openevent.urls"
WSGI_APPLICATION = "openevent.wsgi.application"
ASGI_APPLICATION = "openevent.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False

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
                "events.pages.manage.frame.rights",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# ── Where things are kept: SQLite, files and memory, or PostgreSQL, S3 and Redis ─────────────────────

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
DATABASE = DATABASES["default"]
if "sqlite" in DATABASE["ENGINE"]:
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # A file, so that every thread of a test sees the same database.
    DATABASE["TEST"] = {"NAME": str(VAR_DIR / f"test{env('TEST_DB_SUFFIX', default='')}.sqlite3")}
else:
    DATABASE["OPTIONS"] = {"options": "-c lock_timeout=3000 -c statement_timeout=30000"}
    DATABASE["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 60)
    # A database that restarts costs each worker one request, answered 503 with Retry-After; asking first whether it is
    # still there would cost every request a round trip.
    DATABASE["CONN_HEALTH_CHECKS"] = False
    DATABASE["TEST"] = {"NAME": f"test_openevent{env('TEST_DB_SUFFIX', default='')}"}

REDIS_URL = env("REDIS_URL", default="")
if REDIS_URL:
    from redis.asyncio.retry import Retry as AsyncRetry
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    # Nobody waits for a Redis that is away: docs/operating.md says what goes on without it. The one more try is for
    # connections that were open when it was restarted.
    AT_MOST = {"socket_connect_timeout": 1, "socket_timeout": 1}  # seconds
    CACHES = {
        "default": {
            "BACKEND": "openevent.core.patient_cache.PatientRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {**AT_MOST, "retry": Retry(NoBackoff(), 1)},
        }
    }
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            # Listening asks for five seconds at a time, so an answer may take longer than that.
            "CONFIG": {
                "hosts": [
                    {
                        "address": REDIS_URL,
                        **AT_MOST,
                        "socket_timeout": 15,
                        "retry": AsyncRetry(NoBackoff(), 1),
                    }
                ]
            },
        }
    }
else:
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}}
    }
    CHANNEL_LAYERS = {"default": {"BACKEND": "notifications.layers.MemoryLayer"}}

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = env("MEDIA_ROOT", default=str(VAR_DIR / "media"))
FONTS_DIR = VAR_DIR / "fonts"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "openevent.static_files.HashedStaticFiles"
    },
}
if STORAGE_BUCKET := env("STORAGE_BUCKET", default=""):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": STORAGE_BUCKET,
            "access_key": env("STORAGE_ACCESS_KEY", default=None),
            "secret_key": env("STORAGE_SECRET_KEY", default=None),
            "endpoint_url": env("STORAGE_ENDPOINT", default=None),
            "region_name": env("STORAGE_REGION", default=None),
            "querystring_expire": 300,
            "max_memory_size": 4 * 1024 * 1024,  # of a file that is read; the rest of it waits on the disk
        },
    }
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG or TESTING  # looking through all files first would cost each test a tenth of a second
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# ── Work behind the request ────────────────────────────────────────────────────────────────────────

QUEUE_DIR = Path(env("QUEUE_DIR", default=str(VAR_DIR / "queue")))
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
if not REDIS_URL:
    for folder in ("in", "control"):
        (QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "in"),
        "data_folder_out": str(QUEUE_DIR / "in"),
        "control_folder": str(QUEUE_DIR / "control"),
        "polling_interval": 0.2,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {**AT_MOST, "socket_timeout": 5, "max_retries": 0}
CELERY_TASK_PUBLISH_RETRY = False  # every task has a sweeper; whoever buys does not wait for the queue to come back
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_ALWAYS_EAGER = TESTING
CELERY_TASK_EAGER_PROPAGATES = TESTING
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # what a worker says goes through LOGGING too, which keeps secrets out
CELERY_BEAT_SCHEDULE = {
    "release-expired-holds": {"task": "orders.tasks.release_expired_holds", "schedule": 60},
    "watch-payment-terms": {"task": "orders.tasks.watch_payment_terms", "schedule": 60},
    "forget-old-answers": {"task": "orders.tasks.forget_old_answers", "schedule": 3600},
    "issue-event-invoices": {"task": "orders.tasks.issue_event_invoices", "schedule": crontab(hour=0, minute=30)},
    "remind-of-event-invoices": {
        "task": "orders.tasks.remind_of_event_invoices",
        "schedule": crontab(hour=1, minute=0),
    },
    "close-events": {"task": "events.tasks.close_events", "schedule": crontab(hour=5, minute=30)},
    "tell-of-sales": {"task": "orders.tasks.tell_teams_of_sales", "schedule": 60},
    "tell-of-ending-sales": {"task": "orders.tasks.tell_teams_of_ending_sales", "schedule": crontab(hour=5, minute=30)},
    "remove-loose-attendees": {"task": "orders.tasks.remove_loose_attendees", "schedule": 300},
    "issue-missing-invoices": {"task": "orders.tasks.issue_missing_invoices", "schedule": 3600},
    "remove-old-papers": {"task": "orders.tasks.remove_old_papers", "schedule": 3600},
    "reconcile-payments": {"task": "orders.tasks.reconcile", "schedule": 60},
    "send-waiting-refunds": {"task": "orders.tasks.send_waiting_refunds", "schedule": 60},
    "send-waiting-mails": {"task": "notifications.tasks.send_waiting_mails", "schedule": 60},
    "run-waiting-jobs": {"task": "notifications.tasks.run_waiting_jobs", "schedule": 60},
    "remove-old-job-files": {"task": "notifications.tasks.remove_old_job_files", "schedule": 600},
}
JOB_FILE_LIFETIME = timedelta(hours=env.int("JOB_FILE_HOURS", 24))  # how long an export can be downloaded
# A worker and a clock inside the web process, so that one command is a whole server.
EMBEDDED_WORKER = env.bool("EMBEDDED_WORKER", not REDIS_URL and not TESTING)

EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
if DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # the outbox page shows what was sent
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="openevent <tickets@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# What the forms of one person may send within a day; less while the account is new.
MAILS_A_DAY = env.int("MAILS_A_DAY", 1000)
MAILS_A_DAY_OF_NEW_ACCOUNTS = env.int("MAILS_A_DAY_OF_NEW_ACCOUNTS", 100)
NEW_ACCOUNT_DAYS = env.int("NEW_ACCOUNT_DAYS", 7)

# ── Whom we ask for money ──────────────────────────────────────────────────────────────────────────

# The keys are in the site's settings. A demo has doubles of the providers beside it, where no money moves.
LOCAL_STRIPE_PORT, LOCAL_PAYPAL_PORT = env.int("LOCAL_STRIPE_PORT", PORT + 1), env.int("LOCAL_PAYPAL_PORT", PORT + 2)
STRIPE_API = env("STRIPE_API", default=f"http://127.0.0.1:{LOCAL_STRIPE_PORT}" if DEMO else "https://api.stripe.com")
STRIPE_CONNECT = env("STRIPE_CONNECT", default=STRIPE_API if DEMO else "https://connect.stripe.com")
STRIPE_WEBHOOK_SECRETS = env.list("STRIPE_WEBHOOK_SECRETS", default=["whsec_local"] if DEMO else [])  # old and new
PAYPAL_API = env("PAYPAL_API", default=f"http://127.0.0.1:{LOCAL_PAYPAL_PORT}" if DEMO else "")
PAYPAL_WEBHOOK_IDS = env.list("PAYPAL_WEBHOOK_IDS", default=["WH-LOCAL"] if DEMO else [])
LOCAL_PROVIDERS = env.bool("LOCAL_PROVIDERS", DEMO and not TESTING)  # in the web process

# ── Who may come in ────────────────────────────────────────────────────────────────────────────────

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "accounts.backends.EmailBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher" if TESTING else "django.contrib.auth.hashers.Argon2PasswordHasher"
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCESS_TOKEN_LIFETIME = timedelta(minutes=env.int("ACCESS_TOKEN_MINUTES", 24 * 60))
REFRESH_TOKEN_LIFETIME = timedelta(days=env.int("REFRESH_TOKEN_DAYS", 30))
SIMPLE_JWT = {
    # Of a fixed length, and not the key that signs everything else.
    "SIGNING_KEY": hashlib.sha256(f"openevent.jwt:{SECRET_KEY}".encode()).hexdigest(),
    "TOKEN_TYPE_CLAIM": "type",
    "USER_ID_CLAIM": "identity",
}

# Sign-up, sign-in and reset pages by allauth: the same answer and the same work for known and unknown addresses.
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "notifications.adapter.QueueingAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser in which the account was made, and in no other
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "login": "accounts.pages.forms.SignInForm",
    "signup": "accounts.pages.forms.SignUpForm",
    "reset_password": "accounts.pages.forms.AskResetForm",
    "reset_password_from_key": "accounts.pages.forms.ResetForm",
    "change_password": "accounts.pages.forms.ChangePasswordForm",
    "reauthenticate": "accounts.pages.forms.ReauthenticateForm",
}
PASSWORD_RESET_TIMEOUT = 3 * 3600
SESSION_COOKIE_AGE = 14 * 24 * 3600

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:", "https:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Under which address the site is kept. Its pages alone have a looser policy: openevent/core/admin_site.py.
ADMIN_URL = env("ADMIN_URL", default="/admin/").strip("/") + "/"
UNFOLD = {
    "SITE_TITLE": "openevent admin",
    "SITE_HEADER": "openevent",
    "SITE_ICON": lambda request: static("img/mark.svg"),
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/mark.svg")}],
    "SITE_URL": "/",
    "STYLES": [lambda request: static("css/admin.css")],
    "ACCOUNT": {"navigation": [{"title": "Change password", "link": reverse_lazy("account_change_password")}]},
    "SIDEBAR": {"show_search": False, "show_all_applications": False},
}

CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_ALLOWED_ORIGIN_REGEXES = [r"^http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$"] if DEMO else []
CORS_URLS_REGEX = r"^/(v1/|auth/session$|info$)"
CORS_ALLOW_METHODS = ["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "authorization", "content-type", "x-csrf-token", "if-match", "if-none-match"]
CORS_ALLOW_HEADERS += ["idempotency-key"]
CORS_EXPOSE_HEADERS = ["etag", "location", "retry-after"]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.JWTAuthentication",
        "accounts.api.authentication.PageAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],  # the kernel asks the rules
    "DEFAULT_RENDERER_CLASSES": ["openevent.core.negotiation.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "openevent.core.negotiation.StrictJSONParser",
        "openevent.core.negotiation.JSONAPIParser",
    ],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "openevent.core.negotiation.OneForm",
    "EXCEPTION_HANDLER": "openevent.core.errors.answer_exception",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": False,  # money is a number on the wire
    "DEFAULT_SCHEMA_CLASS": "openevent.core.openapi.Operation",
}

# ── Words and times ────────────────────────────────────────────────────────────────────────────────

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
VERSION = "0.1.0"

SPECTACULAR_SETTINGS = {
    "TITLE": "openevent",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.0",
    "LICENSE": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    "DEFAULT_GENERATOR_CLASS": "openevent.core.openapi.Generator",
    "POSTPROCESSING_HOOKS": [],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "COMPONENT_SPLIT_REQUEST": True,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "openevent.logs.WithoutSecrets", "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
    "loggers": {"django": {"level": "NOTSET"}},  # as all others, without the handlers that Django gives it
}
