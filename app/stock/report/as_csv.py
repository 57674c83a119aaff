"""The report as CSV (RFC 4180): for programs, and for a spreadsheet that opens it as it is.

Fields are divided the way a spreadsheet of the language divides them: Russian numbers have a comma
for a decimal sign, so a Russian Excel takes the semicolon, and an English one the comma. The first
line is that of the places, as in the sheet; of when the figures are, and why some are blank, stands
in it where the sheet has merged cells. So the second line is the captions, and all below it data.
"""

import csv
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from typing import IO

from domain.table.columns import Holds
from domain.table.numbers import Value, pieces, tenths
from domain.table.report import Report, whole
from domain.table.text import MARK, clean, safe
from domain.table.words import OURS

DELIMITERS = {"ru": ";", "en": ","}
SIGNS = {"ru": ",", "en": "."}


def write(report: Report, file: IO[bytes]) -> None:
    """All of it. The file stays open."""
    text = TextIOWrapper(file, "utf-8", newline="")
    text.write(MARK)
    writer = csv.writer(text, delimiter=DELIMITERS[report.language], lineterminator="\r\n")
    writer.writerow([safe(each) for each in _above(report)])
    writer.writerow([safe(report.captions[column.tag].text) for column in report.columns])
    for columns in report.slices():
        writer.writerows(zip(*_texts(report, columns), strict=True))
    text.detach()


def _above(report: Report) -> Iterator[str]:
    """The names of groups, each over its first column; beside the first what A1's note says."""
    told = (OURS + report.about).replace("\n", ". ")
    gaps = " ".join(f"{line} {cure}" for line, cure in report.blanks)
    for group, cell in report.titles():
        beside = (told, gaps) if group is report.groups[0] else ()
        yield from (clean(cell.text), *map(clean, beside))
        yield from [""] * (len(group.columns) - 1 - len(beside))


def _texts(report: Report, columns: Sequence[Sequence[Value]]) -> Iterator[list[str]]:
    sign = SIGNS[report.language]
    for column, values in zip(report.columns, columns, strict=True):
        match column.holds:
            case Holds.TEXT:
                yield [safe(str(value)) if value else "" for value in values]
            case Holds.DAYS:
                yield [tenths(value, sign) for value in whole(values)]
            case _:
                yield [pieces(value) for value in whole(values)]
