"""Products that fell, as a sentence: how many, and the first of their articles."""

from collections.abc import Iterator, Mapping, Sequence

from domain import levels
from domain.table.words import Words

SENTENCES: Mapping[type, Words] = {
    levels.StockFell: Words(
        ru="{who}: магазин «{shop_id}», {fell}", en="{who} saw in the shop “{shop_id}”: {fell}"
    ),
}
LOW = Words(
    ru="товары, которых не хватит на срок поставки: {n} ({articles})",
    en="products that will not last for the lead time: {n} ({articles})",
)
OUT = Words(
    ru="товары, которые закончились: {n} ({articles})", en="products sold out: {n} ({articles})"
)
MORE = Words(ru="{articles} и другие", en="{articles} and others")


def more_of(event: object, language: str) -> Mapping[str, str]:
    """What the sentence above says besides the fields of the fact."""
    if not isinstance(event, levels.StockFell):
        return {}
    return {"fell": "; ".join(_parts(event, language))}


def _parts(event: levels.StockFell, language: str) -> Iterator[str]:
    for words, n, named in (
        (LOW, event.low, event.low_products),
        (OUT, event.out, event.out_products),
    ):
        if n:
            yield words.say(language, n=n, articles=_articles(named, n, language))


def _articles(named: Sequence[int], n: int, language: str) -> str:
    articles = ", ".join(map(str, named))
    return MORE.say(language, articles=articles) if n > len(named) else articles
