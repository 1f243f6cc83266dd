"""The addresses of a search: the same question on another page, in another view, without a part.

An address of results carries the question; an address of a group never does.
"""

from dataclasses import astuple, replace
from datetime import date
from typing import Any

from flask import url_for

from asset_hub.search.question.asking import Asked
from asset_hub.search.question.filters import NOTHING


def params(asked: Asked) -> dict[str, Any]:
    """Return a question as the arguments of an address, leaving out what was not asked."""
    found: dict[str, Any] = {
        "q": asked.q,
        "near": asked.near,
        "lat": asked.pin and asked.pin.latitude,
        "lng": asked.pin and asked.pin.longitude,
        "within": asked.within and f"{asked.within:g}",
        "topic": list(asked.topics),
        "about": list(asked.about),
        "all": "1" if asked.every else "",
        "for": list(asked.suits),
        "community": asked.community,
        "area": asked.area and ",".join(f"{edge:.5f}" for edge in astuple(asked.area)),
        **asked.filters.params,
    }
    return {name: value for name, value in found.items() if value not in ("", None, [])}


def address(asked: Asked, **changes: Any) -> str:
    """Return the page that answers a question changed in some parts; from its first page on."""
    changed = replace(asked, **{"page": 1, "choosing": False, **changes})
    more: dict[str, Any] = {} if changed.view == "list" else {"view": changed.view}
    if changed.choosing:
        more["pin"] = "choose"
    if changed.page > 1:
        more["page"] = changed.page
    return url_for("search.find", **params(changed), **more)


def without_topic(asked: Asked, slug: str) -> str:
    """Return the same question without one topic."""
    return address(asked, topics=tuple(topic for topic in asked.topics if topic != slug))


def with_topic(asked: Asked, slug: str) -> str:
    """Return the same question with one topic more."""
    return address(asked, topics=(*asked.topics, slug))


def suiting(asked: Asked, slug: str) -> str:
    """Return the same question without what is not for somebody."""
    return address(asked, suits=(*asked.suits, slug))


def not_suiting(asked: Asked, slug: str) -> str:
    """Return the same question, whether it is for somebody or not."""
    return address(asked, suits=tuple(one for one in asked.suits if one != slug))


def about(asked: Asked, slug: str) -> str:
    """Return the same words, meant about one topic."""
    return address(asked, about=(*(one for one in asked.about if one != slug), slug), every=False)


def not_about(asked: Asked, slug: str) -> str:
    """Return the same words without that."""
    return address(asked, about=tuple(one for one in asked.about if one != slug))


def filtered(asked: Asked, name: str, value: str) -> str:
    """Return the same question with one choice of a filter more, or without it."""
    return address(asked, filters=asked.filters.toggled(name, value))


def on_day(asked: Asked, day: date | None) -> str:
    """Return the same question about one day; about any day without one."""
    return address(asked, filters=replace(asked.filters, on=day))


def without_place(asked: Asked) -> str:
    """Return the same question without where it was asked from, to hand to somebody else."""
    return address(asked, near="", pin=None, within=None)


def cleared(asked: Asked) -> str:
    """Return the same words and place without any filter."""
    return address(asked, topics=(), suits=(), community="", filters=NOTHING)


def kept(asked: Asked, *without: str) -> list[tuple[str, str]]:
    """Return a question as the hidden fields of a form, without the fields it asks itself."""
    more = {"view": asked.view} if asked.view != "list" else {}
    pairs = []
    for name, value in (params(asked) | more).items():
        values = value if isinstance(value, list) else [value]
        pairs += [(name, str(one)) for one in values if name not in without]
    return pairs
