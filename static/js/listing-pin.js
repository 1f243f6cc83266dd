// The page that asks for a pin: choosing a place on the map also chooses "at the pin".
(function () {
  "use strict";
  var frame = document.querySelector("[data-pin-map]");
  if (!frame || !window.hubMap) return;
  frame.hidden = false; // without this script there is no map, so there is no empty box either
  var lat = document.getElementById("latitude");
  var lng = document.getElementById("longitude");
  var atPin = document.querySelector('input[name="point"][value="pin"]');
  var known = lat.value !== "" && lng.value !== "";
  var home = frame.dataset.lat ? [parseFloat(frame.dataset.lat), parseFloat(frame.dataset.lng)] : null;
  var town = 13;
  var made = hubMap.pin({
    map: frame.id,
    lat: lat.id,
    lng: lng.id,
    center: known ? [parseFloat(lat.value), parseFloat(lng.value)] : home || [53.5, -2.3],
    zoom: known || home ? town : 6,
    status: "map-status",
    outline: frame.dataset.outline,
    tiles: frame.dataset.tiles ? { url: frame.dataset.tiles, attribution: frame.dataset.attribution } : null
  });
  var given = document.getElementById("pin-boundary");
  if (given) {
    var boundary = L.geoJSON(JSON.parse(given.textContent), { interactive: false, style: { className: "hub-map-area" } }).addTo(made.map);
    if (!known) made.map.fitBounds(boundary.getBounds());
  }
  function choose() { if (atPin) atPin.checked = true; }
  frame.addEventListener("click", choose);
  frame.addEventListener("keydown", function (event) { if (event.key === "Enter" || event.key.indexOf("Arrow") === 0) choose(); });
})();
