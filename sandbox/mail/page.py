"""The mailbox as a person sees it: what came, the newest first, and each letter as it looks."""

from html import escape

from sandbox.mail.mailbox import Letter, Mailbox


def list_page(mailbox: Mailbox) -> str:
    """All letters that are kept."""
    items = "".join(
        f'<li><a href="/mail/{each.number}">{escape(str(each.message["subject"]))}</a> '
        f"<small>{_to(each)} · {_when(each)}</small></li>"
        for each in mailbox.letters
    )
    shown = f'<ul class="files">{items}</ul>' if items else '<p class="soft">Писем пока нет.</p>'
    return _document("Почта", f"<h1>Почта</h1>{shown}")


def letter_page(letter: Letter) -> str:
    """One of them; its HTML in a frame in which nothing runs."""
    subject = escape(str(letter.message["subject"]))
    shown = (
        f'<iframe class="letter" src="/mail/{letter.number}/html" title="{subject}"></iframe>'
        if letter.body("html")
        else ""
    )
    return _document(
        subject,
        f'<p><a href="/mail">Все письма</a></p><div class="head"><h1>{subject}</h1>'
        f'<p class="soft">{escape(str(letter.message["from"]))} → {_to(letter)} · {_when(letter)}'
        f"</p></div>{shown}<details><summary>Текст</summary>"
        f"<pre>{escape(letter.body('plain'))}</pre></details>"
        f"<details><summary>Заголовки</summary><pre>{_headers(letter)}</pre></details>",
    )


def _document(title: str, content: str) -> str:
    return (
        '<!doctype html><html lang="ru"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{title}</title>'
        '<link rel="icon" href="/sheets/-/icon.svg">'
        '<link rel="stylesheet" href="/sheets/-/sheet.css"></head><body>'
        '<header class="bar"><a class="brand" href="/mail">Почта</a>'
        '<span class="soft">Песочница: никуда не доставляется</span></header>'
        f'<main id="main">{content}</main></body></html>'
    )


def _to(letter: Letter) -> str:
    return escape(", ".join(letter.recipients))


def _when(letter: Letter) -> str:
    return f'<time datetime="{letter.at.isoformat()}">{letter.at:%d.%m.%Y %H:%M} UTC</time>'


def _headers(letter: Letter) -> str:
    return escape("\n".join(f"{name}: {value}" for name, value in letter.message.items()))
