"""Why the answer is no.

    Exception
    ├── Refused            the domain declines: the caller can do something about it
    │   ├── Unknown        no such thing, or none that this caller may see
    │   ├── Invalid        values are wrong; names the field of each
    │   ├── Taken          a row that must be new exists already
    │   └── Forbidden      the caller's role does not allow it
    ├── Conflict           somebody changed the same thing first, again and again
    └── Outside            a neighbour said no
        ├── Rejected       it will say no again: a dead token, an unshared sheet
        ├── Unavailable    it may say yes later: try again at `until`
        └── Malformed      it answered, but not with what it promises

The docstring of a refusal is the sentence a person reads, unless a better one is given.
`code` is stable and machine-readable; it is what clients may branch on.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Self

from domain.both import Both


class Refused(Exception):
    """This is not possible."""

    problems: Sequence[tuple[str, str]]
    """(field, sentence) of each value that is wrong."""

    def __init__(self, message: str = "", *, field: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())
        self.field = field
        self.problems = [(field, str(self))] if field else ()

    @property
    def code(self) -> str:
        """The class name as constants are written: AlreadyRegistered → ALREADY_REGISTERED."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).upper()


class Unknown(Refused):
    """There is no such thing here."""


class Invalid(Refused):
    """This value is not valid."""

    @classmethod
    def together(cls, problems: Sequence[tuple[str, str]]) -> Self:
        """All that is wrong at once; its `field` is that of the first."""
        made = cls(" ".join(sentence for _, sentence in problems), field=problems[0][0] or None)
        made.problems = tuple(problems)
        return made


class Taken(Refused):
    """This is already taken."""


class Forbidden(Refused):
    """Your role does not allow this. Ask the owner of the company."""


class Conflict(Exception):
    """Somebody changed the same thing at the same moment. Try again."""


class Outside(Exception):
    """A neighbour did not do what was asked. `cause` is a stable word for the reason; `about` is
    what of it is meant, as people call it."""

    def __init__(self, message: str, *, cause: str, about: Both | None = None) -> None:
        super().__init__(message)
        self.cause, self.about = cause, about


class Rejected(Outside):
    """It will say no again until a person does something; the message says what."""


class Unavailable(Outside):
    """It may say yes later. `until` is the earliest sensible moment, if it named one."""

    def __init__(
        self,
        message: str,
        *,
        cause: str,
        until: datetime | None = None,
        about: Both | None = None,
    ) -> None:
        super().__init__(message, cause=cause, about=about)
        self.until = until


class Malformed(Outside):
    """It answered with something other than what its contract promises."""


def ensure_all(*checks: Callable[[], object]) -> None:
    """Raise Invalid with all that these checks refuse, and not with the first alone."""
    if problems := [each for check in checks for each in _refused_by(check)]:
        raise Invalid.together(problems)


def _refused_by(check: Callable[[], object]) -> Iterator[tuple[str, str]]:
    try:
        check()
    except Invalid as wrong:
        yield from wrong.problems
