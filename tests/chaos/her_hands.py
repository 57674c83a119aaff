"""What a seller does to her file: all of it is allowed, and none of it is asked for."""

from sandbox.google import Span, Tab
from sandbox.google.errors import Refusal
from sandbox.google.model.rules import Filter
from sandbox.google.model.sheet import Sheet
from tests.chaos.sheet_truth import PAINT, ours_in

TYPED = ("999", "0", "текст", "", "=1+1", "1,5")
ZONES = ("Europe/Moscow", "Asia/Yekaterinburg", "Europe/Kaliningrad")
LOCALES = ("ru_RU", "en_US", "pt_BR")


class Hands:
    """`known` are all nmIDs that ever were in the account; `plain`: she does nothing to our figures
    that their keys do not tell. An act returns what she did, or None if there was nothing to do it
    to."""

    def __init__(self, file, dice, known, *, plain=False):
        self.file, self.dice, self.known = file, dice, known
        self.marked, self.versions = 0, []
        self.acts = {
            self.note_beside: 16,
            self.type_over: 10,
            self.annotate: 4,
            self.paint: 4,
            self.sort: 6,
            self.sort_a_part: 4,
            self.insert_a_row: 4,
            self.insert_a_column: 3,
            self.type_over_a_key: 3,
            self.type_over_the_header: 2,
            self.write_a_formula: 3,
            self.delete_a_row: 3,
            self.delete_a_column: 2,
            self.move_a_column: 2,
            self.filter_rows: 2,
            self.merge: 2,
            self.merge_above_the_edge: 1,
            self.hide: 2,
            self.resize: 1,
            self.add_a_tab: 1,
            self.rename: 1,
            self.duplicate: 1,
            self.change_the_locale: 1,
            self.delete_the_header: 0.5,
            self.delete_one_of_ours: 0.5,
            self.remember_a_version: 1,
            self.restore_a_version: 0.7,
            self.delete_our_tab: 0.3,
        }
        if plain:
            self.acts |= {self.type_over: 0, self.sort_a_part: 0}

    def act(self):
        """Something."""
        acts = [*self.acts]
        act = self.dice.choices(acts, [self.acts[each] for each in acts])[0]
        self.ours = ours_in(self.file, self.known)
        if self.ours is None:
            return None
        self.tab = Tab(self.file, self.ours.sheet.title)
        try:
            told = act()
        except Refusal as no:  # so would Google have told her
            return f"{act.__name__}: {no}"
        return told and f"{act.__name__} {told}"

    # Into cells

    def note_beside(self):
        row, column = self._row(), self._own_column()
        return self._type(row, column, self._token())

    def write_a_formula(self):
        row, column = self._row(), self._own_column()
        figure = self.dice.choice([*self.ours.columns.values()])
        return self._type(row, column, f'={_letters(figure)}{row + 1}&" {self._token()}"')

    def type_over(self):
        row = self._product()
        tag = self.dice.choice([each for each in self.ours.columns if each != "nm"])
        return row and self._type(row, self.ours.columns[tag], self.dice.choice(TYPED))

    def type_over_a_key(self):
        row, column = self._product(), self.ours.columns["nm"]
        other = str(self.dice.choice(sorted(self.known)))
        keys = ("123", "", "заметка", other, f"{other[:3]} {other[3:6]} {other[6:]}")
        return row and self._type(row, column, self.dice.choice(keys))

    def type_over_the_header(self):
        head = self.dice.choice([row for row in self.ours.head if row is not None] or [0])
        column = self.dice.choice([*self.ours.columns.values()])
        return self._type(head, column, self.dice.choice(("моё", "", "⚠ сама")))

    def annotate(self):
        row = self.dice.choice([0, 1, self._row(), self._row()])
        column = self.dice.choice([*self.ours.columns.values(), self._own_column()])
        if row in self.ours.head and self.tab.note(row, column):
            note = f"{self._token()}\n\n{self.tab.note(row, column)}"
            if column != min(self.ours.columns.values()) or row != self.ours.head[0]:
                note = self._token()
        else:
            note = self._token()
        self.tab.annotate(row, column, note)
        return f"{note!r} at {row},{column}"

    def paint(self):
        self.marked += 1
        row, column = self._row(), self.dice.randrange(self._width())
        shade = (self.marked % 100 / 100, self.marked // 100 % 100 / 100)
        self.tab.paint(Span(row, row + 1, column, column + 1), *shade, PAINT)
        return f"{row},{column}"

    # Rows and columns

    def sort(self):
        column = self.dice.randrange(self._width())
        self.tab.sort(column, descending=self.dice.random() < 0.5)
        return f"by {column}"

    def sort_a_part(self):
        top, bottom = self.ours.top, max(self.ours.keys, default=0) + 1
        left = self.dice.randrange(self._width() - 1)
        right = self.dice.randrange(left + 1, self._width())
        if bottom - top < 2:
            return None
        by = self.dice.randrange(left, right)
        self.tab.sort(by, descending=True, span=Span(top, bottom, left, right))
        return f"{left}:{right} by {by}"

    def insert_a_row(self):
        row = self.dice.randrange(self.ours.top, self._height() + 2)
        self.tab.insert_rows(row, self.dice.choice((1, 1, 2)))
        if self.dice.random() < 0.7:
            self._type(row, self.dice.randrange(self._width()), self._token())
        return f"at {row}"

    def delete_a_row(self):
        row = self._row()
        self.tab.delete_rows(row)
        return f"{row}"

    def insert_a_column(self):
        column = self.dice.randrange(self._width())
        self.tab.insert_columns(column)
        for _ in range(self.dice.randrange(3)):
            self._type(self._row(), column, self._token())
        return f"at {column}"

    def delete_a_column(self):
        column = self._own_column()
        self.tab.delete_columns(column)
        return f"{column}"

    def delete_one_of_ours(self):
        tag = self.dice.choice([each for each in self.ours.columns if each != "nm"])
        self.tab.delete_columns(self.ours.columns[tag])
        return tag

    def move_a_column(self):
        column, to = (self.dice.randrange(self._width()) for _ in range(2))
        if to in (column, column + 1):
            return None
        self.tab.move_column(column, to)
        return f"{column} to {to}"

    def merge(self):
        row, taken = self._product(), sorted(self.ours.columns.values())
        column = self.dice.choice([at for at in taken if at + 1 in taken] or [None])
        if None in (row, column):
            return None
        return self._merge(Span(row, row + 1, column, column + 2))

    def merge_above_the_edge(self):
        """Two of hers beside our last title."""
        edge, head = max(self.ours.columns.values()), self.ours.head[0]
        return None if head is None else self._merge(Span(head, head + 1, edge + 1, edge + 3))

    def _merge(self, span):
        if any(each.meets(span) for each in self.ours.sheet.merges):
            return None
        self.tab.merge(span)
        return str(span)

    def filter_rows(self):
        sheet = self.ours.sheet
        if sheet.filter:
            sheet.filter = None
            return "off"
        span = Span(self.ours.top - 1, sheet.height, 0, self._width())
        sheet.filter = Filter(span, {self.ours.columns["nm"]: {"hiddenValues": ["1"]}})
        return "on"

    def hide(self):
        axis = self.dice.choice(("ROWS", "COLUMNS"))
        at = self._row() if axis == "ROWS" else self.dice.randrange(self._width())
        hidden = self.dice.random() < 0.5
        self.tab.hide(axis, at, hidden=hidden)
        return f"{axis} {at} {hidden}"

    def resize(self):
        self.tab.resize("COLUMNS", self.dice.randrange(self._width()), 77)
        return "a column"

    # The header, tabs, the file

    def delete_the_header(self):
        if None in self.ours.head:
            return None
        count = self.dice.choice((1, 2))
        self.tab.delete_rows(self.ours.head[2 - count], count)
        return f"{count} rows"

    def add_a_tab(self):
        book = self.file.book
        sheet = Sheet(book.new_id(), f"Мой лист {book.last_id}")
        sheet.write(0, 0, (self._token(), 5))
        book.sheets.append(sheet)
        return sheet.title

    def rename(self):
        title = self.dice.choice(("Stock Tracker", "Мой склад", "склад"))
        self.tab.rename(title)
        return title

    def duplicate(self):
        if len(self.file.book.sheets) > 4:
            extra = [each for each in self.file.book.sheets if each.id != self.ours.sheet.id]
            Tab(self.file, self.dice.choice(extra).title).delete()
            return "one less"
        self.tab.duplicate(f"Копия {self.file.book.new_id()}")
        return self.ours.sheet.title

    def delete_our_tab(self):
        if len(self.file.book.sheets) == 1:
            return None
        self.tab.delete()
        return self.ours.sheet.title

    def change_the_locale(self):
        book = self.file.book
        book.locale, book.zone = self.dice.choice(LOCALES), self.dice.choice(ZONES)
        return f"{book.locale} {book.zone}"

    def remember_a_version(self):
        self.versions = [*self.versions[-2:], self.file.book.copy()]
        return str(len(self.versions))

    def restore_a_version(self):
        if not self.versions:
            return None
        self.file.book.adopt(self.dice.choice(self.versions).copy())
        return "an older one"

    # Where

    def _height(self):
        return max(self.ours.sheet.used()[0], self.ours.top + 1)

    def _width(self):
        """Ours, and some of hers."""
        return min(max(self.ours.columns.values()) + 5, self.ours.sheet.columns)

    def _row(self):
        """Any below the header."""
        return self.dice.randrange(self.ours.top, self._height())

    def _product(self):
        return self.dice.choice([*self.ours.keys]) if self.ours.keys else None

    def _own_column(self):
        taken = set(self.ours.columns.values())
        free = [at for at in range(self._width()) if at not in taken]
        if not free:  # she had deleted the last one
            self.tab.insert_columns(end := self.ours.sheet.columns)
            return end
        return self.dice.choice(free)

    def _type(self, row, column, text):
        self.tab.edit(row, column, text)
        return f"{text!r} at {row},{column}"

    def _token(self):
        self.marked += 1
        return f"hers-{self.marked}"


def _letters(column):
    before, last = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(65 + last)
