// The list and the map beside it: each shows what the other one means. Without this both stand on their own.
(function () {
  "use strict";

  function button(words, name) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = "hub-link-button hub-card__show hub-no-print";
    made.textContent = words;
    var whom = document.createElement("span");
    whom.className = "govuk-visually-hidden";
    whom.textContent = ": " + name;
    made.appendChild(whom);
    return made;
  }

  // A card: looked at, it marks its pin; its button goes there.
  function card(layer, spot) {
    var node = document.getElementById("group-" + spot.id);
    if (!node) return;
    function mark(on) {
      return function () { layer.mark(spot.id, spot.at, on); };
    }
    node.addEventListener("mouseenter", mark(true));
    node.addEventListener("mouseleave", mark(false));
    node.addEventListener("focusin", mark(true));
    node.addEventListener("focusout", mark(false));
    var title = node.querySelector(".hub-card__title");
    var show = button("Show on the map", title ? title.textContent.trim() : "");
    show.addEventListener("click", function () {
      layer._map.getContainer().scrollIntoView({ block: "nearest" });
      layer.show(spot.id, spot.at[0]);
    });
    node.appendChild(show);
  }

  // "In the list": the card comes into view and has the keyboard.
  function toCard(event) {
    var link = event.target.closest && event.target.closest('a[href^="#group-"]');
    var node = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!node) return;
    event.preventDefault();
    var still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    node.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
    var title = node.querySelector("a");
    if (title) title.focus({ preventScroll: true });
    node.classList.add("hub-card--chosen");
    window.setTimeout(function () { node.classList.remove("hub-card--chosen"); }, 4000);
  }

  // After the reader has moved the map: the list of what is in view, at an address of its own.
  function area(map, link) {
    var asked = false;
    map.getContainer().addEventListener("pointerdown", function () { asked = true; });
    map.getContainer().addEventListener("keydown", function () { asked = true; });
    map.getContainer().addEventListener("wheel", function () { asked = true; });
    map.on("moveend", function () {
      if (!asked) return;
      var bounds = map.getBounds();
      var box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
      var address = new URL(link.getAttribute("href"), window.location.href);
      address.searchParams.set("area", box.map(function (edge) { return edge.toFixed(4); }).join(","));
      link.setAttribute("href", address.pathname + address.search);
      link.parentNode.hidden = false;
    });
  }

  window.hubMap.linked = function (layer) {
    var map = layer._map;
    var link = document.getElementById("search-this-area");
    (layer._config.spots || []).forEach(function (spot) { card(layer, spot); });
    map.getContainer().addEventListener("click", toCard);
    if (link) area(map, link);
    return layer;
  };
})();
