// The map's living parts. Data reaches the page by textContent and DOM methods only.
// Features are GeoJSON points; properties: name, summary, url ("/…"), stage + fresh (how it has aged, 0 to 3, and the
// words for it), cluster + count, or area (+ radius in metres).
(function () {
  "use strict";

  var TITLE = "Map of community groups";
  var PLACES = "/places.geojson"; // our communities
  var APART = 54; // pixels each way: buttons of 44 never touch, however their tips are placed
  var CLOSE = 16; // from this zoom on no place is in a circle
  var AREA = 790; // metres: half a diagonal of the cells that stand for places which are not shown
  var NEAR_BY = 12; // from this zoom on communities are named before towns
  var HIGH = 10; // pixels: half of a name's line
  var ASIDE = { home: [0, 20, -20, 40, -40, 60, 80], town: [0, -32, 20, 40, -52] }; // pixels down that a name may move to be read
  var FIRST = 400; // milliseconds that groups are waited for before the coast is drawn
  var FAR_OFF = 9; // below this zoom towns are named and communities are not
  var MOST_TOLD = 12; // groups that one popup tells of
  if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
    L.Map.mergeOptions({ fadeAnimation: false, zoomAnimation: false, markerZoomAnimation: false, inertia: false });
  }

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

  function miles(metres) {
    var far = metres / 1609.344;
    if (far < 0.1) return "less than 0.1 miles away";
    return "about " + (far < 10 ? far.toFixed(1).replace(/\.0$/, "") : Math.round(far)) + (far.toFixed(1) === "1.0" ? " mile away" : " miles away");
  }

  // What a pin says of one group. What its card on this page says too is taken from there.
  // The button that puts a group on the reader's list (shelf.js), where the page has one.
  function keep(properties) {
    var button = element("button", "hub-keep");
    button.setAttribute("form", "keep-form");
    button.name = "group";
    button.value = properties.id;
    button.appendChild(element("span", "", "Keep"));
    button.appendChild(element("span", "govuk-visually-hidden", " " + properties.name));
    return button;
  }

  function told(layer, feature) {
    var properties = feature.properties || {};
    var config = layer._config;
    var box = element("div", "hub-map-told");
    var url = ownPath(properties.url);
    var name = element(url ? "a" : "strong", "hub-map-told__name", properties.name);
    if (url) name.setAttribute("href", url);
    if (url && config.top) { name.target = "_top"; name.rel = "noopener"; }
    box.appendChild(name);
    var card = properties.id && document.getElementById("group-" + properties.id);
    var far = config.here ? miles(layer._map.distance(config.here, at(feature))) : "";
    var said = [(config.kinds || {})[properties.kind], properties.when, properties.summary];
    said.push(properties.area === true && far.indexOf("about") ? "about " + far : far);
    var why = card && card.querySelector(".hub-card__why");
    if (why) said.push(why.textContent.trim());
    said.push(properties.fresh && properties.fresh + ".");
    if (properties.area === true) said.push("It is somewhere in this area. The exact place is not shown.");
    said.filter(Boolean).forEach(function (words) { box.appendChild(element("p", "", words)); });
    if (card) {
      var link = element("a", "hub-map-told__card", "In the list" + (layer.number(properties.id) ? ": number " + layer.number(properties.id) : ""));
      link.setAttribute("href", "#" + card.id);
      box.appendChild(link);
    }
    if (properties.id && properties.name && document.getElementById("keep-form")) box.appendChild(keep(properties));
    return box;
  }

  // A Leaflet marker that is a real button to a screen reader; its words are set as text, not as HTML.
  function marker(latlng, className, size, name, text) {
    var round = /--cluster|--area/.test(className);
    var icon = L.divIcon({ className: "hub-marker " + className, html: text ? element("span", "", text) : "", iconSize: [size, size], iconAnchor: [size / 2, size / 2 + (round ? 0 : 9)] });
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
    target.on("click", function () { act(false); });
    target.on("keypress", function (event) {
      if (event.originalEvent.key === "Enter" || event.originalEvent.key === " ") {
        event.originalEvent.preventDefault();
        act(true);
      }
    });
  }

  function at(feature) {
    return L.latLng(feature.geometry.coordinates[1], feature.geometry.coordinates[0]);
  }

  function drawable(feature) {
    var where = feature && feature.geometry && feature.geometry.type === "Point" && feature.geometry.coordinates;
    return Array.isArray(where) && isFinite(where[0]) && isFinite(where[1]);
  }

  function isCircle(feature) {
    return Boolean(feature.properties && feature.properties.cluster === true);
  }

  function how_many(spot) {
    return spot.circle ? Number(spot.features[0].properties.count) || 0 : spot.features.length;
  }

  // What is drawn: each circle, and places so close together that fingers would miss them as one.
  function spots(layer, features) {
    var map = layer._map;
    var found = [];
    var ranked = features.filter(drawable).map(function (feature, place) {
      var number = layer.number(feature.properties && feature.properties.id) || Infinity;
      return { feature: feature, number: number, place: place };
    });
    ranked.sort(function (one, other) { return (one.number === other.number ? 0 : one.number - other.number) || one.place - other.place; });
    ranked.forEach(function (one) {
      var point = map.latLngToLayerPoint(at(one.feature));
      var circle = isCircle(one.feature);
      var host = !circle && found.find(function (spot) {
        return !spot.circle && Math.abs(spot.point.x - point.x) < APART && Math.abs(spot.point.y - point.y) < APART;
      });
      if (host) host.features.push(one.feature);
      else found.push({ circle: circle, point: point, features: [one.feature], number: one.number });
    });
    var middle = map.latLngToLayerPoint(map.getCenter());
    var reach = Math.min(map.getSize().x, map.getSize().y) / 4;
    found.forEach(function (spot) {
      spot.latlng = at(spot.features[0]);
      spot.away = spot.point.distanceTo(middle);
      spot.near = spot.away <= reach;
      spot.key = spot.features.map(function (feature) {
        var said = feature.properties || {};
        return [said.id || "", said.count || "", feature.geometry.coordinates].join();
      }).join(";");
    });
    // by keyboard first what the list numbers, in its order, then what is nearest the middle
    found.sort(function (one, other) { return (one.number === other.number ? 0 : one.number - other.number) || one.away - other.away; });
    return found;
  }

  function circleMarker(layer, spot) {
    var count = how_many(spot);
    var size = Math.round(Math.min(76, 46 + 6 * Math.log2(Math.max(count, 2))));
    var made = marker(spot.latlng, "hub-marker--cluster", size, plural(count, "group", "groups") + " here. Zoom in", count.toLocaleString("en-GB"));
    onActivate(made, function (byKeyboard) {
      var map = layer._map;
      layer._focusNext = byKeyboard;
      if (map) map.setView(spot.latlng, Math.min(map.getZoom() + 2, map.getMaxZoom()));
    });
    return made;
  }

  function stackMarker(layer, spot) {
    var count = how_many(spot);
    var made = marker(spot.latlng, "hub-marker--cluster hub-marker--stack", 46, plural(count, "group", "groups") + " close together here. Show them", String(count));
    onActivate(made, function (byKeyboard) { layer._open(spot, byKeyboard); });
    return made;
  }

  function pointMarker(layer, spot) {
    var properties = spot.features[0].properties || {};
    var number = layer.number(properties.id);
    var name = (number ? number + ". " : "") + String(properties.name || "A group");
    var stage = Number(properties.stage) || 0; // how old what we know of it is: 0 is sure
    var classes = [stage > 0 && stage < 4 ? "hub-marker--stage-" + stage : "", number ? "hub-marker--numbered" : "", properties.area === true ? "hub-marker--area" : ""];
    if (stage && properties.fresh) name += ". " + properties.fresh;
    if (properties.area === true) name += ". Somewhere in this area";
    var made = marker(spot.latlng, classes.filter(Boolean).join(" "), 44, name, number ? String(number) : "");
    onActivate(made, function (byKeyboard) { layer._open(spot, byKeyboard); });
    return made;
  }

  // One thing on the map: its button, and softly under it the area it stands for.
  function drawn(layer, spot) {
    var group = L.featureGroup();
    if (spot.features.some(function (feature) { return (feature.properties || {}).area === true; })) {
      L.circle(spot.latlng, { radius: AREA, className: "hub-map-area", interactive: false }).addTo(group);
    }
    spot.button = (spot.circle ? circleMarker : spot.features.length > 1 ? stackMarker : pointMarker)(layer, spot).addTo(group);
    spot.layer = group;
    return group;
  }

  var Viewport = L.FeatureGroup.extend({
    // config: url, params, debounce_ms, status, label, spots (the groups of this page: id, number, at),
    // here ([lat, lng] that was asked from), top (links leave the frame that we are in)
    initialize: function (config) {
      this._config = config;
      this._spots = [];
      this._numbers = {};
      (config.spots || []).forEach(function (spot) { this._numbers[spot.id] = spot.number; }, this);
      L.FeatureGroup.prototype.initialize.call(this, []);
    },

    onAdd: function (map) {
      L.FeatureGroup.prototype.onAdd.call(this, map);
      name(map, this._config.label || TITLE);
      map.on("moveend", this._soon, this);
      map.on("popupclose", this._closed, this);
      map.getContainer().addEventListener("keydown", function (event) {
        if (event.key === "Escape" && map._popup && map._popup.isOpen()) { event.stopPropagation(); map.closePopup(); }
      });
      this._load();
    },

    onRemove: function (map) {
      map.off("moveend", this._soon, this);
      map.off("popupclose", this._closed, this);
      window.clearTimeout(this._timer);
      if (this._asking) this._asking.abort();
      L.FeatureGroup.prototype.onRemove.call(this, map);
    },

    reload: function (params) {
      if (params) this._config.params = params;
      if (this._map) this._load();
    },

    // The number that a group has in the list beside the map, if it is on this page of it.
    number: function (id) {
      return Object.prototype.hasOwnProperty.call(this._numbers, id) ? this._numbers[id] : 0;
    },

    // Mark what stands for a group, or take the mark away.
    mark: function (id, points, on) {
      var spot = this._spotOf(id, points);
      var node = spot && spot.button.getElement();
      if (node) node.classList.toggle("hub-marker--chosen", on);
    },

    // Go to a group and say what is known of it.
    show: function (id, point) {
      this._showNext = id;
      var zoom = Math.max(this._map.getZoom(), CLOSE);
      this._map.setView(point, Math.min(zoom, this._map.getMaxZoom()));
      this._soon();
    },

    _spotOf: function (id, points) {
      var own = this._spots.find(function (spot) {
        return spot.features.some(function (feature) { return (feature.properties || {}).id === id; });
      });
      if (own || !points) return own;
      var map = this._map;
      var best = null;
      this._spots.forEach(function (spot) {
        var edges = spot.circle && spot.features[0].properties.bounds;
        if (!edges) return;
        points.forEach(function (point) {
          var inside = point[1] >= edges[0] && point[0] >= edges[1] && point[1] <= edges[2] && point[0] <= edges[3];
          var away = map.distance(point, spot.latlng);
          if (inside && (!best || away < best.away)) best = { away: away, spot: spot };
        });
      });
      return best && best.spot;
    },

    _open: function (spot, focus) {
      var box = element("div");
      var count = spot.features.length;
      if (count > 1) box.appendChild(element("p", "hub-map-told__count", plural(count, "group", "groups") + " close together here"));
      spot.features.slice(0, MOST_TOLD).forEach(function (feature) { box.appendChild(told(this, feature)); }, this);
      if (count > MOST_TOLD) box.appendChild(element("p", "", "and " + (count - MOST_TOLD) + " more. The list has all of them."));
      this._opener = spot.key;
      var height = Math.max(140, this._map.getSize().y - 110);
      var width = Math.min(280, this._map.getSize().x - 90);
      L.popup({ maxWidth: width, minWidth: Math.min(180, width), maxHeight: height, offset: [0, -14], closeOnEscapeKey: false }).setLatLng(spot.latlng).setContent(box).openOn(this._map);
      document.dispatchEvent(new Event("hub-keep-drawn"));
      if (focus) {
        var first = box.querySelector("a");
        if (first) first.focus({ preventScroll: true });
      }
    },

    // A popup that had the keyboard gives it back to what it was opened from.
    _closed: function (event) {
      var frame = event.popup.getElement();
      var opener = this._opener;
      var spot = this._spots.find(function (one) { return one.key === opener; });
      var had = document.activeElement === document.body || (frame && frame.contains(document.activeElement));
      if (had && spot && spot.button.getElement()) spot.button.getElement().focus({ preventScroll: true });
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

    // What is there still stays, and with it the keyboard's place; the rest goes and comes.
    _show: function (features) {
      var before = new Map(this._spots.map(function (spot) { return [spot.key, spot]; }));
      var pane = this._map.getPane("markerPane");
      var held = pane.contains(document.activeElement);
      this._spots = spots(this, features).map(function (spot) {
        var known = before.get(spot.key);
        if (!known) { this.addLayer(drawn(this, spot)); return spot; }
        before.delete(spot.key);
        known.near = spot.near;
        return known;
      }, this);
      before.forEach(function (spot) { this.removeLayer(spot.layer); }, this);
      var kept = held && pane.contains(document.activeElement);
      if (!kept) this._spots.forEach(function (spot) { pane.appendChild(spot.button.getElement()); });
      if ((held && !kept) || this._focusNext) this._focusMiddle();
      this._focusNext = false;
      this._tell();
      this._showWanted();
      this._map.hubSpots = this._spots; // names on the ground keep clear of them
      this._map.fire("hub:shown");
    },

    _focusMiddle: function () {
      var middle = this._map.latLngToLayerPoint(this._map.getCenter());
      var nearest = null;
      this._spots.forEach(function (spot) {
        var away = this._map.latLngToLayerPoint(spot.latlng).distanceTo(middle);
        if (!nearest || away < nearest.away) nearest = { away: away, spot: spot };
      }, this);
      (nearest ? nearest.spot.button.getElement() : this._map.getContainer()).focus({ preventScroll: true });
    },

    _showWanted: function () {
      var wanted = this._showNext;
      var spot = wanted && this._spotOf(wanted);
      if (!spot) return;
      this._showNext = null;
      this._open(spot, true);
    },

    _tell: function () {
      var total = this._spots.reduce(function (sum, spot) { return sum + how_many(spot); }, 0);
      var near = this._spots.reduce(function (sum, spot) { return sum + (spot.near ? how_many(spot) : 0); }, 0);
      var words = plural(total, "group", "groups") + " in view";
      if (total > 1 && near && near < total) words += "; " + near.toLocaleString("en-GB") + " of them near the middle";
      say(this._config.status, total ? words + "." : "No groups in view. Zoom out or move the map.");
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
  // The groups come first: it waits for them, though not for long.
  function outline(map, url) {
    if (!map.getPane("hub-outline")) map.createPane("hub-outline").classList.add("hub-map-outline");
    return new Promise(function (go) { map.once("hub:shown", go); window.setTimeout(go, FIRST); })
      .then(function () { return fetch(url, { credentials: "same-origin", priority: "low" }); })
      .then(function (answer) { return answer.ok ? answer.json() : Promise.reject(new Error("outline")); })
      .then(function (land) {
        return L.geoJSON(land, { pane: "hub-outline", interactive: false, style: { className: "hub-map-land", weight: 1 } }).addTo(map);
      })
      .catch(function () { return null; }); // a map without a coast still works
  }

  // Pictures of the ground. When they do not come, the coast takes their place, and it is said.
  function tiles(map, config, coast) {
    var came = false;
    var missed = 0;
    map.hubPictures = true; // with names of their own
    var layer = L.tileLayer(config.url, { attribution: config.attribution || "", maxZoom: 19, maxNativeZoom: config.closest || 19, minZoom: config.farthest || 0, bounds: config.edges || undefined, referrerPolicy: "strict-origin-when-cross-origin" });
    if (config.farthest || config.edges) outline(map, coast); // a file of ours ends somewhere
    layer.on("tileload", function () { came = true; });
    layer.on("tileerror", function () {
      missed += 1;
      if (came || missed < 3 || !map.hasLayer(layer)) return;
      map.removeLayer(layer);
      outline(map, coast);
      var note = element("p", "hub-map-status", "The background of the map could not be loaded. The coast is shown instead.");
      map.getContainer().after(note);
    });
    return layer.addTo(map);
  }

  // Our communities under everything else: boundaries, softly, and names as text. They are also on the list of
  // communities, so a screen reader passes over these. Without pictures of the ground the towns around stand there too.
  // Answers with the box around the communities, or null.
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
        var homes = labels.filter(function (made) { return !made.hubTown; });
        function spread() { apart(map, labels, map.hubSpots || []); }
        map.on("zoomend hub:shown", spread);
        spread();
        return homes.length ? L.featureGroup(homes).getBounds().extend(drawn.getBounds()) : null;
      })
      .catch(function () { return null; }); // a map without communities still works
  }

  // A town's name stands under a dot, a community's above its boundary.
  function label(map, properties) {
    var at = properties.label;
    var town = properties.town === true;
    if (!Array.isArray(at) || !isFinite(at[0]) || !isFinite(at[1]) || (town && map.hubPictures)) return null;
    var words = element("span", "", properties.name);
    words.setAttribute("aria-hidden", "true");
    var icon = L.divIcon({ className: "hub-map-label" + (town ? " hub-map-label--town" : ""), html: words, iconSize: [200, 22], iconAnchor: [100, town ? 4 : 23] });
    var made = L.marker([at[1], at[0]], { icon: icon, pane: "hub-places", interactive: false, keyboard: false }).addTo(map);
    made.hubTown = town;
    made.hubSize = { half: (words.offsetWidth || 100) / 2 + 4, down: town ? 12 : -12 };
    return made;
  }

  // No name lies on another one or under a group: it moves up or down a little, else it waits until the map is closer.
  // From afar towns come first, near by communities.
  function apart(map, labels, groups) {
    var far = map.getZoom() < NEAR_BY;
    var first = labels.filter(function (made) { return made.hubTown === far; });
    var other = labels.filter(function (made) { return made.hubTown !== far; });
    var hidden = first.length && map.getZoom() < FAR_OFF ? other : [];
    hidden.forEach(function (made) { if (made.getElement()) made.getElement().classList.add("hub-map-label--under"); });
    var ranked = hidden.length ? first : first.concat(other);
    var kept = groups.map(function (spot) {
      var icon = spot.button.options.icon.options;
      var middle = map.project(spot.latlng).add([icon.iconSize[0] / 2 - icon.iconAnchor[0], icon.iconSize[1] / 2 - icon.iconAnchor[1]]);
      return { at: middle, half: icon.iconSize[0] / 2, high: icon.iconSize[1] / 2 };
    });
    ranked.forEach(function (made) {
      var node = made.getElement();
      if (!node) return;
      var half = made.hubSize.half;
      var at = map.project(made.getLatLng()).add([0, made.hubSize.down]);
      var aside = ASIDE[made.hubTown ? "town" : "home"].find(function (down) {
        return kept.every(function (other) {
          return Math.abs(other.at.x - at.x) > other.half + half || Math.abs(other.at.y - at.y - down) > other.high + HIGH;
        });
      });
      node.classList.toggle("hub-map-label--under", aside === undefined);
      if (aside === undefined) return;
      node.firstChild.style.transform = "translateY(" + aside + "px)";
      kept.push({ at: at.add([0, aside]), half: half, high: HIGH });
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
    if (config.tiles) tiles(map, config.tiles, config.outline);
    else if (config.outline) outline(map, config.outline);
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
    tiles: tiles,
    places: places,
    here: here,
    pin: pin,
  };
})();
