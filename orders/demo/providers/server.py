"""What the doubles have in common: a server in a thread, a memory, and bad days."""

import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit


class Answer(Exception):
    """What goes back, from wherever it is decided."""

    def __init__(self, status, body, **headers):
        self.status, self.headers = status, headers
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()


def redirect(address):
    return Answer(303, b"", Location=address)


def page(html):
    return Answer(200, html.encode(), **{"Content-Type": "text/html; charset=utf-8"})


class Double:
    """`mood` is how its day is: "" good, "down", "slow", "garbage", or "lost": it does it, and its answer gets lost."""

    seconds_when_slow = 30

    def __init__(self, *, port=0, keep: Path | None = None):
        self.keep, self.mood = keep, ""
        self.lock = threading.RLock()
        self.rows = json.loads(keep.read_text()) if keep and keep.exists() else {}
        self.answers = {}  # by idempotency key
        self.requests = []  # (method, path) of what was asked, to look at in tests
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                double.serve(self)

            do_POST = do_GET

            def log_message(self, *args):
                """Nothing to the console."""

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"

    def start(self):
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def begin_anew(self):
        """Forget everything: for the next test."""
        self.mood, self.rows, self.answers, self.requests = "", {}, {}, []

    def forget_keys(self):
        """What providers do after a day or so: a request with an old key is a new one."""
        self.answers = {}

    # ── Its memory ───────────────────────────────────────────────────────────────────────────────

    def table(self, name):
        return self.rows.setdefault(name, {})

    def new_id(self, prefix):
        return f"{prefix}{secrets.token_hex(12)}"

    def save(self):
        if self.keep:
            self.keep.parent.mkdir(parents=True, exist_ok=True)
            self.keep.write_text(json.dumps(self.rows))

    # ── Its day ──────────────────────────────────────────────────────────────────────────────────

    def serve(self, request):
        length = int(request.headers.get("Content-Length") or 0)
        body = request.rfile.read(length)
        parts = urlsplit(request.path)
        mood = "" if self.is_page(parts.path) else self.mood
        if mood == "slow":
            time.sleep(self.seconds_when_slow)
        if mood in ("down", "slow"):
            request.close_connection = True
            return
        try:
            with self.lock:
                self.requests.append((request.command, parts.path))
                answer = self.answer(request.command, parts.path, dict(parse_qsl(parts.query)), body, request.headers)
        except Answer as early:
            answer = early
        self.save()
        if mood == "lost" and not self.is_sign_in(parts.path):
            request.close_connection = True
            return
        content = b"<html>502 somewhere on the way</html>" if mood == "garbage" else answer.body
        request.send_response(answer.status)
        headers = {"Content-Type": "application/json", "Content-Length": len(content), **answer.headers}
        for name, value in headers.items():
            request.send_header(name, str(value))
        request.end_headers()
        request.wfile.write(content)

    def is_page(self, path):
        """Whether people look at it: pages are always there."""
        return not path.startswith("/v1/")

    def is_sign_in(self, path):
        """Whether it is only asked to be let in: of that no answer gets lost, or nothing would ever be done."""
        return False

    def answer(self, method, path, query, body, headers) -> Answer:
        raise NotImplementedError


HTML = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>{title}</title><style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 12vh auto; padding: 0 1rem; color: #1c1e21 }}
small {{ color: #5c6066 }} strong {{ display: block; font-size: 2rem; margin: .5rem 0 1.5rem }}
button, a {{ display: block; width: 100%; box-sizing: border-box; padding: .8rem; margin: .6rem 0; font: inherit;
text-align: left; border: 1px solid #c6c9ce; border-radius: 8px; background: #fff; color: inherit; cursor: pointer;
text-decoration: none }} button:hover, a:hover {{ border-color: #1c1e21 }} .bad {{ color: #a4001d }}
</style><small>{small}</small><h1>{title}</h1><strong>{amount}</strong>{inner}</html>"""
