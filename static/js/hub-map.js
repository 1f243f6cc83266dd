// The map's living parts. Data reaches the page by textContent and DOM methods only.
// Features are GeoJSON points; properties: name, summary, url ("/…"), stage + fresh (how it has aged, 0 to 3, and the
// words for it), cluster + count, or area (+ radius in metres).
(function () {
  "use strict";

  var TITLE = "Map of community groups";
  var PLACES = "/places.geojson"; // our communities

  function element(tag, className, text) {
    var made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined && text !== null) made.textContent = String(text);
    return made;
  }

  function say(id, text) {
    var place = id && document.getElementById(id);
    if (place && place.textContent !== text) place.textContent = text;
  }

  function plural(count, one, many) {
    return count.toLocaleString("en-GB") + " " + (count === 1 ? one : many);
  }

  // Only a path of our own; never another host, never a script.
  function ownPath(url) {
    return typeof url === "string" && /^\/(?![/\\])/.test(url) ? url : "";
  }

  function popup(properties) {
    var box = element("div");
    var url = ownPath(properties.url);
    var name = element(url ? "a" : "strong", "", properties.name);
    if (url) name.setAttribute("href", url);
    box.appendChild(name);
    if (properties.summary) box.appendChild(element("p", "", properties.summary));
    if (properties.fresh) box.appendChild(element("p", "", properties.fresh + "."));
    if (properties.area === true) box.appendChild(element("p", "", "Near here. The exact place is not shown."));
    return box;
  }

  // A Leaflet marker that is a real button to a screen reader; its words are set as text, not as HTML.
  function marker(latlng, className, size, name, text) {
    var icon = L.divIcon({ className: "hub-marker " + className, html: text ? element("span", "", text) : "", iconSize: [size, size], iconAnchor: [size / 2, size / 2 + (text ? 0 : 9)], popupAnchor: [0, -24] });
    var made = L.marker(latlng, { icon: icon, keyboard: true, riseOnHover: true });
    made.on("add", function () {
      var node = made.getElement();
      node.setAttribute("role", "button");
      node.setAttribute("aria-label", name);
      node.title = name;
    });
    return made;
  }

  function onActivate(target, act) {
    target.on("click", act);
    target.on("keypress", function (event) {
      if (event.originalEvent.key === "Enter" || event.originalEvent.key === " ") {
        event.originalEvent.preventDefault();
        act();
      }
    });
  }

  function clusterMarker(layer, latlng, properties) {
    var count = Number(properties.count) || 0;
    var size = Math.round(Math.min(76, 46 + 6 * Math.log2(Math.max(count, 2))));
    var made = marker(latlng, "hub-marker--cluster", size, plural(count, "group", "groups") + " here. Zoom in", count.toLocaleString("en-GB"));
    onActivate(made, function () {
      var map = layer._map;
      if (map) map.setView(latlng, Math.min(map.getZoom() + 2, map.getMaxZoom()));
    });
    return made;
  }

  function pointMarker(latlng, properties) {
    var name = String(properties.name || "A group");
    var stage = Number(properties.stage) || 0; // how old what we know of it is: 0 is sure
    if (stage && properties.fresh) name += ". " + properties.fresh;
    var made = marker(latlng, stage > 0 && stage < 4 ? "hub-marker--stage-" + stage : "", 44, name);
    made.bindPopup(function () { return popup(properties); }, { maxWidth: 280, minWidth: 180 });
    made.on("keypress", function (event) {
      if (event.originalEvent.key === " ") { event.originalEvent.preventDefault(); made.openPopup(); }
    });
    return made;
  }

  function areaCircle(latlng, properties) {
    var group = L.featureGroup();
    L.circle(latlng, { radius: Number(properties.radius) || 400, className: "hub-map-area", interactive: false }).addTo(group);
    pointMarker(latlng, properties).addTo(group);
    return group;
  }

  function drawn(layer, feature) {
    var at = feature && feature.geometry && feature.geometry.type === "Point" && feature.geometry.coordinates;
    if (!at || !isFinite(at[0]) || !isFinite(at[1])) return null;
    var latlng = L.latLng(at[1], at[0]);
    var properties = feature.properties || {};
    if (properties.cluster === true) return clusterMarker(layer, latlng, properties);
    if (properties.area === true) return areaCircle(latlng, properties);
    return pointMarker(latlng, properties);
  }

  function counted(features) {
    return features.reduce(function (sum, feature) {
      var properties = feature.properties || {};
      return sum + (properties.cluster === true ? Number(properties.count) || 0 : 1);
    }, 0);
  }

  var Viewport = L.FeatureGroup.extend({
    initialize: function (config) {
      this._config = config;
      L.FeatureGroup.prototype.initialize.call(this, []);
    },

    onAdd: function (map) {
      L.FeatureGroup.prototype.onAdd.call(this, map);
      name(map, this._config.label || TITLE);
      map.on("moveend", this._soon, this);
      this._load();
    },

    onRemove: function (map) {
      map.off("moveend", this._soon, this);
      window.clearTimeout(this._timer);
      if (this._asking) this._asking.abort();
      L.FeatureGroup.prototype.onRemove.call(this, map);
    },

    reload: function (params) {
      if (params) this._config.params = params;
      if (this._map) this._load();
    },

    _soon: function () {
      window.clearTimeout(this._timer);
      this._timer = window.setTimeout(this._load.bind(this), this._config.debounce_ms || 150);
    },

    _address: function () {
      var bounds = this._map.getBounds();
      var box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
      var query = new URLSearchParams();
      var params = this._config.params || {};
      Object.keys(params).forEach(function (key) {
        [].concat(params[key]).forEach(function (value) {
          if (value !== null && value !== undefined && value !== "") query.append(key, value);
        });
      });
      query.set("bbox", box.map(function (part) { return part.toFixed(5); }).join(","));
      query.set("zoom", Math.round(this._map.getZoom()));
      return this._config.url + (this._config.url.indexOf("?") < 0 ? "?" : "&") + query;
    },

    _load: function () {
      if (!this._map) return;
      if (this._asking) this._asking.abort();
      var asking = (this._asking = new AbortController());
      var layer = this;
      fetch(this._address(), { signal: asking.signal, credentials: "same-origin", headers: { Accept: "application/geo+json, application/json" } })
        .then(function (answer) {
          if (!answer.ok) throw new Error(String(answer.status));
          return answer.json();
        })
        .then(function (data) {
          if (layer._asking === asking && layer._map) layer._show(Array.isArray(data.features) ? data.features : []);
        })
        .catch(function (problem) {
          if (problem.name === "AbortError" || layer._asking !== asking) return;
          say(layer._config.status, "The map could not be filled just now. The list has the same groups. Move the map to try again.");
        });
    },

    // Keep the keyboard where it was: a marker that is still there after a move has the focus again.
    _show: function (features) {
      var focused = document.activeElement;
      var held = focused && this._map.getContainer().contains(focused) ? focused.getAttribute("aria-label") : null;
      var open = this._map._popup && this._map._popup.isOpen() ? this._map._popup.getLatLng() : null;
      this.clearLayers();
      features.forEach(function (feature) {
        var made = drawn(this, feature);
        if (made) this.addLayer(made);
      }, this);
      if (open) this._reopen(open);
      if (held) this._refocus(held);
      var total = counted(features);
      say(this._config.status, total ? plural(total, "group", "groups") + " in view" : "No groups in view. Zoom out or move the map.");
      this.fire("shown", { total: total });
    },

    _each: function (act) {
      this.eachLayer(function (layer) { if (layer.eachLayer) layer.eachLayer(act); else act(layer); });
    },

    _reopen: function (latlng) {
      this._each(function (layer) { if (layer.getPopup && layer.getPopup() && layer.getLatLng().equals(latlng)) layer.openPopup(); });
    },

    _refocus: function (label) {
      this._each(function (layer) {
        var node = layer.getElement && layer.getElement();
        if (node && node.getAttribute("aria-label") === label && document.activeElement !== node) node.focus({ preventScroll: true });
      });
    },
  });

  // A map that can be focused needs a name, and a role that may carry one.
  function name(map, label) {
    var frame = map.getContainer();
    if (map.attributionControl) map.attributionControl.setPrefix("Leaflet");
    if (!frame.hasAttribute("role")) frame.setAttribute("role", "region");
    if (!frame.hasAttribute("aria-label")) frame.setAttribute("aria-label", label);
  }

  // The coast under everything, so that there is a map even where there are no tiles.
  function outline(map, url) {
    if (!map.getPane("hub-outline")) map.createPane("hub-outline").classList.add("hub-map-outline");
    return fetch(url, { credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.json() : Promise.reject(new Error("outline")); })
      .then(function (land) {
        return L.geoJSON(land, { pane: "hub-outline", interactive: false, style: { className: "hub-map-land", weight: 1 } }).addTo(map);
      })
      .catch(function () { return null; }); // a map without a coast still works
  }

  // Our communities under everything else: boundaries, softly, and names as text. They are also on the list of
  // communities, so a screen reader passes over these. Answers with the box around them, or null.
  function places(map, url) {
    if (!map.getPane("hub-places")) map.createPane("hub-places").classList.add("hub-map-places");
    return fetch(url || PLACES, { credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.json() : Promise.reject(new Error("places")); })
      .then(function (data) {
        var features = Array.isArray(data.features) ? data.features : [];
        var drawn = L.geoJSON(features, {
          pane: "hub-places",
          interactive: false,
          style: { className: "hub-map-community" },
          filter: function (feature) { return feature.geometry && feature.geometry.type !== "Point"; },
        }).addTo(map);
        var labels = features.map(function (feature) { return label(map, feature.properties || {}); }).filter(Boolean);
        function spread() { apart(map, labels); }
        map.on("zoomend", spread);
        spread();
        return labels.length ? L.featureGroup(labels).getBounds().extend(drawn.getBounds()) : null;
      })
      .catch(function () { return null; }); // a map without communities still works
  }

  function label(map, properties) {
    var at = properties.label;
    if (!Array.isArray(at) || !isFinite(at[0]) || !isFinite(at[1])) return null;
    var words = element("span", "", properties.name);
    words.setAttribute("aria-hidden", "true");
    var icon = L.divIcon({ className: "hub-map-label", html: words, iconSize: [180, 22], iconAnchor: [90, 23] });
    return L.marker([at[1], at[0]], { icon: icon, pane: "hub-places", interactive: false, keyboard: false }).addTo(map);
  }

  // A name that would lie on another one waits until the map is closer.
  function apart(map, labels) {
    var kept = [];
    labels.forEach(function (made) {
      var node = made.getElement();
      if (!node) return;
      var at = map.project(made.getLatLng());
      var half = (node.firstChild ? node.firstChild.offsetWidth : 90) / 2 + 4;
      var free = kept.every(function (other) {
        return Math.abs(other.at.x - at.x) > other.half + half || Math.abs(other.at.y - at.y) > 20;
      });
      node.classList.toggle("hub-map-label--under", !free);
      if (free) kept.push({ at: at, half: half });
    });
  }

  // Where the question was asked from.
  function here(map, at) {
    if (!at) return null;
    var words = element("span", "", "You asked from here");
    var icon = L.divIcon({ className: "hub-map-here", html: words, iconSize: [18, 18], iconAnchor: [9, 9] });
    return L.marker(at, { icon: icon, interactive: false, keyboard: false, zIndexOffset: -500 }).addTo(map);
  }

  // One pin, placed by a click, a drag or the arrow keys, and written to two inputs.
  // config: map (element id or L.Map), lat, lng (input ids), center and zoom, or bounds; status, outline,
  // tiles {url, attribution}, places (address of our communities)
  function pin(config) {
    var map = typeof config.map === "string" ? L.map(config.map, { center: config.center || [53.5, -2.3], zoom: config.zoom || 12 }) : config.map;
    var lat = document.getElementById(config.lat);
    var lng = document.getElementById(config.lng);
    var made = null;
    if (config.bounds) map.fitBounds(config.bounds, { maxZoom: 14, padding: [16, 16] });
    name(map, "Map to place a pin on");
    if (config.outline) outline(map, config.outline);
    if (config.tiles) L.tileLayer(config.tiles.url, { attribution: config.tiles.attribution || "", maxZoom: 19, referrerPolicy: "strict-origin-when-cross-origin" }).addTo(map);
    places(map, config.places).then(function (box) {
      // nothing better was known than the whole country, and nobody has begun yet
      if (box && !made && !config.bounds && map.getZoom() <= 6) map.fitBounds(box, { maxZoom: 14, padding: [24, 24] });
    });

    function write(latlng, quiet) {
      lat.value = latlng.lat.toFixed(5);
      lng.value = latlng.lng.toFixed(5);
      if (!quiet) say(config.status, "Pin placed. Drag it, click elsewhere, or move it with the arrow keys.");
    }

    function place(latlng, quiet) {
      if (!made) {
        made = marker(latlng, "hub-marker--pin", 48, "The pin. Arrow keys move it").addTo(map);
        made.dragging.enable();
        made.on("dragend", function () { write(made.getLatLng()); });
        made.getElement().addEventListener("keydown", nudge);
      }
      made.setLatLng(latlng);
      write(latlng, quiet);
    }

    function nudge(event) {
      var steps = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
      var step = steps[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      var reach = event.shiftKey ? 40 : 8;
      var at = map.latLngToContainerPoint(made.getLatLng()).add([step[0] * reach, step[1] * reach]);
      place(map.containerPointToLatLng(at));
      map.panInside(made.getLatLng(), { padding: [40, 40] });
    }

    function typed() {
      var at = [parseFloat(lat.value), parseFloat(lng.value)];
      if (lat.value === "" || lng.value === "" || !isFinite(at[0]) || !isFinite(at[1])) return false;
      if (Math.abs(at[0]) > 90 || Math.abs(at[1]) > 180) return false;
      var shown = lat.value + "|" + lng.value;
      place(L.latLng(at), true);
      lat.value = shown.split("|")[0];
      lng.value = shown.split("|")[1];
      map.setView(at, Math.max(map.getZoom(), config.zoom || 12));
      return true;
    }

    map.on("click", function (event) { place(event.latlng); });
    map.getContainer().addEventListener("keydown", function (event) {
      if (event.key === "Enter" && event.target === map.getContainer()) {
        place(map.getCenter());
        made.getElement().focus();
      }
    });
    [lat, lng].forEach(function (input) { input.addEventListener("change", typed); });
    if (!typed()) say(config.status, "Click the map to place the pin. By keyboard: move the map with the arrow keys, press Enter, then adjust.");
    return { map: map, place: place };
  }

  window.hubMap = {
    viewportLayer: function (config) { return new Viewport(config); },
    outline: outline,
    places: places,
    here: here,
    pin: pin,
  };
})();
