/** Charts of each leg and direction over time; a drag over one, or its two ends, zoom the ladder. */
const OverTime = (() => {
  const { el } = Dom;
  const HEIGHT_PX = 132;

  /** The least range of a chart of delays: below it are the resolutions of captures. */
  const LEAST_MS = 0.01;
  const all = Data.report.over_time || [];

  /** Windows above this multiple of what is in flight are drawn at the upper edge: they would flatten all else. */
  const EDGE = 3;

  /** A shorter way of a finger is a tap. */
  const LEAST_TOUCH_PX = 6;

  /** The microseconds of an ISO time, which has up to nine decimals. */
  function micros(iso) {
    const [whole, fraction = ""] = iso.replace("Z", "").split(".");
    return Date.parse(whole + "Z") * 1000 + Number(fraction.padEnd(6, "0").slice(0, 6));
  }

  const reaches = (run, i) => run !== null && i >= run[0] && i <= run[1];

  /** A value for each interval: that of the report; 0 where nothing passed; null where no capture shows it. */
  function dense(series) {
    const index = new Map(series.interval.map((number, k) => [number, k]));
    const column = (name, idle) =>
      Array.from({ length: series.intervals }, (_, i) => (index.has(i) ? series[name][index.get(i)] : idle(i) ? 0 : null));
    const near = (i) => reaches(series.near_reached, i);
    const far = (i) => reaches(series.far_reached, i);
    const never = () => false;
    const rate = (name, isReached) => column(name, isReached).map((bytes) => (bytes === null ? null : (bytes * 8e3) / series.width_ms));
    return {
      median: column("delay_median_ms", never),
      percentile: column("delay_percentile_95_ms", never),
      worst: column("delay_worst_ms", never),
      jitter: column("jitter_ms", never),
      lost: column("lost_segments", (i) => near(i) && far(i)),
      repeated: column("repeated_segments", near),
      sent: rate("sent_bytes", near),
      arrived: rate("arrived_bytes", far),
      flight: column("in_flight_bytes", near),
      window: column("window_bytes", never),
      isMissing: (i) => !near(i) || !far(i),
    };
  }

  /** A number with three digits and the prefix of its unit, such as 1.25 Mbit/s. */
  function scaled(value, unit) {
    const [divisor, prefix] = value >= 1e9 ? [1e9, "G"] : value >= 1e6 ? [1e6, "M"] : value >= 1e3 ? [1e3, "k"] : [1, ""];
    return Number((value / divisor).toPrecision(3)) + " " + prefix + unit;
  }

  const bits = (value) => scaled(value, "bit/s");
  const bytes = (value) => scaled(value, "B");
  const span = (ms) => (ms < 1 ? Math.round(ms * 1000) + " \u00b5s" : ms < 1000 ? Number(ms.toPrecision(3)) + " ms" : Number((ms / 1000).toPrecision(3)) + " s");

  function linear(name, values, colour, more = {}) {
    return { name, values, colour, points: { show: true, size: 4 }, ...more };
  }

  const stepped = (name, values, colour, more = {}) => ({ name, values, colour, paths: uPlot.paths.stepped({ align: 1 }), points: { show: false }, ...more });
  
  /** Bars of a part of an interval's width: narrower ones are before wider ones. */
  const bars = (name, values, colour, part) => ({ name, values, colour, fill: colour, paths: uPlot.paths.bars({ size: [part, 40 * part], align: 1 }), points: { show: false } });

  /** The delays between which the median surely is, for the band around it. */
  function bounds(series, sums) {
    const low = sums.median.map((v) => (v === null ? null : Math.max(0, v - series.uncertainty_ms)));
    const high = sums.median.map((v) => (v === null ? null : v + series.uncertainty_ms));
    return [high, low];
  }

  function delay(series, sums) {
    return {
      title: "One-way delay" + (series.uncertainty_ms > 0 ? ", \u00b1 " + span(series.uncertainty_ms) + " (the band): the clock offset is not known better" : ""),
      unit: span,
      least: LEAST_MS,
      list: [
        linear("worst", sums.worst, "muted", { width: 0, paths: () => null }),
        linear("95 %", sums.percentile, series.direction, { dash: [4, 3], points: { show: false } }),
        linear("median", sums.median, series.direction),
      ],
      band: series.uncertainty_ms > 0 ? bounds(series, sums) : null,
    };
  }

  const jitter = (series, sums) => ({
    title: "Jitter: mean difference of delay between consecutive segments of a connection",
    unit: span,
    least: LEAST_MS,
    list: [linear("jitter", sums.jitter, series.direction)],
  });

  const losses = (series, sums) => ({
    title: "Segments lost, and those that repeat bytes seen at " + series.near,
    unit: Words.number,
    least: 1,
    whole: true,
    list: [bars("repeated", sums.repeated, "warn", 0.9), bars("lost", sums.lost, "lost", 0.4)],
  });

  const throughput = (series, sums) => ({
    title: "Throughput, payload",
    unit: bits,
    least: 1,
    list: [stepped("at " + series.near, sums.sent, series.direction), stepped("at " + series.far, sums.arrived, series.direction, { dash: [4, 3] })],
  });

  function flight(series, sums) {
    const most = Math.max(series.mss_bytes || 0, ...sums.flight.filter((v) => v !== null));
    const edge = EDGE * most;
    const isAbove = sums.window.some((v) => v > edge);
    const mss = series.mss_bytes === null ? [] : [stepped("MSS", sums.flight.map(() => series.mss_bytes), "muted", { dash: [2, 3] })];
    const window = sums.window.some((v) => v !== null) ? [stepped("receiver's window then", sums.window, "icmp", { dash: [6, 3], width: 1.25 })] : [];
    return {
      title: (series.connection === null ? "Most bytes in flight of a connection" : "Most bytes in flight") + " at " + series.near
        + (isAbove ? "; windows above " + bytes(edge) + " are at the upper edge" : "")
        + (window.length ? "" : "; the window is not known, since a SYN was not seen"),
      unit: bytes,
      least: 1,
      edge,
      list: [stepped("in flight", sums.flight, series.direction), ...window, ...mss],
    };
  }

  /** Shades the intervals that a capture does not reach. */
  function shade(u, times, width, isMissing) {
    u.ctx.save();
    u.ctx.fillStyle = Chart.colour("line");
    u.ctx.globalAlpha = 0.45;
    times.forEach((time, i) => {
      if (isMissing(i)) {
        const left = u.valToPos(time, "x", true);
        u.ctx.fillRect(left, u.bbox.top, u.valToPos(time + width, "x", true) - left, u.bbox.height);
      }
    });
    u.ctx.restore();
  }

  function options(chart, axis, sums, width, brushed) {
    const one = (s) => ({
      label: s.name,
      stroke: Chart.colour(s.colour),
      fill: s.fill && Chart.colour(s.fill),
      width: s.width ?? 1.5,
      dash: s.dash,
      paths: s.paths,
      points: { stroke: Chart.colour(s.colour), fill: Chart.colour(s.colour), ...s.points },
      value: (u, v, k, i) => (i === null || s.values[i] === null ? "\u2013" : chart.unit(s.values[i])),
    });
    const hidden = chart.band ? chart.band.map(() => ({ label: "", stroke: "transparent", width: 0, points: { show: false }, paths: uPlot.paths.stepped({ align: 1 }), class: "band" })) : [];
    const markerOf = (u, i) => chart.list[i - 1 - hidden.length] || chart.list[0];
    return {
      width,
      height: HEIGHT_PX,
      padding: [6, 20, null, null],
      cursor: { drag: { x: true, y: false, setScale: false }, sync: { key: "over-time", scales: ["x", null], filters: { pub: (type) => type === "mousemove" || type === "mouseleave" } }, points: { size: 5 } },
      scales: {
        x: { time: false, range: () => [axis.times[0], axis.times[0] + axis.times.length * axis.width] },
        y: { range: (u, min, max) => [0, Math.max(chart.least, max * 1.08)] },
      },
      axes: [
        Chart.axis({ space: axis.isClock ? 80 : 60, size: 28, values: (u, splits) => splits.map(axis.label) }),
        Chart.axis({ size: 76, space: 26, incrs: chart.whole ? [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 1e4, 1e5, 1e6, 1e7] : undefined, values: (u, splits) => splits.map((v) => (v === 0 ? "0" : chart.unit(v))) }),
      ],
      series: [{ label: "from", value: (u, v) => (v === null ? "\u2013" : axis.exact(v)) }, ...hidden, ...chart.list.map(one)],
      legend: {
        markers: {
          width: 1.5,
          fill: (u, i) => (markerOf(u, i).fill ? Chart.colour(markerOf(u, i).colour) : null),
          stroke: (u, i) => Chart.colour(markerOf(u, i).colour),
          dash: (u, i) => (markerOf(u, i).dash ? (markerOf(u, i).dash[0] > 2 ? "dashed" : "dotted") : "solid"),
        },
      },
      bands: chart.band ? [{ series: [1, 2], fill: "color-mix(in srgb, " + Chart.colour("line") + " 60%, transparent)" }] : undefined,
      hooks: {
        drawClear: [(u) => shade(u, axis.times, axis.width, sums.isMissing)],
        setSelect: [
          (u) => {
            if (u.select.width > 0) {
              brushed(u.posToVal(u.select.left, "x"), u.posToVal(u.select.left + u.select.width, "x"));
            }
          },
        ],
      },
    };
  }

  /** A finger or a pen: uPlot itself follows only the mouse. Up and down still scroll the page. */
  function brushByTouch(u) {
    let from = null;
    const at = (event) => Math.max(0, Math.min(u.over.clientWidth, event.clientX - u.over.getBoundingClientRect().left));
    const select = (event, isEnd) => {
      const to = at(event);
      u.setSelect({ left: Math.min(from, to), top: 0, width: Math.abs(to - from), height: u.over.clientHeight }, isEnd);
    };
    u.over.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "mouse" && event.isPrimary) {
        from = at(event);
        u.over.setPointerCapture(event.pointerId);
      }
    });
    u.over.addEventListener("pointermove", (event) => {
      if (from !== null) {
        select(event, false);
      }
    });
    u.over.addEventListener("pointerup", (event) => {
      if (from !== null) {
        select(event, Math.abs(at(event) - from) >= LEAST_TOUCH_PX);
        from = null;
      }
    });
    u.over.addEventListener("pointercancel", () => {
      from = null;
      u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    });
  }

  /** The two ends of a time, for the keyboard: the brush of the charts does the same. */
  function ends(axis, plots, brushed) {
    const last = axis.times.length - 1;
    const time = (index) => axis.times[0] + index * axis.width;
    const shown = el("output", {});
    const slider = (label, value) => el("input", { type: "range", min: 0, max: last, step: 1, value, "aria-label": label });
    const first = slider("Start of the time to show in the ladder", 0);
    const end = slider("End of the time to show in the ladder, inclusive", last);
    const say = () => {
      const [from, to] = [time(Number(first.value)), time(Number(end.value) + 1)];
      first.setAttribute("aria-valuetext", axis.exact(from));
      end.setAttribute("aria-valuetext", axis.exact(to));
      shown.textContent = axis.exact(from) + " to " + axis.exact(to);
      return [from, to];
    };
    /** Neither end passes the other: the one that is moved pushes it. */
    const move = (moved, other, isPushed) => {
      if (isPushed(Number(moved.value), Number(other.value))) {
        other.value = moved.value;
      }
      const [from, to] = say();
      plots.forEach((u) => {
        const left = u.valToPos(from, "x");
        u.setSelect({ left, top: 0, width: u.valToPos(to, "x") - left, height: u.over.clientHeight }, false);
      });
    };
    first.addEventListener("input", () => move(first, end, (a, b) => a > b));
    end.addEventListener("input", () => move(end, first, (a, b) => a < b));
    say();
    return el(
      "fieldset",
      { class: "ends" },
      el("legend", {}, "Time to show in the ladder"),
      first,
      end,
      shown,
      el("button", { type: "button", onclick: () => brushed(...say()) }, "Show in the ladder"),
    );
  }

  /** The times of the intervals, in seconds from an origin, and how they are written. */
  function axisOf(series, origin_us) {
    const width = series.width_ms / 1e3;
    const first = (micros(series.from) - origin_us) / 1e6;
    const digits = Math.max(0, Math.ceil(-Math.log10(width)));
    const utc = (seconds) => new Date((origin_us + seconds * 1e6) / 1e3).toISOString();
    const isClock = series.connection === null && width >= 1;
    return {
      width,
      times: Array.from({ length: series.intervals }, (_, i) => first + i * width),
      isClock,
      label: (v) => (isClock ? utc(v).slice(11, 19) : Number(v.toFixed(6)) + " s"),
      exact: (v) => (isClock ? utc(v).slice(0, 19).replace("T", " ") : v.toFixed(digits) + " s"),
    };
  }

  function figure(place, series, chart, axis, sums, brushed, plots) {
    const label = chart.title + ", " + Data.way(series.direction) + ", from " + series.near + " to " + series.far;
    const box = el("figure", { role: "img", "aria-label": label });
    place.append(box);
    Chart.keep(box, () => {
      box.replaceChildren(el("figcaption", {}, chart.title));
      const drawn = chart.list.map((s) => (chart.edge ? s.values.map((v) => (v === null ? null : Math.min(v, chart.edge))) : s.values));
      const plot = new uPlot(options(chart, axis, sums, Chart.widthPx(box), brushed), [axis.times, ...(chart.band || []), ...drawn], box);
      brushByTouch(plot);
      plots.set(box, plot); // Drawing again makes another one.
    });
  }

  /** Where a capture does not reach all of the time, in words. */
  function gaps(series) {
    const missing = [["near", series.near], ["far", series.far]].filter(([side]) => {
      const run = series[side + "_reached"];
      return run === null || run[0] > 0 || run[1] < series.intervals - 1;
    });
    const names = missing.map(([, name]) => name).join(" and ");
    const lack = missing.length > 1 ? "the captures at " + names + " do" : "the capture at " + names + " does";
    return missing.length > 0 && el("p", { class: "hint gap" }, "Shaded: " + lack + " not reach there.");
  }

  function column(series, isOneOfSeveral, origin_us, brushed, plots) {
    const sums = dense(series);
    const axis = axisOf(series, origin_us);
    const place = el("div", { class: "leg-over-time" });
    Dom.append(place, [
      el("h4", { class: series.direction }, Data.way(series.direction) + (isOneOfSeveral ? ", from " + series.near + " to " + series.far : "")),
      gaps(series),
      series.delay_unknown !== null && el("p", { class: "hint" }, "One-way delay and jitter are not shown: " + series.delay_unknown + "."),
    ]);
    const charts = series.delay_unknown === null && sums.median.some((v) => v !== null) ? [delay, jitter] : [];
    return { place, draw: () => charts.concat(losses, throughput, flight).forEach((chart) => figure(place, series, chart(series, sums), axis, sums, brushed, plots)) };
  }

  /** Draws the charts of some series; origin_us: the time that counts as 0; brushed: called with two times from there, in seconds. */
  function charts(place, list, origin_us, brushed) {
    const plots = new Map();
    const columns = list.map((series) => column(series, list.length > 2, origin_us, brushed, plots));
    place.append(
      el("p", { class: "hint" }, "Each value is of " + span(list[0].width_ms) + ". ", el("span", { class: "drag" }, "Drag over a chart to show that time in the ladder.")),
      ends(axisOf(list[0], origin_us), plots, brushed),
      el("div", { class: "over-time" }, columns.map((c) => c.place)),
    );
    columns.forEach((c) => c.draw());
  }

  /** All connections together; a single one has its charts below its ladder. */
  function draw() {
    const together = all.filter((series) => series.connection === null);
    const section = Dom.byId("over-time");
    if (!together.some((series) => series.connections > 1)) {
      section.remove();
      return;
    }
    const origin = micros(together[0].from);
    section.append(
      el("p", { class: "hint" }, Data.plural(Math.max(...together.map((s) => s.connections)), "connection") + " together, from " + together[0].from + " on, on the clock of " + Data.report.captures[0].point + "."),
    );
    charts(section, together, origin, (from, to) => ConnectionView.zoom(origin + from * 1e6, origin + to * 1e6));
  }

  /** One connection, whose ladder begins at a time; nothing if the report has no times of any. */
  function drawConnection(place, id, start, brushed) {
    const own = all.filter((series) => series.connection === id);
    if (!all.length) {
      return;
    }
    place.append(el("h3", { class: "sizes" }, "Over time"));
    if (own.length) {
      charts(place, own, micros(start), brushed);
    } else {
      const shown = new Set(all.map((series) => series.connection)).size - 1;
      place.append(el("p", { class: "hint" }, "Not shown: the page has this only for the " + Data.plural(shown, "connection") + " with most segments among those that both points of a leg saw."));
    }
  }

  return { draw, drawConnection, micros, sums: dense };
})();
