"""Tables as files, written row by row: CSV that every office program reads, and XLSX without a formula in it."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import BinaryIO

from django.utils.timezone import is_naive
from xlsxwriter import Workbook

from openevent.core.cells import safe_cell
from openevent.core.refusals import Refused

CSV, XLSX = "csv", "xlsx"
FORMS = {CSV: "CSV", XLSX: "Excel (XLSX)"}
BYTE_ORDER_MARK = "\ufeff"  # by which office programs know the letters of a file
LONGEST_TEXT = 32_767  # letters in a cell of XLSX
MOST_ROWS = 1_048_575  # of XLSX, without the headings
WIDEST = 40
EARLIEST, LATEST = 1901, 9999  # years that a spreadsheet counts


def csv_lines(headings: Iterable[str], rows: Iterable[Iterable], *, zone: tzinfo) -> Iterator[str]:
    write = csv.writer(_Line()).writerow
    yield write([safe_cell(heading) for heading in headings])
    for row in rows:
        yield write([safe_cell(_in_words(value, zone)) for value in row])


def write_csv(file: BinaryIO, headings, rows, *, zone: tzinfo) -> None:
    file.write(BYTE_ORDER_MARK.encode())
    for line in csv_lines(headings, rows, zone=zone):
        file.write(line.encode())


def write_xlsx(file: BinaryIO, headings, rows, *, zone: tzinfo) -> None:
    """Texts are cells of type string whatever they begin with, so nothing is put in front of them."""
    headings = list(headings)
    with Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        money = {digits: book.add_format({"num_format": f"#,##0.{'0' * digits}".rstrip(".")}) for digits in range(4)}
        sheet.freeze_panes(1, 0)
        for place, heading in enumerate(headings):
            sheet.set_column(place, place, min(WIDEST, max(12, len(heading) + 2)))
            sheet.write_string(0, place, heading, bold)
        for number, row in enumerate(rows, start=1):
            if number > MOST_ROWS:
                raise Refused("too-many-rows", f"A sheet holds {MOST_ROWS:,} rows. Take CSV, or narrow the list.")
            for place, value in enumerate(row):
                if value is None or value == "":
                    continue
                if isinstance(value, datetime) and EARLIEST <= value.year <= LATEST:
                    sheet.write_datetime(number, place, _local(value, zone).replace(tzinfo=None), moment)
                elif isinstance(value, Decimal):
                    sheet.write_number(number, place, value, money[-value.as_tuple().exponent])
                elif isinstance(value, int) and not isinstance(value, bool):
                    sheet.write_number(number, place, value)
                else:
                    sheet.write_string(number, place, str(_in_words(value, zone))[:LONGEST_TEXT])


def _in_words(value, zone):
    return f"{_local(value, zone):%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else value


def _local(moment, zone):
    return moment if is_naive(moment) else moment.astimezone(zone)


class _Line:
    """A file that hands each line back instead of keeping it."""

    def write(self, line):
        return line


WRITERS = {CSV: write_csv, XLSX: write_xlsx}
