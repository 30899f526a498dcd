"""One object of an export: asked for by the names we use, remembering what nobody asked for."""

EMPTY = (None, "", [], {})


class Record:
    """`kind` and `label` tell a reader which row this is; `row` is what was made of it."""

    def __init__(self, kind: str, values: dict):
        self.kind, self._values, self._taken, self.row = kind, values, set(), None
        self.label = str(values.get("title") or values.get("name") or values.get("id") or "")[:200]

    @property
    def identity(self) -> tuple[str | int | None, str | int | None]:
        """The id and the name by which other rows refer to this one."""
        return identity_of({"id": self.says("id"), "name": self.says("title") or self.says("name")})

    def says(self, name: str):
        return self._values.get(name)

    def take(self, *names: str):
        """The first of these fields that says something, else None; all of them count as known."""
        self._taken.update(names)
        return next((self._values[name] for name in names if self._values.get(name) not in EMPTY), None)

    def ignore(self, *names: str) -> None:
        """These are known, and are worked out anew here."""
        self._taken.update(names)

    def move(self, old: str, new: str) -> None:
        self.complete({new: self._values.pop(old)})

    def complete(self, others: dict) -> None:
        """What another mention of the same thing says, where this one says nothing."""
        for name, value in others.items():
            if self._values.get(name) in EMPTY:
                self._values[name] = value

    @property
    def untaken(self) -> list[str]:
        return [name for name, value in self._values.items() if name not in self._taken and value not in EMPTY]


def identity_of(reference) -> tuple[str | int | None, str | int | None]:
    """(id, name) of a reference, either may be None."""
    if isinstance(reference, dict):
        return _plain(reference.get("id")), _plain(reference.get("name") or reference.get("title"))
    if isinstance(reference, str):
        return (reference.strip(), None) if reference.strip().isdigit() else (None, reference)
    return _plain(reference), None


def _plain(value):
    return value if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None
