"""A live part of a page on its way to a browser, and the name of what a browser has of a page.

The name is the id of an event (WHATWG HTML, 9.2): a browser that comes back says the last one it
got, to whichever process, and gets what differs from it.
"""

import re
from collections.abc import Mapping
from hashlib import blake2b

from domain.fact import fact

_BREAK = re.compile(r"\r\n|\r|\n")
_KNOWN = re.compile(r"([a-z0-9-]{1,64})\.([0-9a-f]{12})")
_LONGEST = 4_000


@fact
class Part:
    """`data` are the lines of an event. `print` is the same wherever the same was drawn."""

    data: str
    print: str


def part(html: str, blank: str) -> Part:
    """`blank` is no part of the print: it stands for what differs from viewer to viewer."""
    data = "".join(f"data: {line}\n" for line in _BREAK.split(html))
    plain = data.replace(blank, "").encode()
    return Part(data=data, print=blake2b(plain, digest_size=6).hexdigest())


def replacing(parts: Mapping[str, Part], seen: Mapping[str, str]) -> str:
    """The event that brings who has `seen` these prints to `parts`; nothing if she has them."""
    news = [each.data for name, each in parts.items() if seen.get(name) != each.print]
    if not news:
        return ""
    name = "~".join(f"{name}.{each.print}" for name, each in parts.items())
    return f"event: replace\nid: {name}\n{''.join(news)}\n"


def prints(parts: Mapping[str, Part]) -> Mapping[str, str]:
    """What somebody has who has all of these."""
    return {name: each.print for name, each in parts.items()}


def named(event: str) -> Mapping[str, str]:
    """What a browser has that comes with this id; what none of ours is says nothing."""
    found = (_KNOWN.fullmatch(each) for each in event[:_LONGEST].split("~"))
    return {each[1]: each[2] for each in found if each}
