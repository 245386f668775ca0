/** Draws a ladder: a vertical line for each point, time running downwards, an arrow for each transmission. */
const Ladder = (() => {
  const { svg } = Dom;
  const TIME = 84;

  /** In a narrow ladder the times are smaller, and each label is above its arrow's end, between the lines. */
  const NARROW_TIME = 58;
  const GAP = 10;
  const MIN_LABEL = 120;
  const MAX_LABEL = 340;
  const MIN_SPAN = 190;
  const MAX_SPAN = 300;
  const HEAD = 6;

  /** Length of an arrow with one end. A single line has arrows on both sides, and its labels beside them. */
  const STUB = 32;

  function labelPen() {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = "12px " + getComputedStyle(document.body).fontFamily;
    return pen;
  }

  /** The width of a point's labels, in the font of the page. */
  function labelWidth(ladder, groups, point) {
    const pen = labelPen();
    const texts = groups.flatMap((group) =>
      group.icmp
        ? group.icmp.filter((m) => m.point === point).map((m) => "#" + m.frame + "  " + tooBig(m))
        : group.rungs.filter((i) => ladder.point[i] === point).map((i) => "#" + ladder.frame[i] + "  " + LadderLayout.label(ladder, i)),
    );
    const widest = Math.max(0, ...texts.map((text) => pen.measureText(text).width));
    return Math.max(MIN_LABEL, Math.min(MAX_LABEL, Math.ceil(1.05 * widest) + 2 * GAP));
  }

  /** The lines at the edges of a narrow room. */
  function narrowColumns(seen, room) {
    const first = NARROW_TIME + 2 * GAP;
    const span = seen.length > 1 ? (room - first - GAP) / (seen.length - 1) : STUB;
    return { x: new Map(seen.map((point, i) => [point, first + (seen.length > 1 ? i * span : STUB)])), span, width: room, narrow: true };
  }

  /** The positions of the lines for a width of room; they keep a minimum distance even if that needs more. */
  function columns(ladder, groups, seen, room) {
    const wide = wideColumns(ladder, groups, seen, room);
    return room > 0 && wide.width > room ? narrowColumns(seen, room) : wide;
  }

  function wideColumns(ladder, groups, seen, room) {
    const right = labelWidth(ladder, groups, seen[seen.length - 1]);
    if (seen.length === 1) {
      return { x: new Map([[seen[0], TIME + 2 * STUB]]), span: STUB, width: TIME + 3 * STUB + right };
    }
    const left = TIME + labelWidth(ladder, groups, seen[0]);
    const share = Math.floor((room - left - right) / (seen.length - 1));
    const span = Math.max(MIN_SPAN, Math.min(MAX_SPAN, share));
    const x = new Map(seen.map((point, i) => [point, left + i * span]));
    return { x, span, width: left + (seen.length - 1) * span + right };
  }

  const tooBig = (message) => "ICMP too big, MTU " + message.mtu_bytes;

  function arrow(x1, y1, x2, y2, className) {
    const length = Math.hypot(x2 - x1, y2 - y1) || 1;
    const ux = (x2 - x1) / length;
    const uy = (y2 - y1) / length;
    const bx = x2 - HEAD * ux;
    const by = y2 - HEAD * uy;
    const head = [
      [x2, y2],
      [bx - (HEAD / 2) * uy, by + (HEAD / 2) * ux],
      [bx + (HEAD / 2) * uy, by - (HEAD / 2) * ux],
    ];
    return [
      svg("line", { class: className, x1, y1, x2: bx, y2: by }),
      svg("polygon", { class: "head", points: head.map((p) => p.map((v) => v.toFixed(1)).join(",")).join(" ") }),
    ];
  }

  function cross(x, y) {
    const d = 4;
    return svg("path", { class: "cross", d: `M${x - d} ${y - d}L${x + d} ${y + d}M${x - d} ${y + d}L${x + d} ${y - d}` });
  }

  /** The next point in a direction that saw the connection; undefined after the last. */
  function next(view, point, direction) {
    const index = view.seen.indexOf(point);
    return view.seen[direction === 0 ? index + 1 : index - 1];
  }

  const previous = (view, point, direction) => next(view, point, 1 - direction);

  /** The x at a part (0 to 1) of the way from a point to the next. */
  function towards(view, point, direction, part) {
    const x = view.x.get(point);
    const to = next(view, point, direction);
    const step = direction === 0 ? view.span : -view.span;
    return x + (to === undefined ? step : view.x.get(to) - x) * part;
  }

  function shafts(view, group) {
    const { ladder, y } = view;
    const parts = [];
    for (const [from, to] of group.links) {
      parts.push(arrow(view.x.get(ladder.point[from]), y.get(from), view.x.get(ladder.point[to]), y.get(to), "shaft"));
    }
    const passed = new Map(group.passed);
    for (const [from, to] of passed) {
      parts.push(arrow(view.x.get(ladder.point[from]), y.get(from), view.x.get(ladder.point[to]), y.get(to), "shaft missed"));
    }
    for (const [kind, part] of [["lost", 0.5], ["missed", 1]]) {
      for (const [from] of group[kind].filter(([i]) => !passed.has(i))) {
        const x = view.x.get(ladder.point[from]);
        const end = towards(view, ladder.point[from], group.direction, part);
        const down = y.get(from) + (group.links.length ? 0 : 9);
        parts.push(arrow(x, y.get(from), end, down, "shaft " + kind));
        parts.push(kind === "lost" ? cross(end + (end > x ? 7 : -7), down) : null);
      }
    }
    return parts.concat(stubs(view, group));
  }

  /** Short arrows where a sighting has no counterpart at the previous or at the next point. */
  function stubs(view, group) {
    const parts = [];
    const sent = new Set(group.links.concat(group.lost, group.missed).map((pair) => pair[0]));
    const arrived = new Set(group.links.concat(group.passed).map((pair) => pair[1]));
    const way = group.direction === 0 ? STUB : -STUB;
    for (const i of group.rungs) {
      const point = view.ladder.point[i];
      const x = view.x.get(point);
      const onward = next(view, point, group.direction) !== undefined;
      if (!sent.has(i) && (onward || view.seen.length === 1)) {
        parts.push(arrow(x, view.y.get(i), x + way, view.y.get(i), onward ? "shaft stub" : "shaft"));
      }
      if (!arrived.has(i) && previous(view, point, group.direction) !== undefined) {
        parts.push(arrow(x - way, view.y.get(i), x, view.y.get(i), "shaft stub"));
      }
    }
    return parts;
  }

  function message(view, group) {
    const seen = group.icmp.slice().sort((a, b) => a.time_us - b.time_us);
    const parts = [];
    const first = seen[0];
    const start = towards(view, first.point, 1 - group.direction, 0.5);
    parts.push(arrow(start, view.y.get(first) - 8, view.x.get(first.point), view.y.get(first), "shaft"));
    for (let i = 1; i < seen.length; i++) {
      parts.push(arrow(view.x.get(seen[i - 1].point), view.y.get(seen[i - 1]), view.x.get(seen[i].point), view.y.get(seen[i]), "shaft"));
    }
    seen.forEach((m) => parts.push(label(view, group, m.point, view.y.get(m), m.frame, [tooBig(m)], marked(view, m.point, m.frame))));
    return parts;
  }

  /** Labels are outside the first and the last line; at lines between them, above the outgoing arrow. */
  function label(view, group, point, y, frame, words, severity) {
    const x = view.x.get(point);
    const single = view.seen.length === 1;
    const between = !single && point !== view.seen[0] && point !== view.seen[view.seen.length - 1];
    const left = !single && (between ? group.direction === 1 : point === view.seen[0]);
    const gap = single ? STUB + 14 : GAP;
    const dot = severity
      ? svg("rect", { class: "mark " + severity, x: x - 4, y: y - 4, width: 8, height: 8 })
      : svg("circle", { class: "dot", cx: x, cy: y, r: 2.5 });
    const number = svg("tspan", { class: "frame" }, "#" + frame);
    const space = svg("tspan", {}, "\u00a0\u00a0");
    if (view.narrow) {
      return [...narrowLabel(view, point, y, [number, space], words), dot];
    }
    const content = left ? [words, space, number] : [number, space, words];
    return [
      svg("text", { class: "label", x: left ? x - gap : x + gap, y: between ? y - 4 : y + 4, "text-anchor": left ? "end" : "start" }, content),
      dot,
    ];
  }

  /** A label above its line's end; SACK is on a line of its own. */
  function narrowLabel(view, point, y, number, [first, ...rest]) {
    const start = view.seen.length === 1 || view.seen.indexOf(point) < (view.seen.length - 1) / 2;
    const rail = view.x.get(point);
    const second = rest.filter(Boolean);
    const lines = second.length ? [[number, first], second] : [[number, first]];
    return lines.map((line, i) => {
      const width = view.pen.measureText(line.flat(2).map((part) => part.textContent ?? part).join("")).width;
      const most = view.width - width - 4;
      const x = Math.max(2, Math.min(NARROW_TIME + 4, most), Math.min(start ? rail + GAP : rail - GAP - width, most));
      return svg("text", { class: "label", x, y: y - 5 - LadderLayout.LINE * (lines.length - 1 - i) }, line);
    });
  }

  function words({ ladder }, i) {
    const block = LadderLayout.sack(ladder, i);
    return [
      svg("tspan", {}, LadderLayout.words(ladder, i) + (block ? "\u00a0" : "")),
      block && svg("tspan", { class: block.strange ? "strange" : null }, block.text),
    ];
  }

  /** The severity of the severest finding about a frame; empty if there is none. */
  function marked(view, point, frame) {
    const marks = view.marks.get(Data.points[point] + " " + frame);
    return marks ? Data.severest(marks) : "";
  }

  function describe(view, group) {
    if (group.icmp) {
      return "ICMP too big, MTU " + group.icmp[0].mtu_bytes + ", from " + group.icmp[0].sender;
    }
    const { ladder } = view;
    const frames = group.rungs.map((i) => Data.points[ladder.point[i]] + " frame " + ladder.frame[i]).join(", ");
    const lost = group.lost.length ? ", lost" : "";
    return Data.way(Data.DIRECTIONS[group.direction]) + ": " + LadderLayout.label(ladder, group.rungs[0]) + lost + ", " + frames;
  }

  function transmission(view, group) {
    const bits = group.icmp ? 0 : view.ladder.flags[group.rungs[0]];
    const kind = group.icmp
      ? "icmp"
      : bits & 0x04 ? "reset" : view.ladder.bytes[group.rungs[0]] > 0 || bits & 0x03 ? "data" : "bare";
    const lost = group.lost.length ? " is-lost" : "";
    const labels = group.rungs.map((i) => {
      const { point, frame } = view.ladder;
      return label(view, group, point[i], view.y.get(i), frame[i], words(view, i), marked(view, point[i], frame[i]));
    });
    const about = describe(view, group);
    return svg(
      "g",
      { class: "tx " + Data.DIRECTIONS[group.direction] + " " + kind + lost, role: "button", tabindex: "-1", "aria-label": about },
      svg("title", {}, about),
      group.icmp ? message(view, group) : [shafts(view, group), labels],
    );
  }

  function times(view, events) {
    const parts = [];
    let last = -100;
    for (const event of events) {
      const y = view.y.get(event.message || event.rung);
      if (y - last >= 16) {
        parts.push(svg("text", { class: "time", x: (view.narrow ? NARROW_TIME : TIME - 10), y: y + 4, "text-anchor": "end" }, (event.time / 1e6).toFixed(6)));
        last = y;
      }
    }
    return parts;
  }

  /** The minimum width of these transmissions, in pixels. */
  const minWidth = (ladder, groups, seen) => wideColumns(ladder, groups, seen, 0).width;

  /** Draws these transmissions of a ladder; room: available pixels; choose: called with the selected one. Returns the nodes, and functions that select or only mark one by its index. */
  function draw(ladder, groups, seen, room, marks, choose) {
    const { x, span, width, narrow } = columns(ladder, groups, seen, room);
    const { y, events, height } = LadderLayout.heights(ladder, groups, narrow);
    const view = { ladder, seen, marks, x, y, span, width, narrow, pen: labelPen() };
    const size = narrow ? "ladder narrow" : "ladder";
    const nameAt = (i) => (!narrow || (i > 0 && i < seen.length - 1) || seen.length === 1 ? "middle" : i ? "end" : "start");
    const lines = seen.map((point) => [
      svg("line", { class: "rail", x1: x.get(point), x2: x.get(point), y1: 0, y2: height }),
    ]);
    const drawn = groups.map((group) => transmission(view, group));
    const head = svg(
      "svg",
      { class: size + " names", viewBox: `0 0 ${width} 26`, width, height: 26 },
      svg("text", { class: "time", x: narrow ? NARROW_TIME : TIME - 10, y: 17, "text-anchor": "end" }, "s"),
      seen.map((point, i) => svg("text", { class: "rail-name", x: x.get(point), y: 17, "text-anchor": nameAt(i) }, Data.points[point])),
    );
    const body = svg(
      "svg",
      { class: size, viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": "Ladder; arrow keys move, Enter shows the frames" },
      lines,
      times(view, events),
      drawn,
    );
    return { nodes: [head, body], ...operable(drawn, groups, choose) };
  }

  /** Makes the ladder a single tab stop; the arrow keys move within it. Returns what selects an arrow by its index, and what only marks it. */
  function operable(drawn, groups, choose) {
    const focus = (i) => {
      drawn.forEach((node, k) => node.setAttribute("tabindex", k === i ? "0" : "-1"));
      drawn[i].focus();
    };
    const select = (i) => {
      drawn.forEach((node, k) => node.classList.toggle("chosen", k === i));
      choose(groups[i]);
    };
    drawn.forEach((node, i) => {
      node.addEventListener("click", () => {
        focus(i);
        select(i);
      });
      node.addEventListener("keydown", (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
        const target = event.key === "Home" ? 0 : event.key === "End" ? drawn.length - 1 : step && i + step;
        if (target !== undefined) {
          event.preventDefault();
          focus(Math.max(0, Math.min(drawn.length - 1, target)));
        } else if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          select(i);
        }
      });
    });
    if (drawn.length) {
      drawn[0].setAttribute("tabindex", "0");
    }
    return {
      select: (i) => {
        focus(i);
        select(i);
        drawn[i].scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
      },
      mark: (i) => drawn.forEach((node, k) => node.classList.toggle("chosen", k === i)),
    };
  }

  return { draw, minWidth };
})();
