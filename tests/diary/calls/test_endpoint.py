"""The address that a browser hands in leads to push services and nowhere else."""

import pytest

from apps.diary.calls.endpoint import Endpoint, NotAllowedError, allowed, is_public
from apps.diary.calls.wire import Line, NotReachedError, dial, public_one, seconds_of

HOSTS = ("fcm.googleapis.com", ".push.apple.com")


@pytest.mark.parametrize(
    ("address", "host", "path"),
    [
        (
            "https://fcm.googleapis.com/fcm/send/abc:d-e_f",
            "fcm.googleapis.com",
            "/fcm/send/abc:d-e_f",
        ),
        ("https://FCM.googleapis.com:443/wp/a?b=c", "fcm.googleapis.com", "/wp/a?b=c"),
        ("https://web.push.apple.com/QAbc", "web.push.apple.com", "/QAbc"),
        ("https://fcm.googleapis.com", "fcm.googleapis.com", "/"),
    ],
)
def test_push_services_are_called(address, host, path):
    assert allowed(address, HOSTS) == Endpoint(host, path)


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fe80::1%25eth0]/",
        "https://[broken/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://localhost/",
        "http://fcm.googleapis.com/",
        "HTTP://fcm.googleapis.com/",
        "ftp://fcm.googleapis.com/",
        "//fcm.googleapis.com/",
        "https:fcm.googleapis.com/",
        "https:///fcm.googleapis.com/",
        "https://fcm.googleapis.com:8443/",
        "https://fcm.googleapis.com:80/",
        "https://fcm.googleapis.com:0/",
        "https://fcm.googleapis.com:99999/",
        "https://fcm.googleapis.com:x/",
        "https://fcm.googleapis.com@127.0.0.1/",
        "https://somebody@fcm.googleapis.com/",
        "https://:word@fcm.googleapis.com/",
        "https://127.0.0.1\\@fcm.googleapis.com/",
        "https://127.0.0.1\\.push.apple.com/",
        "https://127.0.0.1#.push.apple.com/",
        "https://127.0.0.1?.push.apple.com/",
        "https://fcm.googleapis.com.example.org/",
        "https://fcm.googleapis.com./",
        "https://notfcm.googleapis.com/",
        "https://push.apple.com/",
        "https://evilpush.apple.com/",
        "https://fcm.googleapis.com/\r\nHost: localhost",
        "https://fcm.googleapis.com/a b",
        "https://fcm.googleapis.com/#part",
        "https://ｆcm.googleapis.com/",
        "",
        "fcm.googleapis.com",
    ],
)
def test_nothing_else_is(address):
    with pytest.raises(NotAllowedError):
        allowed(address, HOSTS)


@pytest.mark.parametrize(
    ("address", "is_so"),
    [
        ("142.250.74.106", True),
        ("2a00:1450:4001:80b::200a", True),
        ("64:ff9b::8efa:4a6a", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00:ec2::254", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("2002:7f00:1::", False),
    ],
)
def test_addresses_of_this_network_are_nobodys(address, is_so):
    assert is_public(address) is is_so


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "localhost"]
)
def test_host_that_leads_into_this_network_is_not_connected_to(host):
    """Whatever the list of hosts says: a name can lead anywhere."""
    with pytest.raises(NotAllowedError, match="not on the internet"):
        dial(host, 1)
    with pytest.raises(NotReachedError, match="NotAllowedError"):
        Line(host).open()


def test_host_that_nobody_knows_is_not_reached():
    with pytest.raises(NotReachedError, match="gaierror"):
        Line("nowhere.invalid", dial, 2).open()


def test_name_with_one_address_of_this_network_is_refused():
    assert public_one(["142.250.74.106", "2a00:1450:4001:80b::200a"]) == "142.250.74.106"
    for addresses in ([], ["142.250.74.106", "127.0.0.1"], ["::1", "142.250.74.106"]):
        with pytest.raises(NotAllowedError):
            public_one(addresses)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("", 60),
        ("5", 60),
        ("120", 120),
        ("99999999", 3600),
        ("Wed, 21 Oct", 60),
        ("-1", 60),
        ("٣", 60),
    ],
)
def test_wait_that_a_push_service_asks_for_is_kept_within_bounds(said, seconds):
    assert seconds_of(said, least=60, most=3600) == seconds
