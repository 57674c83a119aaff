"""What is known of a shop's orders, by the bookmarks of both sources."""

import json
from datetime import datetime

from domain.flow import ORDERS_FED


async def heard(book, key):
    """Moments: all changes until the first are known, and none after the second. They differ
    where only some of the pages could be read and those of an earlier read had to do."""
    names = ("orders", ORDERS_FED, "all_orders")
    orders, fed, whole = [await book.bookmark(key, each) for each in names]
    read = max((each for each in (orders, fed) if each), key=_read_at, default=None)
    if read is None:
        return 0.0, 0.0
    known, last = (_known_until(whole), _read_at(whole)) if whole else (0.0, 0.0)
    if _read_at(read) <= last:
        return known, last
    if read is fed:
        return known, _read_at(fed)
    moment = datetime.fromisoformat(orders.cursor.partition("#")[0]).timestamp()
    until = _read_at(orders) if "#" in orders.cursor else moment
    return max(known, moment - 1), max(last, until)


def _read_at(mark):
    return mark.read_at.timestamp()


def _known_until(whole):
    """The feed is read as of the moment at which its reading began."""
    if not whole.cursor.startswith("{"):
        return _read_at(whole)
    return datetime.fromisoformat(json.loads(whole.cursor)["until"]).timestamp()
