"""A table that came as a file or was pasted: bytes in, rows with their line numbers out, and back again.

RFC 4180 as the csv module of the standard library reads it, strictly; `;` and tabs as spreadsheets write them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from firstcall.kernel.say import Say, say
from firstcall.kernel.say import mark as _

LARGEST = 4 * 1024 * 1024  # bytes
MOST_ROWS, MOST_COLUMNS = 20_000, 60
LONGEST = 2_000  # characters of a cell
DELIMITERS = ",;\t"
# What a spreadsheet would run when it opens the file (OWASP, 'CSV Injection').
FORMULA = ("=", "+", "-", "@", "\t", "\r")
BROKEN = re.compile(r"#(NAME|REF|VALUE|N/A|DIV/0|NUM|NULL|####*)[?!]?", re.ASCII)
QUOTED = say(_("A quotation mark within quoted text is written twice."))
TOO_LONG = say(_("A cell is longer than {n} characters: is a quotation mark left open?"), n=LONGEST)


@dataclass(frozen=True, slots=True)
class Row:
    """`line` is where it begins in the file, counted from 1; with a `fault` its cells can't be trusted."""

    line: int
    cells: tuple[str, ...]
    fault: Say | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`header` is the first row that is not empty."""

    header: Row
    rows: tuple[Row, ...]


class Unreadable(Exception):
    """No table: `sentence` says why, and what to do."""

    def __init__(self, sentence: Say) -> None:
        super().__init__(sentence.text)
        self.sentence = sentence


def decode(body: bytes) -> tuple[str, str]:
    """The text and how it was written: 'utf-8', 'utf-16', or 'cp1252' as a guess. Raises Unreadable."""
    if len(body) > LARGEST:
        raise Unreadable(say(_("The file is larger than 4 MB: split it.")))
    if body.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable(say(_("This is a workbook, not a table as text: save it as CSV and choose that file.")))
    wide = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding, name in (("utf-16", "utf-16"),) if wide else (("utf-8-sig", "utf-8"), ("cp1252", "cp1252")):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text, name
    raise Unreadable(say(_("This is no text: save the table as CSV in UTF-8 and choose that file.")))


def read_table(text: str) -> Table:
    """The rows. Raises Unreadable for none, for too many, and where a quotation mark is left open."""
    lines = text.splitlines(keepends=True)
    told = re.fullmatch(r"sep=(.)\s*", lines[0]) if lines else None  # as Excel says which sign it used
    rows: list[Row] = []
    start = 1 if told else 0
    sign = told[1] if told and told[1] in DELIMITERS else _delimiter(lines)
    reader = csv.reader(io.StringIO("".join(lines[start:]), newline=""), delimiter=sign, strict=True)
    while True:
        line = start + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            if "unexpected end" in str(error):
                words = _("A quotation mark is opened in line {line} and never closed: nothing after it can be read.")
                raise Unreadable(say(words, line=line)) from None
            rows.append(Row(line, (), TOO_LONG if "field limit" in str(error) else QUOTED))
            continue
        if any(cell.strip() for cell in cells):
            rows.append(_row(line, cells))
        if len(rows) > MOST_ROWS + 1:
            raise Unreadable(say(_("There are more than {n} rows: split the file."), n=MOST_ROWS))
    if len(rows) < 2:
        raise Unreadable(say(_("There is no row: the first line names the columns, each line after it is a row.")))
    header = rows[0]
    if header.fault is not None or len(header.cells) > MOST_COLUMNS:
        raise Unreadable(header.fault or say(_("There are more than {n} columns: leave some out."), n=MOST_COLUMNS))
    return Table(header, tuple(_fitted(row, len(header.cells)) for row in rows[1:]))


def _delimiter(lines: Sequence[str]) -> str:
    """The sign that makes the most cells of the first line that is not empty."""
    first = next((line for line in lines if line.strip()), "")[:LONGEST]
    return max(DELIMITERS, key=lambda sign: len(next(csv.reader([first], delimiter=sign))))


def _row(line: int, cells: Sequence[str]) -> Row:
    found = tuple(_unescaped(cell.strip()) for cell in cells)
    fault = None
    if any(len(cell) > LONGEST for cell in found):
        fault = TOO_LONG
    elif any("\n" in cell or "\r" in cell for cell in found):
        fault = say(_("A line ends within a cell: is a quotation mark left open?"))
    elif any(not sign.isprintable() and sign not in "\xa0\u202f" for cell in found for sign in cell):
        fault = say(_("There is a sign here that cannot be read."))
    elif broken := next((cell for cell in found if BROKEN.fullmatch(cell)), ""):
        fault = say(_("“{cell}” is what a spreadsheet writes when a formula fails."), cell=broken)
    return Row(line, found, fault)


def _fitted(row: Row, width: int) -> Row:
    """Cells left out at the end are empty; cells beyond the header belong to no column."""
    if row.fault is None and any(row.cells[width:]):
        words = _("This row has {n} cells, the first line only {width}: does a text hold the separating sign?")
        return Row(row.line, row.cells, say(words, n=len(row.cells), width=width))
    return Row(row.line, (row.cells + ("",) * width)[: max(width, len(row.cells)) if row.fault else width], row.fault)


def _unescaped(cell: str) -> str:
    """As `write_table` wrote it: the apostrophe before a formula's sign is no part of the text."""
    return cell[1:] if cell.startswith("'") and cell[1:2] in ("=", "+", "-", "@") else cell


def write_table(rows: Iterable[Sequence[str]]) -> str:
    """As CSV; no cell is a formula to a spreadsheet: an apostrophe stands before one that looks like it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row])
    return out.getvalue()
