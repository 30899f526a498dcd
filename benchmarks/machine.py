"""The servers that are measured: PostgreSQL and Redis of their own, gunicorn, and the CPU that each has used."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Postgres:
    """A PostgreSQL of its own in a folder, which can be restarted as roughly as one likes."""

    def __init__(self, folder):
        self.data, self.port = folder / "data", free_port()
        self.binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        folder.chmod(0o755)
        self.data.mkdir()
        # PostgreSQL refuses to run as root.
        if os.getuid() == 0:
            shutil.chown(self.data, "postgres")
        self.as_postgres = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        self.run(
            "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"
        )

    def run(self, program, *options):
        command = [*self.as_postgres, self.binaries / program, *options]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)

    def control(self, verb, *options):
        self.run("pg_ctl", verb, "-w", "-D", self.data, *options)

    def start(self, options=""):
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.data} {options}"
        self.control("start", "-l", self.data / "log", "-o", f"{options} -c max_connections=300")

    def stop(self):
        self.control("stop", "-m", "immediate")

    @property
    def url(self):
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    @property
    def pid(self):
        return (self.data / "postmaster.pid").read_text().split()[0]


@contextmanager
def databases():
    """Addresses of an empty PostgreSQL and an empty Redis, with the settings that they come with."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what is started here is stopped here
    folder = Path(tempfile.mkdtemp(prefix="openevent-benchmark."))
    postgres, redis_port = Postgres(folder), free_port()
    postgres.start()
    redis = subprocess.Popen(
        ["redis-server", "--bind", "127.0.0.1", "--port", str(redis_port), "--save", "", "--dir", folder],
        stdout=subprocess.DEVNULL,
    )
    try:
        yield {
            "DATABASE_URL": postgres.url,
            "REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
            "POSTGRES_PID": postgres.pid,
        }
    finally:
        redis.terminate()
        postgres.stop()
        shutil.rmtree(folder)


def prepare(environment, *demo):
    """Tables, static files and a demo of that size."""
    for command in (("migrate",), ("collectstatic", "--noinput"), ("demo", *demo)):
        subprocess.run(
            [sys.executable, "manage.py", *command, "--verbosity", "0"],
            check=True,
            cwd=HOUSE,
            env=whole(environment),
            stdout=subprocess.DEVNULL,
        )


def hot_ticket(environment, *options):
    return ask_command(environment, "hot_ticket", *options)


def ask_command(environment, name, *options):
    """What the command of that name prints."""
    command = [sys.executable, "manage.py", name, *map(str, options)]
    printed = subprocess.run(command, check=True, cwd=HOUSE, env=whole(environment), capture_output=True, text=True)
    return json.loads(printed.stdout)


def whole(environment):
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "DEBUG": "0",
        "DEMO_PASSWORD": "openevent-demo",
        "DEMO": "1",
        "SECRET_KEY": "a-benchmark-keeps-no-secrets-but-long-it-is",
        "LOG_LEVEL": "ERROR",
        **environment,
    }


class Server:
    """gunicorn with so many workers, as in production; its CPU is that of the workers alone."""

    def __init__(self, environment, *, workers):
        self.port = free_port()
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "openevent.wsgi", "--workers", str(workers)),
                *("--bind", f"127.0.0.1:{self.port}", "--log-level", "error", "--backlog", "2048"),
            ],
            cwd=HOUSE,
            env=whole(environment),
        )
        self._wait()

    def _wait(self):
        for _ in range(200):
            try:
                self.get("/health-check")
                return
            except ConnectionError:
                time.sleep(0.1)
        raise RuntimeError("The server does not answer.")

    def get(self, path, **headers):
        return self.ask("GET", path, None, headers)

    def ask(self, method, path, body, headers):
        """The answer and its bytes, over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer, content

    def read(self, path, **headers):
        return json.loads(self.get(path, **headers)[1])

    def sign_in(self, email):
        """An access token."""
        words = json.dumps({"email": email, "password": "openevent-demo"})
        _, content = self.ask("POST", "/auth/session", words, {"Content-Type": "application/json"})
        return json.loads(content)["access_token"]

    def cpu(self):
        """Milliseconds that the workers have used so far."""
        return sum(cpu_of(child) for child in children_of(self.process.pid))

    def stop(self):
        self.process.terminate()
        self.process.wait()


@contextmanager
def serving(environment, *, workers=1):
    server = Server(environment, workers=workers)
    try:
        yield server
    finally:
        server.stop()


def children_of(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu_of(pid):
    """User and system time of a process in milliseconds."""
    return sum(int(field) for field in stat_of(pid)[11:13]) * 1000 / TICKS


def postgres_cpu(environment):
    """The same of the PostgreSQL of `databases`, connections that have ended included."""
    main = int(environment["POSTGRES_PID"])
    ended = sum(int(field) for field in stat_of(main)[13:15]) * 1000 / TICKS
    return cpu_of(main) + ended + sum(cpu_of(child) for child in children_of(main))


def stat_of(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
