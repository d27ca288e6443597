"""Tolls without a parse: numbers beside words for dead and hurt, in languages without a parser."""

import pytest

from processors.extract.analysis import Sentence
from processors.extract.casualties.plain import find_plain_tolls, is_known
from processors.extract.numbers import find_numbers

TOLLS = [
    ("ru", "Погибли два рабочих, ещё пять человек ранены.", 2, 5),
    ("ru", "На складе погибла женщина, пострадавших шестеро.", 1, 6),
    ("uk", "Троє загиблих, восьмеро поранених.", 3, 8),
    ("fr", "La frappe a fait au moins onze morts et 22 blessés.", 11, 22),
    ("es", "Dos personas murieron y once quedaron heridas.", 2, 11),
    ("tr", "Patlamada 6 kişi öldü, 15 kişi yaralandı.", 6, 15),
    ("ar", "قُتل تسعة عمال، وأُصيب 18 آخرون في انفجار الطاحونة.", 9, 18),
    ("ar", "سقوط شهيدين و3 جرحى.", 2, 3),
    ("he", "שני פועלים נהרגו ושלושה נפצעו.", 2, None),
    ("fa", "یک نفر کشته و شش نفر زخمی شدند.", 1, 6),
]


@pytest.mark.parametrize(("lang", "text", "killed", "injured"), TOLLS)
def test_each_number_goes_to_its_word(lang: str, text: str, killed: int, injured: int | None) -> None:
    sentence = Sentence(0, 7, 7 + len(text), text, "body", 0, text)
    found = find_plain_tolls(sentence, lang)
    figures = {t.slot: t.count.min for t in found}
    assert figures.get("killed") == killed
    assert injured is None or figures.get("injured") == injured
    for t in found:
        assert t.count.start is not None and t.count.end is not None
        assert text[t.count.start - 7 : t.count.end - 7] == t.count.text


def test_nobody_hurt() -> None:
    text = "Обломки упали в поле, пострадавших нет."
    found = find_plain_tolls(Sentence(0, 0, len(text), text, "body", 0, text), "ru")
    assert sorted((t.slot, t.count.min) for t in found) == [("injured", 0), ("killed", 0)]


def test_a_rising_total_is_no_upper_bound() -> None:
    text = "Число жертв возросло до пяти."
    found = find_plain_tolls(Sentence(0, 0, len(text), text, "body", 0, text), "ru")
    assert [(t.count.min, t.count.max) for t in found] == [(5, 5)]


def test_numbers_of_other_languages() -> None:
    assert [q.min for q in find_numbers("не менее двадцати пяти", "ru")] == [25]
    assert [q.min for q in find_numbers("٢١ جريحا", "ar")] == [21]


def test_which_languages_are_known() -> None:
    assert is_known("ar") and not is_known("en") and not is_known(None)
