"""What is on: the page, and the calendars. Everyone may look; no answer depends on who asks."""

from collections.abc import Sequence
from datetime import date
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from asset_hub.config import current_settings
from asset_hub.core import clock, db
from asset_hub.core.access import public
from asset_hub.core.calendar import say_date
from asset_hub.directory import queries as directory
from asset_hub.directory.models import Service
from asset_hub.search import queries
from asset_hub.search.question import saying
from asset_hub.search.views import bp
from asset_hub.search.whats_on import asking, showing
from asset_hub.search.whats_on.asking import DAY, WEEK, WEEKEND, Wanted
from asset_hub.search.whats_on.calendar import Dated, written

KEPT = 900  # seconds that anybody may keep a calendar
MOST_OF_ONE = 60  # dates of one group


@bp.get("/whats-on")
@public
def whats_on() -> ResponseReturnValue:
    """Show what is on, day by day."""
    wanted = asking.wanted(request.args, today=clock.today())
    with db.reading() as connection:
        found = showing.programme(connection, wanted)
        topics, communities = queries.topics(connection), queries.communities(connection)
    return render_template(
        "search/whats_on/whats_on.html",
        wanted=wanted,
        found=found,
        form=_problems(wanted, found.problem),
        title=_title(wanted, communities, found.place),
        days_shown=_say_days(wanted),
        choices=_choices(wanted),
        headed=_headed(topics),
        communities=communities,
        address=asking.address,
        asked_for=_as_calendar(wanted),
        **_how_far(wanted),
    )


def _how_far(wanted: Wanted) -> dict[str, Any]:
    """Return the distances to choose from, and the one to try when little is near."""
    return {
        "distances": saying.distances(wanted.asked)[1:],
        "wider": saying.wider(wanted.asked) if wanted.asked.near else None,
        "say_miles": saying.say_miles,
    }


def _problems(wanted: Wanted, place: str) -> dict[str, dict[str, str]]:
    """Return what could not be understood of what was asked, as a form says it."""
    return {"errors": wanted.asked.problems | ({"near": place} if place else {})}


def _title(wanted: Wanted, communities: Sequence[Any], place: str) -> str:
    names = {row.slug: row.name for row in communities}
    said = ["What is on"]
    if community := names.get(wanted.asked.community):
        said.append(f"in {community}")
    if place:
        said.append(f"near {place}")
    return " ".join(said)


def _headed(topics: list[Any]) -> list[tuple[str, list[Any]]]:
    """Return topics under the headings they are asked by, leaving out the empty ones."""
    found = [
        (said, [t for t in topics if t.kind == kind]) for kind, said in saying.HEADINGS.items()
    ]
    return [(said, some) for said, some in found if some]


def _say_days(wanted: Wanted) -> str:
    if wanted.first == wanted.last:
        return say_date(wanted.first)
    return f"{say_date(wanted.first)} to {say_date(wanted.last)}"


def _choices(wanted: Wanted) -> list[tuple[str, str, bool]]:
    """Return (words, address, whether it is shown) of the days that are asked for most."""
    today, tomorrow = wanted.today, wanted.today.fromordinal(wanted.today.toordinal() + 1)
    days = (
        ("Today", DAY, today),
        ("Tomorrow", DAY, tomorrow),
        ("This weekend", WEEKEND, asking.weekend(today, today)),
        ("Seven days", WEEK, today),
    )
    return [
        (words, asking.address(wanted, span=span, first=first), _shown(wanted, span, first))
        for words, span, first in days
    ]


def _shown(wanted: Wanted, span: str, first: Any) -> bool:
    return (wanted.span, wanted.first) == (span, first)


def _as_calendar(wanted: Wanted) -> dict[str, str]:
    """Return the addresses of the same as a calendar: to open, and to subscribe to."""
    plain = asking.address(wanted, "search.whats_on_ics", first=wanted.today, span=WEEK,
                           letters="normal")  # fmt: skip
    return {"file": plain, "subscribe": _webcal(plain)}


def _webcal(path: str) -> str:
    site = current_settings().site_url
    return f"webcal://{urlsplit(site).netloc}{path}"


@bp.get("/whats-on.ics")
@public
def whats_on_ics() -> ResponseReturnValue:
    """Answer the same as a calendar: every session of the next five weeks."""
    wanted = asking.wanted(request.args, today=clock.today())
    with db.reading() as connection:
        problems, rows = showing.dated(connection, wanted)
    if problems:
        return {"errors": problems}, 422  # a phone would subscribe to the whole site for good
    site = current_settings().site_url
    dated = [_dated(row, site) for row in rows if not row.away]
    return _calendar(f"What is on: {current_settings().site_name}", dated)


def _dated(row: Any, site: str) -> Dated:
    event = directory.event_of(row)
    return Dated(
        service_id=row.service_id, on=row.held_on, opens_at=event.opens_at,
        closes_at=event.closes_at, name=row.name, where=row.place,
        words=_words(row.card, quiet=row.quiet), url=site + event.url, version=row.version,
        stamp=row.stamp,
    )  # fmt: skip


def _words(card: dict[str, Any], *, quiet: bool) -> str:
    words = [card.get("summary", ""), card.get("cost", "")]
    words += ["Welcomes nobody new this time"] if quiet else []
    return "\n".join(filter(None, words))


@bp.get("/groups/<uuid:service_id>/calendar.ics")
@public
def group_calendar(service_id: UUID) -> ResponseReturnValue:
    """Answer one group's next dates as a calendar."""
    if kept := directory.merged_to(db.session(), service_id):
        return redirect(url_for(".group_calendar", service_id=kept.id))
    group, today = directory.published(db.session(), service_id), clock.today()
    card, site = directory.card(db.session(), service_id), current_settings().site_url
    with db.reading() as connection:
        rows, last = showing.of_group(connection, group.id, today=today)
    dated = [_dated(row, site) for row in rows if not row.away]
    dated += _later(group, card, site, since=last, today=today)
    return _calendar(card["name"], dated[:MOST_OF_ONE])


def _later(
    group: Service, card: dict[str, Any], site: str, *, since: date | None, today: date
) -> list[Dated]:
    """Return the dates of a group that are not laid out as sessions yet."""
    known = directory.meetings(db.session(), group, today=today, count=MOST_OF_ONE)
    return [
        Dated(
            service_id=group.id, on=one.on, opens_at=one.opens_at, closes_at=one.closes_at,
            name=card["name"], where=card["where"], words=_words(card, quiet=one.quiet),
            url=site + card["url"], version=group.version,
            stamp=group.approved_at or group.created_at,
        )
        for one in known if since is None or one.on > since
    ]  # fmt: skip


def _calendar(title: str, dated: list[Dated]) -> Response:
    """Return a calendar that may be kept a while, or 304 when the asker has it."""
    host = urlsplit(current_settings().site_url).hostname or "localhost"
    text = written(title, tuple(dated), host)
    response = Response(text, mimetype="text/calendar")
    response.headers["Cache-Control"] = f"public, max-age={KEPT}"
    response.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response.set_etag(blake2b(text, digest_size=12).hexdigest())
    response.make_conditional(request)
    return response
