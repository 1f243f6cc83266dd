"""Answers for programs: texts put together from texts that were made when a group was published."""

import json

from asset_hub.search.queries import Answer, Found, Home, View
from asset_hub.search.queries.towns import Named


def listing(answer: Answer, notices: dict[str, str]) -> str:
    """Return a page of results as JSON; each result is its card and `distance_m` (or null)."""
    results = ", ".join(_result(found) for found in answer.found)
    return (
        f'{{"total": {answer.total}, "page": {answer.page}, "pages": {answer.pages}, '
        f'"notices": {json.dumps(notices)}, "results": [{results}]}}'
    )


def collection(view: View) -> str:
    """Return a piece of the map as a GeoJSON FeatureCollection; `total` counts its places."""
    features = ", ".join(view.features)
    return f'{{"type": "FeatureCollection", "total": {view.total}, "features": [{features}]}}'


def neighbourhoods(
    homes: list[tuple[Home, str]], outlines: dict[str, str], towns: list[Named]
) -> str:
    """Return communities (each with its address) as GeoJSON: boundaries, else points.

    The name is written above `label`: [longitude, latitude]. Towns that no community is named
    after come too, with `town` and no address, as points of orientation.
    """
    features = []
    known_as = {home.name.casefold() for home, _ in homes}
    for town in towns:
        if town.name.casefold() in known_as:
            continue
        spot = [round(town.longitude, 4), round(town.latitude, 4)]
        known = json.dumps({"type": "Point", "coordinates": spot})
        said = json.dumps({"name": town.name, "town": True, "label": spot})
        features.append(f'{{"type": "Feature", "geometry": {known}, "properties": {said}}}')
    for home, url in homes:
        at = [home.centre.longitude, home.centre.latitude]
        known = outlines.get(home.slug) or json.dumps({"type": "Point", "coordinates": at})
        top = [(home.box.west + home.box.east) / 2, home.box.north]
        said = json.dumps({"name": home.name, "url": url, "label": top})
        features.append(f'{{"type": "Feature", "geometry": {known}, "properties": {said}}}')
    return f'{{"type": "FeatureCollection", "features": [{", ".join(features)}]}}'


def _result(found: Found) -> str:
    metres = "null" if found.metres is None else found.metres
    return f'{found.text[:-1]}, "distance_m": {metres}}}'
