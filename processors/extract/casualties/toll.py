"""What one phrase says of people harmed."""

from dataclasses import dataclass
from typing import Literal

from processors.model import Count, Span

Slot = Literal["killed", "injured", "missing", "detained", "abducted", "released", "attackers_killed"]
Group = Literal["victims", "attackers", "any"]


@dataclass(frozen=True, slots=True)
class Toll:
    """So many people, and what became of them. Offsets are those of the document's text.

    `count` has None bounds where people are named without a number ("soldiers were killed"); `start` to `end` are the
    words from the people to the verb, `verb` is the word that says what became of them.
    """

    slot: Slot
    count: Count
    start: int
    end: int
    verb: Span
    whom: str | None = None  # head noun of the people: "policemen"; None where only a number is said
    group: Group = "victims"  # "any": fighters, who count as victims or attackers as the event has it
    cumulative: bool = False  # "bringing the toll to 12"
    subset: bool = False  # a part of people told elsewhere: "four of the dead were children"
    of_hurt: bool = False  # "two of the wounded"
    more: bool = False  # besides those told before: "another", "also", "two others"
    fresh: bool = False  # others than the dead told before
    definite: bool = False  # people told before: "the victim", "he"
    whole: bool = False  # the dead may be among them: "shot", "casualties"
    tended: bool = False  # told by what was done for them: "taken to hospital"
    side: str | None = None  # whose losses, as the text says it: "Ukrainian", "RSF"
    own_of: str | None = None  # who tells these as its own losses: "militia"
    names: tuple[str, ...] = ()  # named persons among them
    numbered: bool = False  # a number word says so, not only "a man"
    boast: bool = False  # one side's word about its enemy's losses
    worded: bool = False  # told in one side's words for its enemy's dead: "neutralised"
    foe: bool = False  # fighters, told dead by an armed body of the state: a boast where it struck them
    background: bool = False  # of a year, a war, a series: not of one incident
    apart: "tuple[Toll, ...]" = ()  # of other people in the same words: "four soldiers and two gunmen"
    sentence: int = 0  # number of the sentence that says it
