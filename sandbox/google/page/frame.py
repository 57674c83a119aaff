"""The page around the table: bar, tools, tabs, access."""

from html import escape

from sandbox.google.files import File, Permission
from sandbox.google.model.sheet import Sheet
from sandbox.google.model.spans import letters
from sandbox.google.page.grid import WINDOW, Grid, table
from sandbox.google.page.words import words


def sheet_page(file: File, sheet: Sheet, first: int, look: str, trouble: str = "") -> str:
    """A tab with everything its owner can do to it; `look` is the address of its style sheet."""
    say = words(file.book.locale)
    grid = Grid(sheet, file.seen(), say, first)
    content = (
        f"{_head(file, say)}{_trouble(trouble, say)}{_tools(file, sheet, say)}"
        f'<div class="sheet" id="sheet"><div class="scroll" tabindex="0" role="region" '
        f'aria-label="{escape(say["sheet"].format(title=sheet.title))}">{table(grid)}</div>'
        f"{_tabs(file, sheet, say)}</div>"
        f"{_pages(file, grid)}{_panels(file, sheet, say)}"
    )
    return document(f"{file.book.title} · {sheet.title}", content, say, look)


def files_page(files: list[File], locale: str) -> str:
    """All files of the sandbox, and a form for a new one."""
    say = words(locale)
    items = "".join(
        f'<li><a href="/sheets/{file.id}">{escape(file.book.title)}</a> '
        f"<small>{escape(file.owner)}</small></li>"
        for file in files
    )
    listed = f'<ul class="files">{items}</ul>' if items else f'<p class="soft">{say["none"]}</p>'
    form = (
        f'<form method="post" action="/sheets" class="row"><label>{say["title"]} '
        f'<input type="text" name="title" required maxlength="200"></label>'
        f'<button class="btn primary">{say["create"]}</button></form>'
    )
    return document(say["files"], f"<h1>{say['files']}</h1>{listed}{form}", say, "")


def document(title: str, content: str, say: dict[str, str], look: str) -> str:
    """A whole HTML document; nothing in it comes from elsewhere."""
    sheet_look = f'<link rel="stylesheet" id="look" href="{escape(look)}">' if look else ""
    return (
        f'<!doctype html><html lang="{say["lang"]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{escape(title)}</title>'
        '<link rel="icon" href="/sheets/-/icon.svg">'
        '<link rel="stylesheet" href="/sheets/-/sheet.css">'
        f'{sheet_look}<script type="module" src="/sheets/-/sheet.js"></script></head><body>'
        f'<a class="skip" href="#main">{say["skip"]}</a><header class="bar">'
        f'<a class="brand" href="/sheets"><img src="/sheets/-/icon.svg" alt="" width="20" '
        f'height="20">{say["files"]}</a><span class="soft">{say["sandbox"]}</span></header>'
        f'<main id="main" tabindex="-1">{content}</main></body></html>'
    )


def _head(file: File, say: dict[str, str]) -> str:
    moment = file.modified.isoformat(timespec="seconds")
    shown = say["changed"].format(when=f"{file.modified:%d.%m.%Y %H:%M} UTC")
    when = f'<time datetime="{moment}">{shown}</time>'
    return (
        f'<div class="head"><h1>{escape(file.book.title)}</h1>'
        f'<p class="soft">{when} · {escape(file.book.locale)} · {escape(file.book.zone)}</p></div>'
    )


def _trouble(text: str, say: dict[str, str]) -> str:
    if not text:
        return ""
    return f'<p class="note" role="alert"><b>{say["wrong"]}.</b> {escape(text)}</p>'


def _form(file: File, sheet: Sheet, inside: str, name: str = "row") -> str:
    return (
        f'<form method="post" action="/sheets/{file.id}/do" class="{name}">'
        f'<input type="hidden" name="tab" value="{sheet.id}">{inside}</form>'
    )


def _button(act: str, say: dict[str, str], name: str = "btn") -> str:
    return f'<button class="{name}" name="act" value="{act}">{escape(say[act])}</button>'


