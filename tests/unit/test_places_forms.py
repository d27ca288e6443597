import pytest

from processors.places.forms import MOST, lookup_forms, word_forms
from processors.places.keys import key


@pytest.mark.parametrize(
    ("lang", "inflected", "base"),
    [
        ("ru", "Харькове", "Харьков"),
        ("ru", "Одессу", "Одесса"),
        ("ru", "Донецкой", "Донецк"),
        ("uk", "Києву", "Києв"),
        ("uk", "Полтавською", "Полтава"),
        ("ar", "وببغداد", "بغداد"),
        ("ar", "للرمادي", "الرمادي"),
        ("he", "ובירושלים", "ירושלים"),
        ("fa", "تهرانی", "تهران"),
        ("tr", "Ankara'da", "Ankara"),
        ("tr", "Halepten", "Halep"),
        ("fr", "d’Alep", "Alep"),
    ],
)
def test_the_base_form_is_among_those_tried(lang: str, inflected: str, base: str) -> None:
    assert key(base) in word_forms(inflected, lang)


def test_several_words_are_combined() -> None:
    assert key("Кривой Рог") in lookup_forms(["Кривого", "Рога"], "ru") or key("Кривый Рог") in lookup_forms(
        ["Кривого", "Рога"], "ru"
    )


def test_the_name_as_it_stands_is_tried_first() -> None:
    assert lookup_forms(["Сумы"], "ru")[0] == key("Сумы")


def test_forms_are_bounded_and_unknown_languages_have_one() -> None:
    assert len(lookup_forms(["Великими"] * 4, "ru")) <= MOST
    assert lookup_forms(["Leuven"], "nl") == ["leuven"]
    assert word_forms("…", "ru") == ()
