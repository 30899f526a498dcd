"""What an import could not keep as it was: collected while reading, said once at the end."""

from textwrap import shorten

from openevent.core.cleaning import plain

SAMPLES = 3
MAX_LINES = 500


class Findings:
    """Equal findings are one line that names the first few rows; nothing here is ever a reason to stop."""

    def __init__(self):
        self._rows: dict[str, list[str]] = {}

    def add(self, finding: str, row: str = "") -> None:
        self._rows.setdefault(finding, []).append(row)

    def value(self, record, field: str, said, problem: str, kept=None) -> None:
        """A value with a problem, and what was kept in its place."""
        kept = f"kept as {quoted(kept)}" if kept not in (None, "", [], {}) else "left empty"
        self.add(f"{record.kind}: {field} {quoted(said)} {problem}; {kept}", record.label)

    def lines(self) -> list[str]:
        lines = [finding + _where(rows) for finding, rows in list(self._rows.items())[:MAX_LINES]]
        more = len(self._rows) - len(lines)
        return [*lines, f"and {more} more of the kind"] if more else lines


def quoted(value, length: int = 60) -> str:
    """A value of a stranger's, short and in one line, fit for a terminal."""
    text = value if isinstance(value, str) else repr(value)
    return f"“{shorten(plain(text[:1000]), length, placeholder='…')}”"


def _where(rows: list[str]) -> str:
    named = list(dict.fromkeys(row for row in rows if row))
    if not named:
        return "" if len(rows) == 1 else f" ({len(rows)} times)"
    shown = ", ".join(quoted(row, 40) for row in named[:SAMPLES])
    return f" ({len(rows)} times: {shown}, …)" if len(rows) > SAMPLES else f" ({shown})"
