"""Packed mappings answer as a dict would, whatever is kept decoded."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from processors.resolve.packed import Packed


class Note(msgspec.Struct, frozen=True):
    text: str
    parts: frozenset[int] = frozenset()


STEPS = st.lists(st.tuples(st.sampled_from(["put", "get", "pop"]), st.sampled_from("abcdef"), st.text(max_size=3)))


@given(STEPS, st.integers(1, 4))
def test_answers_are_those_of_a_dict(steps: list[tuple[str, str, str]], most: int) -> None:
    packed, plain = Packed(Note, most), dict[str, Note]()
    for what, name, text in steps:
        if what == "put":
            plain[name] = Note(text, frozenset(map(ord, text)))
            packed.put(name, plain[name])
        elif what == "get":
            assert packed.get(name) == plain.get(name)
        else:
            assert packed.pop(name) == plain.pop(name, None)
        assert {n: packed.peek(n) for n in packed} == plain
        assert len(packed) == len(plain) and all(n in packed for n in plain)


def test_what_was_used_last_is_not_decoded_again() -> None:
    packed = Packed(Note, most=2)
    for name in "abc":
        packed.put(name, Note(name))
    assert packed.get("c") is packed.get("c")
    assert packed.get("a") == Note("a")
    assert packed.get("a") is packed.get("a")
