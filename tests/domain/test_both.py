"""A sentence that is kept in two languages is told in one."""

import re

import pytest

from domain.both import Both, both, together
from domain.table.refusals import REFUSALS, refusal
from domain.table.words import Words

CYRILLIC = re.compile("[А-Яа-яЁё]")
VALUES = dict.fromkeys(("range", "said", "at", "since", "what", "need"), "A / B")


def test_it_is_kept_as_one_text_and_told_with_a_capital_and_a_full_stop():
    text = str(Both(ru="нет доступа", en="no access"))

    assert text == "нет доступа / no access"
    assert both(text).sentence("ru") == "Нет доступа."
    assert both(text).sentence("en") == "No access."


def test_what_a_neighbour_said_is_not_taken_for_the_place_where_the_languages_meet():
    sheet = both(str(Both(ru="лист «Sum / Итоги» закрыт", en='The tab "Sum / Итоги" is closed')))

    assert (sheet.ru, sheet.en) == ("лист «Sum/Итоги» закрыт", 'The tab "Sum/Итоги" is closed')


def test_a_value_may_be_in_two_languages_itself():
    words = Words(ru="лимит: {of}", en="limit: {of}").both(of=Both(ru="Заказы", en="Orders {x}"))

    assert (words.ru, words.en) == ("лимит: Заказы", "limit: Orders {x}")


def test_several_are_one_in_each_language():
    text = together(("нет доступа / no access", "Откройте его. / Share it.", "404"))

    assert both(text).ru == "Нет доступа. Откройте его. 404"
    assert both(text).en == "No access. Share it. 404."
    assert together(("One.", "two")) == "One. Two."


@pytest.mark.parametrize("text", ["", "No access.", "Нет доступа.", "A / B", "Итоги / 404"])
def test_a_text_in_one_language_is_left_alone(text):
    assert both(text) is None


@pytest.mark.parametrize("cause", REFUSALS)
def test_each_refusal_of_google_is_told_in_english_without_a_russian_letter(cause):
    kept = both(refusal(cause, address="robot@example.com", **VALUES))

    assert CYRILLIC.search(kept.ru)
    assert not CYRILLIC.search(kept.en)


@pytest.mark.parametrize("cause", REFUSALS)
def test_a_refusal_whose_details_nobody_remembers_is_still_a_sentence(cause):
    said = refusal(cause, address="robot@example.com")

    assert said
    assert "{" not in said
