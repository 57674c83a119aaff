"""One accepted call, as the answering functions see it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sandbox.sellers import Seller
from sandbox.wildberries.answer import Answer
from sandbox.wildberries.market import Market


@dataclass(frozen=True)
class Call:
    """Who asks, when (epoch seconds), and what was sent."""

    market: Market
    seller: Seller
    now: float
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


Answering: TypeAlias = Callable[[Call], Answer]
