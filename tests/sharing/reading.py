"""What tests do with a link in their hands, in one line each."""

from django.test import Client
from django.urls import reverse

from tests.factories import SECRET


def page(link, public_id=None):
    return reverse("sharing:shared", args=[public_id or link.public_id])


def exchange(client, link, secret=SECRET, **extra):
    url = reverse("sharing:exchange", args=[link.public_id])
    return client.post(url, {"secret": secret}, **extra)


def send_code(client, link, code):
    return client.post(reverse("sharing:code", args=[link.public_id]), {"code": code})


def reader(link, secret=SECRET, **extra):
    """A browser without an account that holds the link's pass."""
    client = Client(**extra)
    assert exchange(client, link, secret).headers["Location"] == page(link)
    return client
