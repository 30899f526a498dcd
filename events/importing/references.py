"""Finding the row that a reference means: exports name a track by an object, by an id, or by its name."""

from collections.abc import Iterator

from events.importing.record import Record, identity_of


class References:
    """Rows of one kind by the id and the name that they had in the export.

    An id that two rows share is no obstacle as long as the reference also has a name: where both agree, it is
    that row, else the first of the id. The name alone decides when there is no id, or an id that no list has.
    """

    def __init__(self):
        self.rows: list = []
        self._by_both: dict[tuple[str, str], object] = {}
        self._by_id: dict[str, object] = {}
        self._by_name: dict[str, object] = {}
        self._by_name_in_list: dict[str, object] = {}

    def add(self, identity, name, row, *, is_in_list: bool) -> bool:
        """Whether the id was a new one. A row outside of a list was made from a reference to it."""
        self.rows.append(row)
        is_new = identity is None or str(identity) not in self._by_id
        self._by_both.setdefault((str(identity), _key(name)), row)
        if identity is not None:
            self._by_id.setdefault(str(identity), row)
        if name:
            self._by_name.setdefault(_key(name), row)
            if is_in_list:
                self._by_name_in_list.setdefault(_key(name), row)
        return is_new

    def find(self, reference):
        identity, name = identity_of(reference)
        if identity is None:
            return self._by_name.get(_key(name)) if name else None
        return (
            self._by_both.get((str(identity), _key(name)))
            or self._by_id.get(str(identity))
            or self._by_name_in_list.get(_key(name))
        )


def references_in(record: Record, *names: str) -> Iterator:
    """The references of a field that should hold a list of them."""
    found = record.take(*names)
    yield from found if isinstance(found, list) else () if found is None else (found,)


def _key(name) -> str:
    return " ".join(str(name or "").split()).casefold()
