"""Which sentences speak of which story?

A sentence with triggers speaks of their stories. One without goes on with what was last told in its paragraph; at the
start of a
paragraph it speaks of the text's main story. In a list no sentence reaches beyond its point.
"""

from collections.abc import Mapping, Sequence

from processors.extract.analysis import Sentence
from processors.extract.story import Story


def assign_sentences(sentences: Sequence[Sentence], stories: Sequence[Story], points: Mapping[int, int]) -> None:
    """Fills `Story.sentences`, in the order of the text."""
    told = _told(stories)
    main = None if points else main_story(stories)
    current, paragraph, point = main, -1, 0
    for sentence in sentences:
        if sentence.paragraph != paragraph or points.get(sentence.index, 0) != point:
            current = None if points.get(sentence.index) else main
        paragraph, point = sentence.paragraph, points.get(sentence.index, 0)
        own = told.get(sentence.index, [])
        if own:
            current = own[-1]
        for story in own or ([current] if current else []):
            story.sentences.append(sentence)


def main_story(stories: Sequence[Story]) -> Story | None:
    """The story that the text is about: actual before others, then the one in the headline, then the one told most
    often.
    """
    return max(stories, key=lambda s: (s.actual, s.in_title, len(s.tellings), -stories.index(s)), default=None)


def _told(stories: Sequence[Story]) -> dict[int, list[Story]]:
    """{sentence index: the stories told in it, in the order of their triggers}."""
    told: dict[int, list[Story]] = {}
    tellings = sorted((t.trigger.start, t.sentence.index, n) for n, s in enumerate(stories) for t in s.tellings)
    for _, index, number in tellings:
        if stories[number] not in told.setdefault(index, []):
            told[index].append(stories[number])
    return told
