"""A tab's new name, which formulas of all tabs follow."""

from sandbox.google.formulas.references import retitled
from sandbox.google.model.book import Book
from sandbox.google.model.sheet import Sheet
from sandbox.google.model.values import Formula


def rename(book: Book, sheet: Sheet, title: str) -> None:
    """Give the tab its title and write it into every formula that names the tab."""
    old, sheet.title = sheet.title, title
    for other in book.sheets:
        for at in other.formula_rows:
            other.rows[at] = tuple(
                Formula(retitled(value.text, old, title)) if isinstance(value, Formula) else value
                for value in other.row(at)
            )
