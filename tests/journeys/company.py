"""A real installation to walk through: `firstcall up` in a folder of its own, mail, and what is watched."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.programs import program
from tests.sinks import SmtpSink, free_port

ROOT = Path(__file__).parent.parent.parent


def wait_until(true: Callable[[], object], *, seconds: float = 20.0, what: str = "it") -> None:
    """Ask again every 50 ms; fails with `what` when it never came."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come within {seconds} s")


class Company:
    """One running installation. `prelude` is Python that runs before `up`."""

    def __init__(self, folder: Path, *, database_url: str = "", prelude: str = "") -> None:
        self.prelude = prelude
        self.mail = SmtpSink()
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.folder = folder
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("FIRSTCALL_", "DJANGO_"))},
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "FIRSTCALL_DATA": str(folder / "data"),
            "FIRSTCALL_PORT": str(self.port),
            "FIRSTCALL_ZONE": "Europe/Berlin",
            "FIRSTCALL_EGRESS_ALLOW": "127.0.0.0/8,::1/128",
            "EMAIL_URL": self.mail.url,
            "DATABASE_URL": database_url,
        }
        self.welcome = ""

    def __enter__(self) -> Company:
        self.mail.__enter__()
        self.log = (self.folder / "up.log").open("w+")
        code = f"{self.prelude}\nimport sys; from firstcall.web.cli.main import main; sys.exit(main())"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, "up"], env=self.env, stdout=self.log, stderr=subprocess.STDOUT, cwd=ROOT
        )
        wait_until(lambda: "/welcome/" in self.said(), seconds=60, what="the set-up link")
        found = re.search(r"http://\S+/welcome/\S+", self.said())
        assert found is not None
        self.welcome = found.group(0)
        return self

    def said(self) -> str:
        """What `up` printed so far."""
        return (self.folder / "up.log").read_text()

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        finally:
            self.process.kill()
            self.log.close()
            self.mail.__exit__(None, None, None)

    def python(self, code: str) -> str:
        """Run a few lines in the installation's own Django; what they print."""
        setup = "import django; django.setup()\nfrom firstcall.kernel.clock import now\n"
        done = subprocess.run(
            [sys.executable, "-c", setup + code],
            env={**self.env, "DJANGO_SETTINGS_MODULE": "firstcall.web.settings"},
            capture_output=True,
            text=True,
            cwd=ROOT,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


class Sick:
    """A small service with a figure that Prometheus scrapes: `failing` and `slow` are what tests turn."""

    def __init__(self) -> None:
        self.failing = self.slow = self.reports = 0
        sick = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                lines = [
                    f"payments_failing {sick.failing}",
                    f"payments_slow {sick.slow}",
                    f"reports_slow {sick.reports}",
                ]
                body = ("\n".join(lines) + "\n").encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = int(self.server.server_address[1])

    def __enter__(self) -> Sick:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


RULES = {
    "CardPaymentsFail": ("payments_failing > 0", "payments", "critical", "Card payments fail at Checkout"),
    "CardPaymentsSlow": ("payments_slow > 0", "payments", "warning", "Card payments take long"),
    "ReportsSlow": ("reports_slow > 0", "reporting", "warning", "Reports load slowly"),
}


@contextmanager
def watched(folder: Path, sick: Sick, hook: str) -> Iterator[None]:
    """Debian's Prometheus and Alertmanager, watching `sick` and posting to `hook`."""
    alertmanager, prometheus = free_port(), free_port()
    rules = [
        {
            "alert": name, "expr": expr, "labels": {"severity": severity, "component": component},
            "annotations": {"summary": summary, "description": "CG-504 authorisation timed out"},
        }
        for name, (expr, component, severity, summary) in RULES.items()
    ]  # fmt: skip
    (folder / "rules.json").write_text(json.dumps({"groups": [{"name": "all", "interval": "1s", "rules": rules}]}))
    (folder / "prometheus.json").write_text(
        json.dumps(
            {
                "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                "rule_files": [str(folder / "rules.json")],
                "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{alertmanager}"]}]}]},
                "scrape_configs": [{"job_name": "shop", "static_configs": [{"targets": [f"127.0.0.1:{sick.port}"]}]}],
            }
        )
    )
    (folder / "alertmanager.json").write_text(
        json.dumps(
            {
                "route": {
                    "receiver": "firstcall", "group_by": ["alertname"], "group_wait": "0s", "group_interval": "1s",
                    "repeat_interval": "2s",
                },
                "receivers": [{"name": "firstcall", "webhook_configs": [{"url": hook, "send_resolved": True}]}],
            }
        )
    )  # fmt: skip
    programs = [
        [str(program("alertmanager")), f"--config.file={folder}/alertmanager.json", f"--storage.path={folder}/am",
         f"--web.listen-address=127.0.0.1:{alertmanager}", "--cluster.listen-address="],
        [str(program("prometheus")), f"--config.file={folder}/prometheus.json", f"--storage.tsdb.path={folder}/tsdb",
         f"--web.listen-address=127.0.0.1:{prometheus}"],
    ]  # fmt: skip
    log = (folder / "watch.log").open("w")
    started = [subprocess.Popen(command, stdout=log, stderr=log) for command in programs]
    try:
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(10)
        log.close()
