"""What docker-compose.yml and its proxy promise, as far as it can be read without Docker."""

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from apps.your_data.views import MOST_BYTES

COMPOSE = yaml.safe_load(Path(settings.BASE_DIR, "docker-compose.yml").read_text())
DOCKERFILE = Path(settings.BASE_DIR, "Dockerfile").read_text()
CADDYFILE = Path(settings.BASE_DIR, "deploy/Caddyfile").read_text()


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_every_service_has_limits_and_no_spare_rights(name):
    service = COMPOSE["services"][name]
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert 0 < service["pids_limit"] <= 200
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_every_image_of_others_is_fixed_by_version_and_digest():
    own = {service["image"] for service in COMPOSE["services"].values() if "build" in service}
    images = {service["image"] for service in COMPOSE["services"].values()} - own
    images |= set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.M))
    fixed = re.compile(r"[a-z]+:\d+\.\d+[.\w-]*@sha256:[0-9a-f]{64}")
    assert (len(images), [image for image in images if not fixed.fullmatch(image)]) == (4, [])


def test_proxy_waits_in_place_of_the_program_and_not_for_ever():
    options = dict(
        re.findall(r"^\t+(read_header|read_body|write|idle) (\d+[sm])$", CADDYFILE, re.M)
    )
    assert options == {"read_header": "5s", "read_body": "2m", "write": "5m", "idle": "2m"}
    assert re.findall(r"(request_buffers|response_buffers) (\d+)MB", CADDYFILE) == [
        ("request_buffers", "1"),
        ("response_buffers", "1"),
    ]
    assert CADDYFILE.count("{") == CADDYFILE.count("}")


def test_proxy_lets_through_what_may_be_uploaded():
    [most] = re.findall(r"max_size (\d+)MB", CADDYFILE)
    assert int(most) * 1000**2 > MOST_BYTES


def test_proxy_is_given_its_file_and_its_host():
    proxy = COMPOSE["services"]["proxy"]
    assert "./deploy/Caddyfile:/etc/caddy/Caddyfile:ro" in proxy["volumes"]
    assert set(proxy["environment"]) == {"SITE_HOST"}
