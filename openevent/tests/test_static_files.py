"""The names of static files in production."""

import re

from django.conf import settings
from django.core.files.storage import FileSystemStorage

from openevent.static_files import HashedStaticFiles


def test_what_our_modules_import_has_a_hash_in_its_name(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DEBUG", False)
    source = FileSystemStorage(location=settings.BASE_DIR / "static")
    storage = HashedStaticFiles(location=tmp_path)
    names = [f"js/{name}" for name in source.listdir("js")[1]]
    for name in names:
        with source.open(name) as script:
            storage.save(name, script)
    done = list(storage.post_process({name: (storage, name) for name in names}))
    assert [problem for *_, problem in done if isinstance(problem, Exception)] == []
    door = (tmp_path / storage.stored_name("js/door.js")).read_text()
    imports = re.findall(r'from "\./(.*?)"', door)
    assert len(imports) == 3
    assert [name for name in imports if not re.fullmatch(r"door-\w+\.[0-9a-f]{12}\.js", name)] == []
