"""One object of an export: asked for by the names we use, remembering what nobody asked for."""

EMPTY = (None, "", [], {})


class Record:
    """`kind` and `label` tell a reader which row this is; `row` is what was made of it."""

    def __init__(self, kind: str, values: dict):
        self.kind, self._values, self._taken, self.row = kind, values, set(), None
        self.label = str(values.get("title") or values.get("name") or values.get("id") or "")[:200]

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
        self._values.setdefault(new, self._values.pop(old, None))

    def complete(self, others: dict) -> None:
        """What another mention of the same thing says, where this one says nothing."""
        for name, value in others.items():
            if self._values.get(name) in EMPTY:
                self._values[name] = value

    @property
    def untaken(self) -> list[str]:
        return [
            name for name, value in self._values.items() if name not in self._taken and value not in EMPTY
        ]
