/** Plots segment sizes over time, with the limits set by MSS and path MTU. */
const Plot = (() => {
  const { el } = Dom;
  const HEIGHT_PX = 260;
  const { colour } = Chart;

  /** A stronger colour for points farther from the sender. */
  const mixed = (s) => "color-mix(in srgb, " + colour(s.colour) + " " + 100 * s.shade + "%, " + colour("paper") + ")";
  const headers = (connection) => (Object.values(connection.at)[0].client.startsWith("[") ? 60 : 40);

  /** The sorted times, and a column for each series with gaps where it has no value. */
  function table(series) {
    const times = [...new Set(series.flatMap((s) => s.values.map((v) => v[0])))].sort((a, b) => a - b);
    const index = new Map(times.map((time, i) => [time, i]));
    const columns = series.map((s) => {
      const column = new Array(times.length).fill(null);
      s.values.forEach(([time, value]) => (column[index.get(time)] = value));
      return column;
    });
    return [times.map((t) => t / 1e6)].concat(columns);
  }

  function sizes(ladder, way, point) {
    const values = [];
    ladder.point.forEach((p, i) => {
      if (p === point && ladder.direction[i] === way && ladder.bytes[i] > 0) {
        values.push([ladder.time_us[i], ladder.bytes[i]]);
      }
    });
    return values;
  }

  /** The largest segment of each interval, at its middle. */
  function largest(overview, way, point) {
    const own = overview.sent.find((s) => s.point === point && s.direction === way);
    return own ? byInterval(overview, own.largest) : [];
  }

  const byInterval = (overview, column) =>
    column.map((value, i) => [Math.round(((i + 0.5) * overview.end_us) / overview.intervals), value]).filter((v) => v[1] > 0);

  function level(value, first, last) {
    return [[first, value], [last, value]];
  }

  /** Sizes above this multiple of the largest limit are drawn at the upper edge: supersegments would flatten all others. */
  const EDGE = 3;

  function ceiling(list) {
    const limits = list.filter((s) => !s.points).flatMap((s) => s.values.map((v) => v[1]));
    const largest = Math.max(0, ...list.filter((s) => s.points).flatMap((s) => s.values.map((v) => v[1])));
    const edge = limits.length ? EDGE * Math.max(...limits) : Infinity;
    return { largest, edge };
  }

  function title(way, { largest, edge }, overview) {
    const more = largest > edge ? "; those above " + Words.number(edge) + " bytes are at the upper edge, the largest has " + Words.number(largest) : "";
    return "Sent " + Data.way(Data.DIRECTIONS[way]) + (overview ? ", the largest segment of each " + Overview.seconds(overview.end_us / overview.intervals) : "") + more;
  }

  /** The series of one direction: sizes at each point, MSS and path MTU. */
  function series(ladder, connection, seen, way, overview) {
    const order = way === 0 ? seen : seen.slice().reverse();
    const first = Math.min(...ladder.time_us);
    const last = overview ? overview.end_us : Math.max(...ladder.time_us);
    const list = order.map((point, i) => ({
      name: "at " + Data.points[point],
      values: overview ? largest(overview, way, point) : sizes(ladder, way, point),
      points: true,
      shade: order.length > 1 ? i / (order.length - 1) : 0,
      colour: Data.DIRECTIONS[way],
    }));
    const limits = new Map();
    order.forEach((point) => {
      const mss = connection.mss[Data.DIRECTIONS[1 - way]][Data.points[point]];
      if (mss) {
        limits.set(mss, (limits.get(mss) || []).concat(Data.points[point]));
      }
    });
    [...limits].forEach(([mss, points], i) =>
      list.push({ name: (way === 0 ? "server" : "client") + "'s MSS " + mss + " at " + points.join(", "), values: level(mss, first, last), colour: "muted", dash: i ? [2, 3] : [8, 4] }),
    );
    const tooBig = ladder.icmp.filter((m) => m.quoted_direction === way && m.mtu_bytes > 0);
    if (tooBig.length) {
      const room = tooBig.map((m) => [m.time_us, m.mtu_bytes - headers(connection)]);
      list.push({ name: "path MTU by ICMP less headers", values: room.concat([[last, room[room.length - 1][1]]]), colour: "icmp", stepped: true });
    }
    return list;
  }

  function options(heading, list, width, columns, unit = "bytes of payload") {
    const one = (s) => ({
      label: s.name,
      stroke: colour(s.colour),
      width: s.points ? 0 : 1.25,
      dash: s.dash,
      spanGaps: true,
      paths: s.points ? () => null : s.stepped ? uPlot.paths.stepped({ align: 1 }) : undefined,
      points: s.points ? { show: true, size: 6, width: 1, stroke: colour(s.colour), fill: mixed(s) } : { show: false },
      value: (u, v, s, i) => (v === null ? "\u2013" : String(columns[s][i])),
    });
    return {
      title: heading,
      width,
      height: HEIGHT_PX,
      padding: [null, 20, null, null], // Room for half of the last label.
      scales: { x: { time: false }, y: { range: (u, min, max) => [0, Math.max(100, max * 1.08)] } },
      axes: [Chart.axis({ label: "s", labelSize: 18 }), Chart.axis({ label: unit, size: 70, values: (u, splits) => splits.map(Words.number) })],
      series: [{ label: "s", value: (u, v) => (v === null ? "\u2013" : v.toFixed(6)) }].concat(list.map(one)),
      legend: {
        markers: {
          width: 1.5,
          fill: (u, i) => (list[i - 1].points ? mixed(list[i - 1]) : null),
          stroke: (u, i) => colour(list[i - 1].colour),
          dash: (u, i) => (list[i - 1].dash ? (list[i - 1].dash[0] > 4 ? "dashed" : "dotted") : "solid"),
        },
      },
    };
  }

  /** The bytes of each interval, of both directions at all points. */
  function rates(place, overview, seen, width) {
    const list = [0, 1].flatMap((way) =>
      seen.map((point) => {
        const own = overview.sent.find((s) => s.point === point && s.direction === way);
        const column = own ? own.bytes : new Array(overview.intervals).fill(0);
        return {
          name: Data.way(Data.DIRECTIONS[way]) + " at " + Data.points[point],
          values: column.map((value, i) => [Math.round(((i + 0.5) * overview.end_us) / overview.intervals), value]),
          colour: Data.DIRECTIONS[way],
          dash: point === (way === 0 ? seen[0] : seen[seen.length - 1]) ? undefined : [3, 3],
        };
      }),
    );
    const box = el("figure", { role: "img", "aria-label": "Bytes of payload over time" });
    place.append(box);
    const columns = table(list);
    new uPlot(options("Bytes of payload in each " + Overview.seconds(overview.end_us / overview.intervals), list, width, columns, "bytes"), columns, box);
  }

  /** Draws the plots; overview: sums over all segments, if the ladder does not hold them all. */
  function draw(place, ladder, connection, seen, overview) {
    Chart.keep(place, () => {
      place.replaceChildren();
      const width = Chart.widthPx(place);
      [0, 1].forEach((way) => {
        const list = series(ladder, connection, seen, way, overview);
        if (!list.some((s) => s.points && s.values.length)) {
          return;
        }
        const box = el("figure", { role: "img", "aria-label": "Sizes of segments sent " + Data.way(Data.DIRECTIONS[way]) + " over time" });
        place.append(box);
        const limits = ceiling(list);
        const columns = table(list);
        const clipped = columns.map((column, i) => (i ? column.map((v) => (v === null ? v : Math.min(v, limits.edge))) : column));
        new uPlot(options(title(way, limits, overview), list, width, columns), clipped, box);
      });
      if (overview) {
        rates(place, overview, seen, width);
      }
      if (!place.childElementCount) {
        place.append(el("p", { class: "hint" }, "No segment carries data."));
      }
    });
  }

  return { draw };
})();
