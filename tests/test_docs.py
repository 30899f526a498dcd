"""What the documents tell people to do works when they do it."""

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from events.models import Role
from orders.models import Order

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")]
ROLES = ("owner", "organizer", "coorganizer", "track_organizer", "moderator", "registrar", "attendee")


def shell_blocks(document):
    return re.findall(r"```sh\n(.*?)```", document.read_text(), flags=re.DOTALL)


@pytest.fixture
def _demo(db, settings):
    settings.DEMO = True
    for name in ROLES:  # a test with commits before this one has emptied every table
        Role.objects.get_or_create(name=name)
    call_command("demo", verbosity=0, orders=5)


@pytest.mark.usefixtures("_demo")
def test_the_purchase_by_curl_in_readme_works(live_server, tmp_path):
    [purchase] = [block for block in shell_blocks(ROOT / "README.md") if "curl" in block]
    script = "set -euo pipefail\n" + purchase.replace("http://127.0.0.1:8000", live_server.url)
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, "completed\n"), done.stderr
    assert (tmp_path / "tickets.pdf").read_bytes().startswith(b"%PDF")
    bought = Order.objects.latest("pk")
    assert (bought.status, bought.user.email) == ("completed", "bob@example.org")
    assert [person.name for person in bought.attendees.all()] == ["Bob Farrow"]


@pytest.mark.usefixtures("_demo")
def test_the_ten_calls_of_getting_started_print_what_they_say(live_server, tmp_path):
    document = ROOT / "docs/api/getting-started.md"
    script = "set -euo pipefail\n" + "".join(shell_blocks(document)).replace("http://127.0.0.1:8000", live_server.url)
    printed = "".join(re.findall(r"```text\n(.*?)```", document.read_text(), flags=re.DOTALL))
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, printed), done.stderr


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(document):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_document_names_is_there(document):
    named = re.findall(r"`((?:[a-z_]+/)+[a-z_.-]+\.(?:py|md|html|css|js|txt|toml))`", document.read_text())
    assert [name for name in named if not ((ROOT / name).exists() or (document.parent / name).exists())] == []
