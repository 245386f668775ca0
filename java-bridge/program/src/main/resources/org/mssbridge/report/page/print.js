/** Paper shows everything: what a place of the page shows in parts is whole while the page is printed. */
const Printing = (() => {
  const parts = new Map();
  let saved = new Map();

  function begin() {
    saved = new Map();
    parts.forEach(({ place, make }) => {
      const nodes = place.isConnected ? make() : null;
      if (nodes) {
        saved.set(place, [...place.childNodes]);
        place.replaceChildren();
        Dom.append(place, [nodes]);
      }
    });
  }

  function end() {
    saved.forEach((nodes, place) => place.replaceChildren(...nodes));
    saved = new Map();
  }

  matchMedia("print").addEventListener("change", (event) => (event.matches ? begin() : end()));

  /** While printing, a place shows what make returns; null: no change. A later part of the same name replaces it. */
  function part(name, place, make) {
    parts.set(name, { place, make });
  }

  return { part };
})();
