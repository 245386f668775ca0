/** The whole connection on one strip: bytes by interval, losses and findings; a click goes to a time. */
const Overview = (() => {
  const { el, svg } = Dom;
  const INTERVALS = 240;
  const HEIGHT = 72;
  const MIDDLE = 36;
  const TALLEST = 28;

  const empty = (count) => new Array(count).fill(0);

  /** Fills the intervals that the program left out. */
  function dense(written) {
    const counts = (pairs) => {
      const all = empty(written.intervals);
      for (let k = 0; k < pairs.length; k += 2) {
        all[pairs[k]] = pairs[k + 1];
      }
      return all;
    };
    const sent = written.sent.map(({ point, direction, values }) => {
      const bytes = empty(written.intervals);
      const largest = empty(written.intervals);
      for (let k = 0; k < values.length; k += 3) {
        bytes[values[k]] = values[k + 1];
        largest[values[k]] = values[k + 2];
      }
      return { point, direction, bytes, largest };
    });
    return { end_us: written.end_us, intervals: written.intervals, sent, lost: written.lost.map(counts), findings: counts(written.findings) };
  }

  /** The same from a ladder that holds all segments. */
  function summed(ladder, groups, isMarked) {
    const end_us = Math.max(0, ...groups.map((group) => group.time), ladder.time_us.reduce((a, b) => Math.max(a, b), 0));
    const at = (time) => Math.min(INTERVALS - 1, Math.floor((Math.max(0, time) * INTERVALS) / (end_us + 1)));
    const sent = [];
    const lost = [empty(INTERVALS), empty(INTERVALS)];
    const findings = empty(INTERVALS);
    ladder.point.forEach((point, i) => {
      const direction = ladder.direction[i];
      let own = sent.find((s) => s.point === point && s.direction === direction);
      if (!own) {
        own = { point, direction, bytes: empty(INTERVALS), largest: empty(INTERVALS) };
        sent.push(own);
      }
      const k = at(ladder.time_us[i]);
      own.bytes[k] += ladder.bytes[i];
      own.largest[k] = Math.max(own.largest[k], ladder.bytes[i]);
    });
    groups.forEach((group) => {
      group.lost.forEach(([i]) => lost[group.direction][at(ladder.time_us[i])]++);
      findings[at(group.time)] += isMarked(group) ? 1 : 0;
    });
    return { end_us, intervals: INTERVALS, sent, lost, findings };
  }

  /** The overview of a ladder; null where the page holds too little for it. */
  function of(ladder, groups, isMarked) {
    if (ladder.overview) {
      return dense(ladder.overview);
    }
    return ladder.total === ladder.point.length ? summed(ladder, groups, isMarked) : null;
  }

  /** The bytes of a direction at the point nearest to its sender. */
  function bySender(overview, seen, direction) {
    const point = direction === 0 ? seen[0] : seen[seen.length - 1];
    const own = overview.sent.find((s) => s.point === point && s.direction === direction);
    return own ? own.bytes : empty(overview.intervals);
  }

  /** A time that a reader sees at a glance, in the unit that suits it. */
  function seconds(us) {
    if (us < 1e6) {
      return us < 1e3 ? Math.round(us) + " \u00b5s" : Number((us / 1e3).toPrecision(3)) + " ms";
    }
    return (us / 1e6).toFixed(us < 1e7 ? 3 : 1) + " s";
  }

  /** Draws the strip; go: called with a time in microseconds. Returns it, and a function that marks an extent of time. */
  function strip(overview, seen, go) {
    const { intervals, end_us } = overview;
    const bytes = [0, 1].map((way) => bySender(overview, seen, way));
    const most = Math.max(1, ...bytes[0], ...bytes[1]);
    const bars = bytes.map((column, way) =>
      column.map((value, i) => {
        const height = value && Math.max(1, (TALLEST * value) / most);
        return value > 0 && svg("rect", { class: "bar " + Data.DIRECTIONS[way], x: i, width: 1, y: way ? MIDDLE : MIDDLE - height, height });
      }),
    );
    const ticks = overview.lost.map((column, way) =>
      column.map((count, i) => count > 0 && svg("rect", { class: "loss", x: i, width: 1, y: way ? HEIGHT - 7 : 0, height: 7 })),
    );
    const found = overview.findings.map((count, i) => count > 0 && svg("rect", { class: "found", x: i, width: 1, y: MIDDLE - 2, height: 4 }));
    const window = svg("rect", { class: "window", x: 0, width: 0, y: 0, height: HEIGHT });
    const lost = overview.lost.flat().reduce((a, b) => a + b, 0);
    const label = "The whole connection, " + seconds(end_us) + ": at most " + Data.number(most) + " bytes in " + seconds(end_us / intervals) + "; " + Data.plural(lost, "transmission") + " lost";
    const drawing = svg(
      "svg",
      { class: "strip", viewBox: `0 0 ${intervals} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": label },
      window,
      svg("line", { class: "rail", x1: 0, x2: intervals, y1: MIDDLE, y2: MIDDLE }),
      bars,
      found,
      ticks,
    );
    drawing.addEventListener("click", (event) => {
      const box = drawing.getBoundingClientRect();
      go(((event.clientX - box.left) / box.width) * end_us);
    });
    const mark = (from, to) => {
      const x = (us) => (us / (end_us + 1)) * intervals;
      window.setAttribute("x", x(from));
      window.setAttribute("width", Math.max(1, x(to) - x(from)));
    };
    const caption = el(
      "figcaption",
      {},
      el("span", {}, "0 s"),
      el("span", {}, "above: client to server, below: server to client, at most " + Data.number(most) + " bytes in " + seconds(end_us / intervals)),
      el("span", {}, seconds(end_us)),
    );
    return { figure: el("figure", { class: "overview" }, drawing, caption), mark };
  }

  return { of, strip, seconds };
})();
