"""The frame of the map, drawn by Folium. The only module that imports it, and only when asked.

Folium renders what it is given as a template a second time (TRUST.md T1), so nothing that a person
wrote, that came with a request or that was set from outside ever enters an object of it: only
addresses and numbers of our own do. What one page shows (where to look, which filters, whose
tiles) is read by the script from a block of JSON on the page. The groups come as GeoJSON from
`/find.geojson` and are drawn as text.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from branca.element import Element, MacroElement
from folium import Map
from folium.template import Template
from markupsafe import Markup

NAME = "hub_map"  # the element's id, and the script's name for the map
VIEW = "map-view"  # the id of the block of JSON that says what this page shows
STATUS = "map-status"  # the id of the sentence that says what is on the map
FARTHEST_OUT, FARTHEST_IN = 3, 18


class Frame(NamedTuple):
    """What a page places: the element, and the script that brings it to life."""

    html: Markup
    script: Markup


class HubMap(Map):
    """Folium's map without its assets, styles and inline settings: ours come from the page."""

    default_js: list[tuple[str, str]] = []
    default_css: list[tuple[str, str]] = []
    _template = Template("""
        {% macro html(this, kwargs) %}
        <div class="hub-map hub-map--tall" id="{{ this.get_name() }}"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }}_view =
          JSON.parse(document.getElementById({{ this.view_id|tojson }}).textContent);
        var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {{ this.options|tojson }});
        {{ this.get_name() }}.fitBounds({{ this.get_name() }}_view.bounds,
          {maxZoom: {{ this.closest|tojson }}, padding: [24, 24]});
        L.control.scale().addTo({{ this.get_name() }});
        {% endmacro %}""")

    def __init__(self) -> None:
        super().__init__(location=(0.0, 0.0), tiles=None)
        self.view_id, self.closest = VIEW, 15
        self.options = {"minZoom": FARTHEST_OUT, "maxZoom": FARTHEST_IN}

    def get_name(self) -> str:
        """Return the same name each time, so that a frame can be kept."""
        return NAME


class Outline(MacroElement):
    """The coast, from our own file, under everything."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        hubMap.outline({{ this._parent.get_name() }}, {{ this.url|tojson }});
        {% endmacro %}""")

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name, self.url = "Outline", url


class Tiles(MacroElement):
    """Pictures from our own file, or from the one host the settings name.

    That host learns no more than our host's name. Where it does not answer, the coast is drawn.
    """

    _template = Template("""
        {% macro script(this, kwargs) %}
        hubMap.tiles({{ this._parent.get_name() }}, {{ this._parent.get_name() }}_view.tiles,
          {{ this.url|tojson }});
        {% endmacro %}""")

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name, self.url = "Tiles", url


class Ground(MacroElement):
    """Our communities and where the question was asked from, under the groups."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        hubMap.places({{ this._parent.get_name() }}, {{ this.url|tojson }});
        hubMap.here({{ this._parent.get_name() }}, {{ this._parent.get_name() }}_view.here);
        {% endmacro %}""")

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name, self.url = "Ground", url


class Groups(MacroElement):
    """The groups of the search, fetched for the piece of the map that is in view."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        hubMap.linked(hubMap.viewportLayer(Object.assign({
          url: {{ this.url|tojson }},
          debounce_ms: {{ this.debounce_ms|tojson }}, status: {{ this.status|tojson }},
        }, {{ this._parent.get_name() }}_view)).addTo({{ this._parent.get_name() }}));
        {% endmacro %}""")

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name, self.url = "Groups", url
        self.debounce_ms, self.status = 150, STATUS


@lru_cache(maxsize=8)
def frame(groups_url: str, places_url: str, outline_url: str, *, tiled: bool) -> Frame:
    """Return the frame; without tiles it draws the coast, and asks nothing of anyone else."""
    drawn = HubMap()
    drawn.add_child(Tiles(outline_url) if tiled else Outline(outline_url))
    drawn.add_child(Ground(places_url))
    drawn.add_child(Groups(groups_url))
    figure: Any = drawn.get_root()
    drawn.render()  # type: ignore[no-untyped-call]
    return Frame(_parts(figure.html), _parts(figure.script))


def _parts(element: Element) -> Markup:
    lines = (line.strip() for line in element.render().splitlines())
    # every value in it went through tojson, and none of them was written by a person
    return Markup("\n".join(line for line in lines if line))  # noqa: S704
