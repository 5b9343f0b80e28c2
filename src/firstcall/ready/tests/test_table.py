"""Tables that come as files: what is read, what is refused and why, and that no cell becomes a formula."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstcall.kernel.say import plain
from firstcall.ready.rules.table import MOST_COLUMNS, MOST_ROWS, Unreadable, decode, read_table, write_table


@pytest.mark.parametrize(
    ("body", "text", "encoding"),
    [
        ("Name\nCafé".encode(), "Name\nCafé", "utf-8"),
        ("Name\nCafé".encode("utf-8-sig"), "Name\nCafé", "utf-8"),
        ("Name\nCafé".encode("cp1252"), "Name\nCafé", "cp1252"),
        ("Name\tTier\nCafé\tgold".encode("utf-16"), "Name\tTier\nCafé\tgold", "utf-16"),
    ],
)
def test_how_it_was_written(body: bytes, text: str, encoding: str) -> None:
    assert decode(body) == (text, encoding)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"PK\x03\x04....", "This is a workbook"),
        (b"Name\x00Tier", "This is no text"),
        (b"Name\n\x81\x8d", "This is no text"),
        (b"\xff\xfeN", "This is no text"),
        (b"x" * (4 * 1024 * 1024 + 1), "The file is larger than 4 MB"),
    ],
)
def test_what_is_no_text(body: bytes, words: str) -> None:
    with pytest.raises(Unreadable) as refused:
        decode(body)
    assert plain(refused.value.sentence).startswith(words)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Name,Tier\nA,b\n", [(2, ("A", "b"))]),
        ("Name;Tier\r\nA, Ltd;b\r\n", [(2, ("A, Ltd", "b"))]),
        ("Name\tTier\nA\tb", [(2, ("A", "b"))]),
        ("sep=;\nName;Tier\nA;b", [(3, ("A", "b"))]),
        ("\n\nName,Tier\n\nA,b\n,,\n  ,\nC,d", [(5, ("A", "b")), (8, ("C", "d"))]),
        ('Name,Tier\n" A ""x"" ",b', [(2, ('A "x"', "b"))]),
        ("Name,Tier\nA\nB,,", [(2, ("A", "")), (3, ("B", ""))]),
        ("Name,Tier\n'=A,'+49 30", [(2, ("=A", "+49 30"))]),
        ("Name\nO'Neil\n'quoted'", [(2, ("O'Neil",)), (3, ("'quoted'",))]),
    ],
)
def test_what_is_read(text: str, rows: list[tuple[int, tuple[str, ...]]]) -> None:
    table = read_table(text)
    assert [(row.line, row.cells) for row in table.rows] == rows
    assert [row.fault for row in table.rows] == [None] * len(rows)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Name,Tier\nA,b,c\nB,d", 2, "This row has 3 cells, the first line only 2"),
        ('Name,Tier\n"A"x,b\nB,d', 2, "A quotation mark within quoted text is written twice."),
        ('Name,Tier\nA,b\n"B\nC",d\nD,e', 3, "A line ends within a cell"),
        ("Name,Tier\nA," + "x" * 2001, 2, "A cell is longer than 2000 characters"),
        ("Name,Tier\nA," + "x" * 140_000 + "\nB,c", 2, "A cell is longer than 2000 characters"),
        ("Name,Tier\nA\x07,b", 2, "There is a sign here that cannot be read."),
        ("Name,Tier\nA\u202eb,b", 2, "There is a sign here that cannot be read."),
        ("Name,Tier\n#NAME?,b", 2, "“#NAME?” is what a spreadsheet writes"),
        ("Name,Tier\n#REF!,b", 2, "“#REF!” is what a spreadsheet writes"),
    ],
)
def test_a_row_that_cannot_be_trusted_is_named_and_the_others_are_read(text: str, line: int, words: str) -> None:
    faults = [(row.line, plain(row.fault)) for row in read_table(text).rows if row.fault is not None]
    assert [found for found, _words in faults] == [line]
    assert faults[0][1].startswith(words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "There is no row"),
        ("Name,Tier\n", "There is no row"),
        ('Name\nA\n"B\nC\nD\n', "A quotation mark is opened in line 3 and never closed"),
        ("x," * MOST_COLUMNS + "x\na", f"There are more than {MOST_COLUMNS} columns"),
        ("Name\n" + "a\n" * (MOST_ROWS + 1), f"There are more than {MOST_ROWS} rows"),
    ],
)
def test_what_is_no_table(text: str, words: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_table(text)
    assert plain(refused.value.sentence).startswith(words)


@pytest.mark.parametrize("cell", ["=1+1", "+49 30 5550", "-2", "@SUM(A1)"])
def test_no_cell_that_is_written_is_a_formula(cell: str) -> None:
    text = write_table([["Name"], [cell]])
    assert text == f"Name\r\n'{cell}\r\n"
    assert read_table(text).rows[0].cells == (cell,)


CELLS = st.text(st.characters(categories=["L", "N", "P", "S"], include_characters=' ,;"\t'), max_size=8)


@settings(max_examples=60)
@given(st.lists(st.tuples(CELLS, CELLS, st.just("x")), min_size=1, max_size=5))
def test_what_is_written_is_read_again(rows: list[tuple[str, str, str]]) -> None:
    table = read_table(write_table([("a", "b", "c"), *rows]))
    read = [row.cells for row in table.rows if row.fault is None]
    told = [tuple(cell.strip() for cell in row) for row, back in zip(rows, table.rows, strict=True) if not back.fault]
    assert read == [tuple(cell[1:] if cell[:1] == "'" and cell[1:2] in "=+-@" and cell[1:2] else cell for cell in row)
                    for row in told]  # fmt: skip
