// The page that asks for a pin: choosing a place on the map also chooses "at the pin".
(function () {
  "use strict";
  var frame = document.querySelector("[data-pin-map]");
  if (!frame || !window.hubMap) return;
  var lat = document.getElementById("latitude");
  var lng = document.getElementById("longitude");
  var atPin = document.querySelector('input[name="point"][value="pin"]');
  var known = lat.value !== "" && lng.value !== "";
  var home = frame.dataset.lat ? [parseFloat(frame.dataset.lat), parseFloat(frame.dataset.lng)] : null;
  var near = frame.dataset.tiles ? 14 : 9; // without tiles there is nothing to see closer up
  hubMap.pin({
    map: frame.id,
    lat: lat.id,
    lng: lng.id,
    center: known ? [parseFloat(lat.value), parseFloat(lng.value)] : home || [53.5, -2.3],
    zoom: known || home ? near : 6,
    status: "map-status",
    outline: frame.dataset.outline,
    tiles: frame.dataset.tiles ? { url: frame.dataset.tiles, attribution: frame.dataset.attribution } : null
  });
  function choose() { if (atPin) atPin.checked = true; }
  frame.addEventListener("click", choose);
  frame.addEventListener("keydown", function (event) { if (event.key === "Enter" || event.key.indexOf("Arrow") === 0) choose(); });
})();
