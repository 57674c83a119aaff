"""What the first cell says while a cause is known: red letters instead of its title, once."""

from hashlib import blake2b

from domain.both import half
from domain.fact import fact
from domain.snapshot import MOSCOW, Snapshot
from domain.table.causes import CAUSES
from domain.table.freshness import taken
from domain.table.words import OURS, moment


@fact
class Banner:
    """`text` stands in the cell, `note` in its note; `word` tells one banner from another."""

    text: str
    note: str

    @property
    def word(self) -> str:
        """Short, and without blanks."""
        told = f"{self.text}\n{self.note}"
        return blake2b(told.encode(), digest_size=4).hexdigest()


def banner(cause: str, shown: Snapshot, language: str, **values: object) -> Banner:
    """Of a cause of the catalogue, over the figures of the snapshot that is shown."""
    words = CAUSES[cause]
    values = {name: half(value, language) for name, value in values.items()}
    at = moment(shown.taken_at.astimezone(MOSCOW), language)
    return Banner(
        text=words.banner.say(language, t=at, **values),
        note=OURS + "\n".join((taken(shown, language), words.cure.say(language, **values))),
    )
