// Drawing a boundary over the text box that holds it. The text is the truth: the map reads it and writes it.
// By mouse or finger: press the map to add a corner, drag a corner, press a small dot between two to add one there.
// By keyboard: arrow keys move the map, "Add a corner" puts one in its middle; Tab reaches every corner, arrows move
// it, Delete takes it away. Every step can be undone.
(function () {
  "use strict";
  var frame = document.querySelector("[data-draw-map]");
  if (!frame || !window.hubMap || !window.L) return;
  var field = document.getElementById(frame.dataset.field);
  var tools = document.getElementById("boundary-tools");
  var status = document.getElementById("boundary-status");
  if (!field || !tools) return;
  var MOST = 300; // corners that are drawn one by one; more are shown, but changed as text
  var corners = [], fixed = null, history = [], marks = [], halves = [];

  frame.hidden = tools.hidden = false;
  var start = frame.dataset.lat ? [parseFloat(frame.dataset.lat), parseFloat(frame.dataset.lng)] : null;
  var map = L.map(frame, { center: start || [53.5, -2.3], zoom: start ? 14 : 6 });
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", "Map to draw the boundary on");
  if (map.attributionControl) map.attributionControl.setPrefix("Leaflet");
  hubMap.outline(map, frame.dataset.outline);
  if (frame.dataset.tiles) L.tileLayer(frame.dataset.tiles, { attribution: frame.dataset.attribution, maxZoom: 19, referrerPolicy: "strict-origin-when-cross-origin" }).addTo(map);
  hubMap.places(map, frame.dataset.places).then(function (box) {
    if (box && !start && !corners.length && !fixed) map.fitBounds(box, { maxZoom: 14, padding: [24, 24] });
  });
  var shape = L.polygon([], { interactive: false, className: "hub-map-area" }).addTo(map);
  var whole = L.geoJSON(null, { interactive: false, style: { className: "hub-map-area" } }).addTo(map);
  var drawn = L.layerGroup().addTo(map);

  function say(words) { if (status.textContent !== words) status.textContent = words; }

  function round(number) { return Math.round(number * 1e6) / 1e6; }

  // Read the text: a plain polygon becomes corners, anything else is shown as it is.
  function read() {
    var found = null;
    try { found = field.value.trim() ? JSON.parse(field.value) : null; } catch (wrong) { return false; }
    if (found && found.type === "FeatureCollection" && found.features && found.features.length === 1) found = found.features[0];
    if (found && found.type === "Feature") found = found.geometry;
    if (found && found.type === "MultiPolygon" && found.coordinates.length === 1) found = { type: "Polygon", coordinates: found.coordinates[0] };
    corners = [];
    fixed = null;
    if (found && found.type === "Polygon" && found.coordinates.length === 1 && found.coordinates[0].length <= MOST + 1) {
      corners = found.coordinates[0].map(function (at) { return L.latLng(at[1], at[0]); });
      if (corners.length > 1 && corners[0].equals(corners[corners.length - 1])) corners.pop();
    } else if (found) {
      fixed = found;
    }
    return true;
  }

  function write() {
    if (!corners.length) { field.value = ""; return; }
    var ring = corners.concat([corners[0]]).map(function (at) { return [round(at.lng), round(at.lat)]; });
    field.value = JSON.stringify({ type: "Polygon", coordinates: [ring] });
  }

  function remember() {
    history.push({ text: field.value });
    if (history.length > 200) history.shift();
  }

  function change(words, act, focus) {
    remember();
    fixed = null;
    act();
    write();
    draw();
    report(words);
    if (focus !== undefined && marks[focus]) marks[focus].getElement().focus();
  }

  function report(words) {
    var count = corners.length;
    var rest = fixed ? "This boundary has several parts or very many corners. Change it as text, or start again."
      : count === 0 ? "No boundary yet. Press the map where a corner is, or move the map and add one at the cross."
      : count < 3 ? (count === 1 ? "1 corner. Add two more." : "2 corners. Add one more.")
      : count + " corners, about " + size() + ".";
    say((words ? words + " " : "") + rest);
    tools.querySelector("[data-undo]").disabled = !history.length;
    tools.querySelector("[data-clear]").disabled = !count && !fixed;
  }

  // The land inside, on a plane: good enough to say how large a community is.
  function size() {
    var across = Math.cos(corners[0].lat * Math.PI / 180) * 111195, up = 111195, sum = 0;
    corners.forEach(function (at, place) {
      var next = corners[(place + 1) % corners.length];
      sum += (at.lng * next.lat - next.lng * at.lat);
    });
    var square = Math.abs(sum) / 2 * across * up;
    return square < 1e6 ? Math.round(square / 1e4) + " hectares" : (square / 1e6).toFixed(1) + " square kilometres";
  }

  function dot(at, className, label, width) {
    var icon = L.divIcon({ className: "hub-corner " + className, html: "", iconSize: [width, width], iconAnchor: [width / 2, width / 2] });
    var made = L.marker(at, { icon: icon, keyboard: true, draggable: true, autoPan: true });
    made.on("add", function () {
      made.getElement().setAttribute("role", "button");
      made.getElement().setAttribute("aria-label", label);
    });
    return made;
  }

  function draw() {
    drawn.clearLayers();
    whole.clearLayers();
    marks = [];
    halves = [];
    shape.setLatLngs(corners);
    if (fixed) { try { whole.addData(fixed); } catch (wrong) { say("The text is no boundary yet."); } }
    corners.forEach(function (at, place) {
      marks.push(corner(at, place).addTo(drawn));
      if (corners.length >= 3) halves.push(half(place).addTo(drawn));
    });
  }

  function corner(at, place) {
    var made = dot(at, "", "Corner " + (place + 1) + " of " + corners.length + ". Arrow keys move it, Delete takes it away", 28);
    made.on("drag", function () { corners[place] = made.getLatLng(); shape.setLatLngs(corners); });
    made.on("dragstart", remember);
    made.on("dragend", function () { corners[place] = made.getLatLng(); write(); draw(); report("Corner moved."); });
    made.on("add", function () {
      made.getElement().addEventListener("keydown", function (event) { key(event, place); });
    });
    return made;
  }

  function half(place) {
    var next = corners[(place + 1) % corners.length], at = corners[place];
    var middle = L.latLng((at.lat + next.lat) / 2, (at.lng + next.lng) / 2);
    var made = dot(middle, "hub-corner--half", "Add a corner between " + (place + 1) + " and " + ((place + 1) % corners.length + 1), 24);
    function add(where) { change("Corner added.", function () { corners.splice(place + 1, 0, where); }, place + 1); }
    made.on("click", function () { add(middle); });
    made.on("dragend", function () { add(made.getLatLng()); });
    made.on("add", function () {
      made.getElement().addEventListener("keydown", function (event) {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); event.stopPropagation(); add(middle); }
      });
    });
    return made;
  }

  function key(event, place) {
    var steps = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      event.stopPropagation();
      change("Corner taken away.", function () { corners.splice(place, 1); }, Math.max(0, place - 1));
      if (!corners.length) map.getContainer().focus();
    } else if (steps[event.key]) {
      event.preventDefault();
      event.stopPropagation();
      var reach = event.shiftKey ? 40 : 8;
      var at = map.latLngToContainerPoint(corners[place]).add([steps[event.key][0] * reach, steps[event.key][1] * reach]);
      change("Corner moved.", function () { corners[place] = map.containerPointToLatLng(at); }, place);
      map.panInside(corners[place], { padding: [40, 40] });
    }
  }

  function add(at) {
    if (corners.length >= MOST) { say("That is as many corners as can be drawn here."); return; }
    change("Corner added.", function () { corners.push(at); });
  }

  function undo() {
    var before = history.pop();
    if (!before) return;
    field.value = before.text;
    read();
    draw();
    report("Undone.");
  }

  function button(label, act, name) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = "govuk-button govuk-button--secondary";
    made.textContent = label;
    if (name) made.setAttribute(name, "");
    made.addEventListener("click", act);
    tools.appendChild(made);
  }

  button("Add a corner at the cross", function () { add(map.getCenter()); });
  button("Take away the last corner", function () { if (corners.length) change("Corner taken away.", function () { corners.pop(); }); });
  button("Undo the last step", undo, "data-undo");
  button("Start again", function () { change("Started again.", function () { corners = []; }); }, "data-clear");
  map.on("click", function (event) { add(event.latlng); });
  frame.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target === frame) { event.preventDefault(); add(map.getCenter()); }
  });
  field.addEventListener("change", function () {
    if (read()) { draw(); show(); report(""); } else say("The text cannot be read as GeoJSON.");
  });

  function show() {
    if (corners.length > 1) map.fitBounds(shape.getBounds(), { padding: [32, 32], maxZoom: 17 });
    else if (fixed && whole.getLayers().length) map.fitBounds(whole.getBounds(), { padding: [32, 32], maxZoom: 17 });
  }

  read();
  draw();
  show();
  report("");
})();
