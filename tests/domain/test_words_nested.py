"""Quotes within quotes, as Russian writes them."""

import pytest

from domain.table.words import Words

SAID = Words(ru="Магазин «{shop}» отключён.", en="The shop “{shop}” is disconnected.")


@pytest.mark.parametrize(
    ("shop", "said"),
    [
        ("Рыжий кот", "Магазин «Рыжий кот» отключён."),
        ("ООО «Северный ветер»", "Магазин «ООО „Северный ветер“» отключён."),
        ("«А» и «Б»", "Магазин «„А“ и „Б“» отключён."),
        ("ООО «Кот", "Магазин «ООО «Кот» отключён."),
        ("Кот»", "Магазин «Кот»» отключён."),
    ],
)
def test_what_is_quoted_may_quote(shop, said):
    assert SAID.say("ru", shop=shop) == said


def test_english_keeps_the_name_as_it_is():
    assert SAID.say("en", shop="ООО «Кот»") == "The shop “ООО «Кот»” is disconnected."
