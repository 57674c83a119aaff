"""How a Sheets endpoint is described, so that the table of them reads like the reference."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import msgspec

from sandbox.google.drive import Drive
from sandbox.google.errors import Json
from sandbox.google.files import File
from sandbox.google.http.call import Asked
from sandbox.google.quotas import Kind


class Visit(NamedTuple):
    """A signed-in call to one file; `name` is the range or number in its path."""

    drive: Drive
    file: File
    call: Asked
    name: str

    @property
    def who(self) -> str:
        return self.call.caller.email


Handler: TypeAlias = Callable[[Visit], Json]


class Endpoint(NamedTuple):
    """Method, what follows the spreadsheet's id in the path, which quota it spends, its work."""

    method: str
    shape: str
    quota: Kind
    handler: Handler


def echoed(part: msgspec.Struct) -> Json:
    """A part of the request as the answer repeats it."""
    built: Json = msgspec.to_builtins(part)
    return built
