"""Channels that invited a bot, by the Bot API's getUpdates: posts and edits as they come; no history, no deletions.

One bot is one source, since Telegram forgets an update as soon as a later one is asked for: the cursor moves only with
what is stored. `url` names the one channel that is read, or is `*` for all that invited the bot; then each channel's
items have the source id `<id>.<channel>`.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from processors.model import Item
from producers import health, schedule
from producers.albums import Part, joined
from producers.fetch import Fetcher, FetchFailedError, Request, Response
from producers.parsed import Rejected
from producers.poll import PollResult
from producers.sources import Source
from producers.state import Seen, SourceState
from producers.telegram import Post, clean, moment, newest, number, take
from producers.text_entities import Mark, pieces_of

SITE = "https://api.telegram.org"
MOST = 100  # updates a request, the API's own limit
WAIT = 20  # seconds for which the API holds a request without news
AGAIN = timedelta(seconds=1)
EVERY = '["channel_post","edited_channel_post"]'


class Bot(msgspec.Struct, frozen=True):
    """Access to one bot. The token is a secret: addresses with it are never logged."""

    fetcher: Fetcher
    token: str
    site: str = SITE
    wait: int = WAIT  # seconds

    def updates(self, after: int) -> Response:
        query = f"offset={after + 1}&limit={MOST}&timeout={self.wait}&allowed_updates={EVERY}"
        url = f"{self.site}/bot{self.token}/getUpdates?{query}"
        return self.fetcher.fetch(Request(url=url, accept="application/json", read_timeout=self.wait + 10.0))


def poll_bot(source: Source, state: SourceState, bot: Bot, now: datetime, jitter: float = 0.5) -> PollResult:
    """Asks for updates once, waiting for them. Failures are results, not exceptions."""
    try:
        response = bot.updates(state.cursor)
        answer = msgspec.json.decode(response.body)
        if response.status == 200 and isinstance(answer, dict) and isinstance(answer.get("result"), list):
            return _taken(source, state, answer["result"], now)
        return _refused(source, state, response, answer, now, jitter)
    except FetchFailedError as failure:
        return _failed(source, state, now, failure.code, _masked(failure.reason, bot), None, {}, jitter)
    except msgspec.DecodeError:
        return _failed(source, state, now, "telegram_bot", "the Bot API gave no JSON", None, {}, jitter)


def _masked(reason: str, bot: Bot) -> str:
    return reason.replace(bot.token, "***")


def _refused(
    source: Source, state: SourceState, response: Response, answer: Any, now: datetime, jitter: float
) -> PollResult:
    told = answer if isinstance(answer, dict) else {}
    after = (told.get("parameters") or {}).get("retry_after")
    headers = {"retry-after": str(after)} if isinstance(after, int) else {}
    advice = {401: "the token is wrong", 409: "another program reads this bot's updates"}.get(response.status)
    reason = advice or f"the Bot API answered {response.status}: {str(told.get('description'))[:100]}"
    return _failed(source, state, now, "telegram_bot", reason, response.status, headers, jitter)


def _failed(
    source: Source,
    state: SourceState,
    now: datetime,
    code: str,
    reason: str,
    status: int | None,
    headers: dict[str, str],
    jitter: float,
) -> PollResult:
    unwell = health.failed(state.health, now, code, reason)
    when = schedule.after_failure(now, source.interval, unwell.failures, status, headers, jitter)
    kept = replace(state, health=unwell, next_poll=when)
    return PollResult(source_id=source.id, outcome=code, state=kept, notes=(f"{source.id}: {reason}",))


def _taken(source: Source, state: SourceState, updates: list[Any], now: datetime) -> PollResult:
    rejected: list[Rejected] = []
    told: dict[str, list[Part]] = {}
    cursor = state.cursor
    for place, update in enumerate(updates, 1):
        cursor = max(cursor, _update_id(update))
        try:
            channel, part = _part(update)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            rejected.append(Rejected(number=place, reason=clean(f"{type(error).__name__}: {error}"[:200])))
            continue
        if source.url in ("*", channel):
            told.setdefault(channel, []).append(part)
    items, kept = _items(source, state, told, now)
    outcome = "new" if items else "unchanged"
    well = health.succeeded(state.health, now, outcome, len(items), len(updates), len(rejected))
    kept = replace(kept, cursor=cursor, health=well, next_poll=now + AGAIN)
    return PollResult(source_id=source.id, outcome=outcome, state=kept, items=items, rejected=tuple(rejected))


def _items(
    source: Source, state: SourceState, told: dict[str, list[Part]], now: datetime
) -> tuple[tuple[Item, ...], SourceState]:
    """Each channel's posts, against what was seen of that channel: its keys in `state.seen` begin with its name."""
    items: list[Item] = []
    seen = dict(state.seen)
    for channel, parts in told.items():
        one = source if source.url == channel else replace(source, id=f"{source.id}.{channel}")
        own = {key.partition("/")[2]: value for key, value in seen.items() if key.startswith(f"{channel}/")}
        posts = _without_album_repeats(joined(parts), own)
        taken = take(one, SourceState(source_id=one.id, seen=own), posts, channel, now)
        items += taken.items
        seen = {key: value for key, value in seen.items() if not key.startswith(f"{channel}/")}
        seen |= {f"{channel}/{key}": value for key, value in newest(taken.state.seen).items()}
    return tuple(items), replace(state, seen=seen)


def _without_album_repeats(posts: Iterable[Post], seen: dict[str, Seen]) -> Iterator[Post]:
    """Posts but for the rest of an album whose beginning came with an earlier answer."""
    for post in posts:
        continues = not post.pieces and post.numbers and str(post.number - 1) in seen and str(post.number) not in seen
        if not continues:
            yield post


def _update_id(update: Any) -> int:
    value = update.get("update_id") if isinstance(update, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _part(update: dict[str, Any]) -> tuple[str, Part]:
    message: dict[str, Any] = update.get("channel_post") or update["edited_channel_post"]
    chat = message["chat"]
    channel = str(chat.get("username") or chat["id"])
    text = message.get("text") or message.get("caption") or ""
    entities = message.get("entities") or message.get("caption_entities") or []
    reply = message.get("reply_to_message") or {}
    post = Post(
        number=number(message["message_id"]),
        published=moment(message["date"]),
        pieces=pieces_of(text, [_mark(entity) for entity in entities]) if text else (),
        forwarded_from=_origin(message.get("forward_origin")),
        reply_to=number(reply["message_id"]) if reply else None,
        edited=moment(message["edit_date"]) if message.get("edit_date") else None,
    )
    return channel, Part(post, message.get("media_group_id"))


def _mark(entity: dict[str, Any]) -> Mark:
    quoted = entity.get("type") in ("blockquote", "expandable_blockquote")
    href = entity.get("url") if entity.get("type") == "text_link" else None
    return Mark(int(entity["offset"]), int(entity["length"]), href, quoted)


def _origin(origin: dict[str, Any] | None) -> str | None:
    if not origin:
        return None
    chat = origin.get("chat") or origin.get("sender_chat") or {}
    return chat.get("username") or chat.get("title") or origin.get("sender_user_name") or "unknown"
