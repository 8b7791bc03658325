from config.postgres import address

LOG_IN = {"USER": "me", "PASSWORD": "a@,:b", "NAME": "diary"}
AT = "postgresql://me:a%40%2C%3Ab@"


def place(url):
    parsed = address.parse(url)
    return {name: parsed[name] for name in ("HOST", "PORT", *LOG_IN)}


def test_one_host():
    assert place(f"{AT}db.example.com/diary") == {"HOST": "db.example.com", "PORT": "", **LOG_IN}
    assert address.parse(f"{AT}db:5432/diary")["PORT"] == 5432
    assert "target_session_attrs" not in address.parse(f"{AT}db/diary")["OPTIONS"]


def test_socket_is_a_host():
    assert place(f"{AT}%2Ftmp%2Fsockets:5432/diary")["HOST"] == "/tmp/sockets"  # noqa: S108


def test_several_hosts_with_a_port_each():
    several = f"{AT}one.example.com:6001,two,[::1]:6003/diary"
    assert place(several) == {"HOST": "one.example.com,two,::1", "PORT": "6001,5432,6003", **LOG_IN}
    assert address.parse(several)["OPTIONS"]["target_session_attrs"] == "read-write"


def test_address_has_the_last_word():
    options = address.parse(f"{AT}one,two/diary?target_session_attrs=any&connect_timeout=2")
    assert options["OPTIONS"] == {
        "target_session_attrs": "any",
        "connect_timeout": 2,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
    }


def test_other_settings_stay():
    assert address.parse(f"{AT}one,two/diary", conn_max_age=60)["CONN_MAX_AGE"] == 60
