"""A primary and its hot standby on this machine, and Debian's PgBouncer before them.

They listen on 127.0.0.1, for the program shall find its way by host and port.
"""

import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg

from config.postgres.programs import binaries_for, server_account
from config.postgres.roles import WEB, WORK
from config.postgres.server import INITDB_OPTIONS, end_with_parent
from tests.servers import free_port

OWNER, PASSWORD = "did_it_work", "of-the-pair"
USERS = [(OWNER, PASSWORD), (WEB, "of-the-web"), (WORK, "of-the-work")]
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 60
io_method = sync
wal_level = replica
max_wal_senders = 4
hot_standby = on
"""
# Nobody has an answer before the standby shows what was saved.
ON_BOTH = "synchronous_commit = remote_apply\nsynchronous_standby_names = '*'\n"
POOLERS = [path for path in ("/usr/sbin/pgbouncer",) if Path(path).exists()]


class Server:
    """PostgreSQL on a directory, as the account that it takes when we are root."""

    def __init__(self, directory: Path) -> None:
        self.directory, self.port = directory, free_port()
        self.account = server_account(directory / "cluster")
        self.programs = binaries_for(self.account, directory.parent)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"postgresql://{OWNER}:{PASSWORD}@{self.place}/{OWNER}"

    def run(self, program: str, *arguments: str, **environment: str) -> None:
        subprocess.run(
            [self.programs / program, *arguments],
            env={"PATH": os.defpath, "LC_ALL": "C", **environment},
            cwd=self.directory,
            capture_output=True,
            check=True,
            **self.account,
        )

    def make(self) -> None:
        word = self.directory / "word"
        word.write_text(PASSWORD)
        cluster = self.directory / "cluster"
        options = [*INITDB_OPTIONS, f"--username={OWNER}", f"--pwfile={word}", "--no-sync"]
        self.run("initdb", f"--pgdata={cluster}", *options)
        with (cluster / "postgresql.conf").open("a") as file:
            file.write(SETTINGS)
        with (cluster / "pg_hba.conf").open("a") as file:
            file.write("host replication all 127.0.0.1/32 scram-sha-256\n")

    def copy(self, primary: "Server") -> None:
        options = ["--checkpoint=fast", "--write-recovery-conf", "--no-sync"]
        log_in = f"host=127.0.0.1 port={primary.port} user={OWNER} password={PASSWORD}"
        self.run("pg_basebackup", f"--pgdata={self.directory}/cluster", *options, f"-d{log_in}")

    def start(self) -> None:
        with (self.directory / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    self.programs / "postgres",
                    "-D",
                    self.directory / "cluster",
                    "-p",
                    str(self.port),
                ],
                cwd=self.directory,
                env={"PATH": os.defpath, "LC_ALL": "C"},
                stdout=log,
                stderr=log,
                preexec_fn=end_with_parent(signal.SIGQUIT),
                **self.account,
            )
        until(self.answers)

    def answers(self) -> bool:
        try:
            psycopg.connect(f"{self.url.rpartition('/')[0]}/postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def set(self, text: str) -> None:
        with (self.directory / "cluster/postgresql.conf").open("a") as file:
            file.write(text)
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("SELECT pg_reload_conf()")

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()

    def promote(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("SELECT pg_promote()")


def until(condition, seconds: float = 60) -> None:
    give_up_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


@contextmanager
def pair(directory: Path):
    """A primary with the program's database, and a standby that has what was answered."""
    servers = []
    try:
        for name in ("one", "two"):
            place = directory / name
            place.mkdir(mode=0o700)
            servers.append(Server(place))
            servers[-1].account.own(place)
        primary, standby = servers
        primary.make()
        primary.start()
        with psycopg.connect(f"{primary.url.rpartition('/')[0]}/postgres", autocommit=True) as made:
            made.execute(f"CREATE DATABASE {OWNER}")
        standby.copy(primary)
        standby.start()
        yield primary, standby
    finally:
        for server in servers:
            server.kill()
        shutil.rmtree(directory)


@contextmanager
def pooler(program: str, server: Server, mode: str):
    """Yield the address of a PgBouncer before the server; its sessions go by ``pool_mode``."""
    port, directory = free_port(), server.directory
    settings = {
        "listen_addr": "127.0.0.1",
        "listen_port": port,
        "unix_socket_dir": "",
        "auth_type": "plain",
        "auth_file": directory / "users",
        "pool_mode": mode,
        "default_pool_size": 20,
    }
    lines = [f"{name} = {value}" for name, value in settings.items()]
    (directory / "users").write_text("".join(f'"{name}" "{word}"\n' for name, word in USERS))
    databases = f"[databases]\n* = host=127.0.0.1 port={server.port}\n"
    (directory / "pooler.ini").write_text("\n".join([databases, "[pgbouncer]", *lines, ""]))
    process = subprocess.Popen(
        [program, "--quiet", directory / "pooler.ini"],
        stderr=subprocess.DEVNULL,
        preexec_fn=end_with_parent(signal.SIGTERM),
        **server.account,
    )
    try:
        yield f"postgresql://{OWNER}:{PASSWORD}@127.0.0.1:{port}/{OWNER}"
    finally:
        process.terminate()
        process.wait()