def _tools(file: File, sheet: Sheet, say: dict[str, str]) -> str:
    edit = _form(
        file,
        sheet,
        f'<input type="hidden" name="act" value="edit"><label class="at">{say["cell"]} '
        '<input type="text" name="at" value="A1" size="6" required autocomplete="off"></label>'
        f'<label class="what">{say["content"]} <input type="text" name="text" '
        f'autocomplete="off"></label><button class="btn primary">{say["save"]}</button>',
        "row edit",
    )
    options = "".join(f"<option>{letters(at)}</option>" for at in range(sheet.columns))
    column = f'<label>{say["column"]} <select name="column">{options}</select></label>' + "".join(
        _button(act, say) for act in ("sort_up", "sort_down", "insert_column", "delete_column")
    )
    row = (
        f'<label>{say["row"]} <input type="number" name="row" value="1" min="1" '
        f'max="{sheet.height}" required></label>'
        + _button("insert_row", say)
        + _button("delete_row", say)
    )
    lines = _form(file, sheet, column) + _form(file, sheet, row)
    tools = f'<summary>{say["tools"]}</summary><div class="tools">{lines}</div>'
    return f"{edit}<details>{tools}</details>"


def _tabs(file: File, sheet: Sheet, say: dict[str, str]) -> str:
    here = ' aria-current="page"'
    links = "".join(
        f'<a href="/sheets/{file.id}?tab={other.id}"'
        f"{here if other is sheet else ''}>{escape(other.title)}</a>"
        for other in file.book.sheets
        if not other.hidden or other is sheet
    )
    return f'<nav class="sheets" aria-label="{say["tabs"]}">{links}</nav>'


def _pages(file: File, grid: Grid) -> str:
    say, sheet = grid.words, grid.sheet
    if sheet.height <= WINDOW + sheet.frozen_rows:
        return ""
    first = max(grid.first, sheet.frozen_rows)
    here = say["rows"].format(first=first + 1, last=grid.last, all=sheet.height)
    at = f"/sheets/{file.id}?tab={sheet.id}&amp;from="
    back = f'<a class="btn" rel="prev" href="{at}{max(0, first - WINDOW)}">{say["earlier"]}</a>'
    on = f'<a class="btn" rel="next" href="{at}{grid.last}">{say["later"]}</a>'
    links = (back if first > sheet.frozen_rows else "") + (on if grid.last < sheet.height else "")
    return f'<nav class="row pages"><span>{here}</span>{links}</nav>'


def _panels(file: File, sheet: Sheet, say: dict[str, str]) -> str:
    shares = "".join(_share(file, sheet, held, say) for held in file.permissions)
    share = _form(
        file,
        sheet,
        f'<label>{say["address"]} <input type="email" name="address" required></label>'
        f'<select name="role" aria-label="{say["access"]}">'
        f'<option value="writer">{say["writer"]}</option>'
        f'<option value="reader">{say["reader"]}</option></select>' + _button("share", say),
    )
    rename = _form(
        file,
        sheet,
        f'<label>{say["tab_name"]} <input type="text" name="title" required maxlength="100" '
        f'value="{escape(sheet.title)}"></label>' + _button("rename", say),
    )
    gone = f'<p class="soft">{say["delete_why"]}</p>' + _button("delete", say, "btn danger")
    delete = f"<details><summary>{say['delete']}</summary>{_form(file, sheet, gone)}</details>"
    access = f'<section><h2>{say["access"]}</h2><ul class="shares">{shares}</ul>{share}</section>'
    return f'<div class="cols">{access}<section>{rename}{delete}</section></div>'


def _share(file: File, sheet: Sheet, held: Permission, say: dict[str, str]) -> str:
    who = f"<span>{escape(held.email)} <small>{say[held.role]}</small></span>"
    if held.role == "owner":
        return f"<li>{who}</li>"
    address = f'<input type="hidden" name="address" value="{escape(held.email)}">'
    return f"<li>{who}{_form(file, sheet, address + _button('unshare', say))}</li>"
