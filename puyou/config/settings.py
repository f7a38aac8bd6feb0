"""Settings of the site: few, from the environment; policy that officers change lives in rooms as data."""

import os
from pathlib import Path
from urllib.parse import unquote, urlparse

from puyou.config import embedded, logs, secret
from puyou.core import prepared

BASE_DIR = Path(__file__).resolve().parents[2]
PUYOU_HOME = embedded.home()
DATA_DIR = BASE_DIR / "data"

EXTERNAL_DATABASE = os.environ.get("DATABASE_URL", "")
DEBUG = False
SECRET_KEY = secret.said("PUYOU_SECRET", secret.LETTERS) or secret.read_or_make(PUYOU_HOME)
ALLOWED_HOSTS = os.environ.get("PUYOU_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("PUYOU_ORIGINS", "").split(",") if origin]
HTTPS = os.environ.get("PUYOU_HTTPS", "") == "1"
PROXIES = os.environ.get("PUYOU_PROXIES", "")  # addresses of our own reverse proxies, by commas


def _database() -> dict[str, object]:
    common: dict[str, object] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"prepare_threshold": prepared.BY_NAME_ONLY},
    }
    if not EXTERNAL_DATABASE:
        return common | {
            "NAME": embedded.DATABASE,
            "USER": embedded.USER,
            "HOST": str(embedded.socket_folder()),
        }
    parts = urlparse(EXTERNAL_DATABASE)
    return common | {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or "",
    }


def _marks(name: str, high: int, low: int) -> tuple[int, int]:
    """High and low mark from the environment, as ``high,low``."""
    said = os.environ.get(name, "").split(",")
    return (int(said[0]), int(said[1])) if len(said) == 2 else (high, low)


# When the worker falls behind, phones keep their data (ingest.pressure); `serve` turns it on.
DOOR_SHEDS = os.environ.get("PUYOU_DOOR_SHEDS", "") == "1"
DOOR_LENGTH_MARKS = _marks("PUYOU_DOOR_LENGTH", 1_000_000, 500_000)
DOOR_SECONDS_MARKS = _marks("PUYOU_DOOR_SECONDS", 1800, 600)
METRICS_TOKEN = secret.said("PUYOU_METRICS_TOKEN", 24)

# Machines outside that may be asked (core/outward.py), and the mail server; both are the deployment's to say.
OUTWARD = tuple(
    one.strip()
    for one in os.environ.get("PUYOU_OUTWARD", "qyapi.weixin.qq.com,oapi.dingtalk.com").split(",")
    if one.strip()
)
EMAIL_HOST = os.environ.get("PUYOU_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("PUYOU_MAIL_PORT", "465"))
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_HOST_USER = os.environ.get("PUYOU_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("PUYOU_MAIL_PASSWORD", "")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("PUYOU_MAIL_FROM", "puyou@localhost")

DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "puyou.config",
    "puyou.core",
    "puyou.places",
    "puyou.accounts",
    "puyou.evidence",
    "puyou.standards",
    "puyou.registry",
    "puyou.villagers",
    "puyou.ingest",
    "puyou.ledgers",
    "puyou.visits",
    "puyou.compliance",
    "puyou.scrutiny",
    "puyou.reviews",
    "puyou.audits",
    "puyou.cases",
    "puyou.cases.rectification",
    "puyou.cases.supervisors",
    "puyou.cases.feedback",
    "puyou.fieldwork",
    "puyou.indicators",
    "puyou.plans",
    "puyou.returns",
    "puyou.reports",
    "puyou.atlas",
    "puyou.simulator",
    "puyou.workbench",
    "puyou.portal",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
]
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"

MIDDLEWARE = [
    "puyou.config.logs.slow_pages",
    "puyou.config.proxies.named_callers",
    "puyou.config.refusals.for_machines",
    "django.middleware.security.SecurityMiddleware",
    "puyou.core.security.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "puyou.accounts.middleware.scope",
    "puyou.config.looking.on_record",
    "puyou.portal.limits.refuse_large_bodies",
    "puyou.core.security.problems_as_pages",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "puyou.config.urls"
WSGI_APPLICATION = "puyou.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["puyou.core.templatetags.puyou", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "puyou.config.nav.shell",
            ],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # built files carry hashes and packed copies beside them (decisions/0057)
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+-[0-9A-Z]{8}\..+$"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# A command that looks at each attachment (evidence/scanning.py); none: files say that nobody looked.
SCANNER = os.environ.get("PUYOU_SCANNER", "")

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by machines beside the site
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "puyou.core.pages.csrf_failure"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "puyou.accounts.views.sign_in.locked_out"
AXES_DISABLE_ACCESS_LOG = True  # accounts keeps sessions and says session.begun
AXES_VERBOSE = False

SLOW_QUERY_MS = float(os.environ.get("PUYOU_SLOW_QUERY_MS", "500"))
SLOW_PAGE_MS = float(os.environ.get("PUYOU_SLOW_PAGE_MS", "2000"))
LOGGING = logs.configure(as_json=os.environ.get("PUYOU_LOGS", "") == "json" or not logs.is_terminal())
SILENCED_SYSTEM_CHECKS = [
    "fields.W342",
    "security.W005",  # HSTS for subdomains and preloading bind hosts that are not ours
    "security.W021",
]
