/** Charts of connections over time. */
const Trend = (() => {
  const { el } = Dom;
  const HEIGHT_PX = 200;
  const COLOURS = ["c2s", "s2c", "icmp", "lost", "warn", "muted"];

  /** A number for each step; the trend lists step and number alternately, only where the number is not 0. */
  function column(trend) {
    const numbers = new Array(Case.steps.length).fill(0);
    for (let i = 0; i < trend.length; i += 2) {
      numbers[trend[i]] = trend[i + 1];
    }
    return numbers;
  }

  const time = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");

  /** The part of an ISO time that labels a step: index of its first character, and after its last. */
  const LABEL_PART = { second: [11, 19], minute: [5, 16], hour: [5, 16], day: [0, 10], month: [0, 7] }[Case.scale];
  const short = (seconds) => time(seconds).slice(...LABEL_PART);

  function options(list, width, axis) {
    const bars = uPlot.paths.bars({ size: [0.9, 60], align: 1 });
    const one = (s, i) => ({
      label: s.name,
      stroke: Chart.colour(s.colour || COLOURS[i % COLOURS.length]),
      fill: s.filled ? Chart.colour(s.colour) : undefined,
      width: 1,
      paths: bars,
      points: { show: false },
      value: (u, v) => (v === null ? "\u2013" : Words.number(v)),
    });
    return {
      width,
      height: HEIGHT_PX,
      padding: [null, 44, null, null], // Room for half of the last label.
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      scales: { x: { range: (u, min, max) => [min, max + Case.steps[1] - Case.steps[0]] }, y: { range: (u, min, max) => [0, Math.max(1, max * 1.08)] } },
      axes: [Chart.axis({ space: 110, values: (u, splits) => splits.map(short) }), Chart.axis({ label: axis, size: 60, values: (u, splits) => splits.map(Words.number) })],
      series: [{ label: "UTC", value: (u, v) => (v === null ? "\u2013" : time(v)) }].concat(list.map(one)),
    };
  }

  /** Draws series with a name and a trend; label: text for screen readers; axis: what is drawn. */
  function draw(place, label, list, axis = "connections by " + Case.scale) {
    if (Case.steps.length < 2) {
      return;
    }
    const columns = [Case.steps].concat(list.map((s) => column(s.trend)));
    const figure = el("figure", { class: "trend", role: "img", "aria-label": label });
    place.append(figure);
    Chart.keep(figure, () => {
      figure.replaceChildren();
      new uPlot(options(list, Chart.widthPx(place), axis), columns, figure);
    });
  }

  return { draw };
})();
