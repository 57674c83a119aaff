"""In which place an answer is shaped otherwise than promised, in words: a reader of the library
says it in English and as programmers do."""

import re

from domain.both import Both
from domain.table.words import Words

_MISSING = re.compile(r"Object missing required field `(?P<name>[^`]+)`(?: - at `(?P<at>[^`]+)`)?")
_OTHER = re.compile(r"Expected `(?P<wanted>[^`]+)`, got `(?P<got>[^`]+)`(?: - at `(?P<at>[^`]+)`)?")
_LACKS = Words(ru="{at}нет поля «{name}»", en="{at}the field “{name}” is missing")
_IS = Words(ru="{at}нужно: {wanted}, пришло: {got}", en="{at}{wanted} is expected, {got} came")
_UNSEEN = Words(ru="{said}", en="{said}")
_TYPES = {
    "str": Words(ru="текст", en="a text"),
    "int": Words(ru="целое число", en="a whole number"),
    "float": Words(ru="число", en="a number"),
    "bool": Words(ru="да или нет", en="true or false"),
    "array": Words(ru="список", en="a list"),
    "object": Words(ru="объект", en="an object"),
    "null": Words(ru="пусто", en="nothing"),
}


def in_words(said: str) -> Both:
    """What the library said of it."""
    if missing := _MISSING.match(said):
        return Both(ru=_say(_LACKS, missing, "ru"), en=_say(_LACKS, missing, "en"))
    if other := _OTHER.match(said):
        return Both(ru=_say(_IS, other, "ru"), en=_say(_IS, other, "en"))
    return _UNSEEN.both(said=said)


def _say(words: Words, found: re.Match[str], language: str) -> str:
    told = found.groupdict()
    types: dict[str, object] = {
        name: _types(told[name], language) for name in ("wanted", "got") if name in told
    }
    at = (told["at"] or "").removeprefix("$").removeprefix(".")
    return words.say(language, **{**told, **types, "at": f"{at}: " if at else ""})


def _types(said: str, language: str) -> str:
    parts = (_TYPES[each].say(language) if each in _TYPES else each for each in said.split(" | "))
    return (" или " if language == "ru" else " or ").join(parts)
