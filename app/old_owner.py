"""Who is to own what comes over from the old tool: as said on the command line, or asked for."""

import sys

import click

from domain.errors import Refused
from domain.fact import fact
from domain.secrecy import Secret


class NoAddress(Refused):
    """Say who will own the company: --email anna@example.com."""


class NotText(Refused):
    """The password that was piped in is no UTF-8 text."""


class NoPassword(Refused):
    """The owner is new here and needs a password: say it with --password-stdin."""


@fact
class Owner:
    """Who is to own the company. Without a password one is asked for, should she be new here."""

    email: str
    name: str | None
    company: str | None
    password: Secret | None


def owner(
    *, email: str | None, name: str | None, company: str | None, password_stdin: bool
) -> Owner:
    """As said on the command line; her address is asked for. Raises Refused."""
    if email is None and not sys.stdin.isatty():
        raise NoAddress
    password = piped() if password_stdin else None
    address = email if email is not None else str(click.prompt("The owner's e-mail"))
    return Owner(email=address, name=name, company=company, password=password)


def piped() -> Secret:
    """The first line. Raises NotText."""
    try:
        return Secret(sys.stdin.buffer.readline().decode().rstrip("\r\n"))
    except UnicodeDecodeError as wrong:
        raise NotText from wrong


def asked() -> Secret:
    """Raises NoPassword where nobody can be asked."""
    if not sys.stdin.isatty():
        raise NoPassword
    return Secret(click.prompt("The owner's password", hide_input=True, confirmation_prompt=True))
