/** What all charts share: the page's colours and fonts, and redrawing when the colours change. */
const Chart = (() => {
  const drawings = new Map();

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

  function axis(more) {
    const font = "12px " + getComputedStyle(document.body).fontFamily;
    const line = { stroke: colour("line"), width: 1 };
    return { font, labelFont: font, stroke: colour("muted"), grid: line, ticks: line, ...more };
  }

  /** The width of a drawing in a place, without the place's padding. */
  function widthPx(place) {
    const { paddingLeft, paddingRight } = getComputedStyle(place);
    const room = place.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    return Math.max(240, Math.min(1100, room > 0 ? room : 900));
  }

  /** Draws now and whenever the colours change. A later call for the same place replaces the drawing. */
  function keep(place, draw) {
    drawings.set(place, draw);
    draw();
  }

  function redraw() {
    drawings.forEach((draw, place) => {
      if (place.isConnected) {
        draw();
      } else {
        drawings.delete(place);
      }
    });
  }

  let width = innerWidth;
  addEventListener("resize", () => {
    if (width !== innerWidth) {
      width = innerWidth;
      redraw();
    }
  });

  // Printing switches to the light colours.
  ["(prefers-color-scheme: dark)", "print"].forEach((query) => matchMedia(query).addEventListener("change", redraw));

  return { colour, axis, widthPx, keep };
})();
