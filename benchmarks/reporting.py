"""The process that makes one file: `python -m benchmarks.reporting xlsx|csv|xlsxwriter FILE`."""

import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from xlsxwriter import Workbook

from app.stock.report import as_csv, as_xlsx
from domain.table.columns import Holds
from domain.table.report import Her, Report
from infrastructure.postgres.stock_bodies import Unpacked


def main() -> None:
    how, stored = sys.argv[1:]
    body, base, begun = Path(stored).read_bytes(), _mib("VmRSS"), time.process_time()
    report = Report(Unpacked().snapshot(body), "ru", Her())
    with TemporaryFile() as file:
        {"xlsx": as_xlsx.write, "csv": as_csv.write, "xlsxwriter": _theirs}[how](report, file)
    spent = time.process_time() - begun
    print(json.dumps({"cpu_s": spent, "peak_mib": _mib("VmHWM") - base}))


def _theirs(report: Report, file: IO[bytes]) -> None:
    """The same cells, with a format each."""
    book = Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
    sheet, text = book.add_worksheet(), book.add_format({"num_format": "@", "border": 1})
    number = book.add_format({"num_format": "#,##0", "border": 1})
    row = 2
    for columns in report.slices():
        for line in zip(*columns, strict=True):
            for n, (column, value) in enumerate(zip(report.columns, line, strict=True)):
                if value is None:
                    sheet.write_blank(row, n, None, number)
                elif column.holds is Holds.TEXT:
                    sheet.write_string(row, n, value, text)
                else:
                    sheet.write_number(row, n, value, number)
            row += 1
    book.close()


def _mib(name: str) -> float:
    """Of this process, from Linux."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1024


if __name__ == "__main__":
    main()
