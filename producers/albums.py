"""Albums: several posts that were sent as one become one post."""

from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from producers.telegram import Post


class Part(msgspec.Struct, frozen=True):
    """A post as a source of single messages gives it; those of one `album` belong together, None to none."""

    post: Post
    album: str | None = None


def joined(parts: Iterable[Part]) -> Iterator[Post]:
    """Posts in order, with each album as one: known by its first number, with the text of the part that has one."""
    album: list[Part] = []
    for part in parts:
        if album and (part.album is None or part.album != album[0].album):
            yield _one(album)
            album = []
        if part.album is None:
            yield part.post
        else:
            album.append(part)
    if album:
        yield _one(album)


def _one(album: list[Part]) -> Post:
    posts = sorted((part.post for part in album), key=lambda post: post.number)
    told = next((post for post in posts if post.pieces), posts[0])
    edited = max((post.edited for post in posts if post.edited is not None), default=None)
    numbers = tuple(post.number for post in posts)
    first = posts[0]
    return replace(
        told, number=first.number, published=first.published, numbers=numbers if len(numbers) > 1 else (), edited=edited
    )
