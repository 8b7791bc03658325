"""The product as it is, and beside each answer, when asked for, how many queries it took."""

from config.settings import *  # noqa: F403
from config.settings import ALLOWED_HOSTS, MIDDLEWARE

MIDDLEWARE = ["tests.bench.counting.queries_on_request", *MIDDLEWARE]
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
