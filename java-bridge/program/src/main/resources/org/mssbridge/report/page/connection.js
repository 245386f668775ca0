/** One connection: its ladder, the details of the selected transmission, and it over time. */
const ConnectionView = (() => {
  const { el } = Dom;
  const PAGE = 100;

  /** Transmissions in one drawing on paper, which no page break should cut, and the most that are printed. */
  const PRINTED_TOGETHER = 30;
  const MOST_PRINTED = 1000;
  const PAPER_PX = 700;

  /** The width of a vertical scroll bar. */
  const SCROLL_BAR_PX = 16;

  /** So much of the ladder is in sight after a drag over a chart. */
  const LADDER_IN_SIGHT_PX = 300;

  /** Width of the panel beside the ladder, with its margin. */
  const PANEL_PX = 400;

  /** Shows only a time of the connection that the page shows; in microseconds since 1970. */
  let zoomTo = () => {};

  /** Findings by point and frame. */
  function marks(id) {
    const found = new Map();
    for (const finding of Data.findings(id)) {
      for (const [point, frames] of Object.entries(finding.frames)) {
        for (const frame of frames) {
          const key = point + " " + frame;
          found.set(key, (found.get(key) || []).concat(finding));
        }
      }
    }
    return found;
  }

  function row(name, cells) {
    return el("tr", {}, el("th", { scope: "row" }, name), cells.map((cell) => el("td", {}, cell)));
  }

  function table(ladder, group) {
    const column = (value) => group.rungs.map(value);
    const modulo = (value) => ((value % 2 ** 32) + 2 ** 32) % 2 ** 32;
    const base = (i) => ladder.isn[ladder.point[i]][1 - ladder.direction[i]];
    const acknowledges = (i) => ladder.flags[i] & 0x10;
    const hasMss = group.rungs.some((i) => ladder.mss[i] !== undefined);
    const hasSack = group.rungs.some((i) => ladder.sack[i]);
    return el(
      "table",
      { class: "sightings" },
      el("thead", {}, el("tr", {}, el("td", {}), column((i) => el("th", { scope: "col" }, Data.points[ladder.point[i]])))),
      el(
        "tbody",
        {},
        row("frame", column((i) => ladder.frame[i])),
        row("time, s", column((i) => (ladder.time_us[i] / 1e6).toFixed(6))),
        row("payload", column((i) => ladder.bytes[i])),
        row("sequence", column((i) => ladder.sequence[i])),
        row("raw", column((i) => LadderLayout.raw(ladder, i))),
        row("ack", column((i) => (acknowledges(i) ? ladder.acknowledgment[i] : "\u2013"))),
        row("raw", column((i) => (acknowledges(i) ? modulo(base(i) + ladder.acknowledgment[i]) : "\u2013"))),
        hasSack && row("SACK", column((i) => LadderLayout.sacks(ladder, i).map((b) => el("div", { class: b.strange ? "strange" : "" }, b.text)))),
        hasSack && row("raw", column((i) => (ladder.sack[i] || []).map((v, k) => (k % 2 ? null : el("div", {}, v + "\u2013", el("wbr"), ladder.sack[i][k + 1]))))),
        hasMss && row("MSS", column((i) => (ladder.mss[i] === undefined ? "\u2013" : ladder.mss[i]))),
        row("window", column((i) => ladder.window[i])),
      ),
    );
  }

  function filters(pairs) {
    const byPoint = new Map();
    pairs.forEach(([point, frame]) => byPoint.set(point, (byPoint.get(point) || []).concat(frame)));
    return [...byPoint].map(([point, frames]) =>
      el("div", { class: "fact" }, el("dt", {}, Data.points[point]), el("dd", {}, Commands.ofFrames(Data.points[point], frames))),
    );
  }

  function notes(ladder, group) {
    const parts = [];
    group.lost.forEach(([, bytes]) => parts.push(bytes + " bytes of it never arrived at the next point"));
    group.missed.forEach(([, bytes]) => parts.push(bytes + " bytes of it arrived, yet the next point's capture lacks them"));
    if (group.links.length > 1) {
      const from = new Set(group.links.map((link) => link[0]));
      const to = new Set(group.links.map((link) => link[1]));
      if (from.size + to.size < 2 * group.links.length) {
        parts.push("cut or joined on its way");
      }
    }
    return parts.map((text) => el("p", {}, text));
  }

  function panel(connection, ladder, found, group) {
    const pairs = group.icmp
      ? group.icmp.map((m) => [m.point, m.frame])
      : group.rungs.map((i) => [ladder.point[i], ladder.frame[i]]);
    const about = [...new Set(pairs.flatMap(([point, frame]) => found.get(Data.points[point] + " " + frame) || []))];
    const names = group.icmp ? ["ICMP too big"] : LadderLayout.flags(ladder.flags[group.rungs[0]]);
    const title = Data.way(Data.DIRECTIONS[group.direction]) + ": " + (names.join(" ") || (ladder.bytes[group.rungs[0]] ? "data" : "ACK"));
    return [
      el("h3", {}, title),
      group.icmp
        ? el("p", {}, "MTU " + group.icmp[0].mtu_bytes + " by " + group.icmp[0].sender + ", TTL " + group.icmp[0].ttl)
        : el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Sightings" }, table(ladder, group)),
      notes(ladder, group),
      el("h4", {}, "Frames"),
      el("dl", { class: "facts" }, filters(pairs)),
      about.length > 0 && el("h4", {}, "Findings here"),
      about.map((f) => el("p", {}, el("span", { class: "severity " + f.severity }, f.severity), " ", Codes.link(f.code), " ", f.message)),
    ];
  }

  // The number of a stream is not known in a file that holds several points.
  function filterOf(seen) {
    if (seen.stream !== null) return "tcp.stream eq " + seen.stream;
    const ends = [seen.client, seen.server].map((end) => {
      const [, address, port] = end.match(/^\[?(.*?)\]?:(\d+)$/);
      return (address.includes(":") ? "ipv6" : "ip") + ".addr == " + address + " && tcp.port == " + port;
    });
    return ends.join(" && ");
  }

  function streams(connection) {
    return el(
      "dl",
      { class: "facts streams" },
      Object.entries(connection.at).map(([point, seen]) =>
        el("div", { class: "fact" }, el("dt", {}, point), el("dd", {}, seen.client + " \u2192 " + seen.server + "  ", Commands.ofFilter(point, filterOf(seen)))),
      ),
    );
  }

  const KEY = [["c2s", Data.way("c2s")], ["s2c", Data.way("s2c")], ["lost", "lost"], ["missed", "missed by a capture"], ["icmp", "ICMP"], ["stub", "not joined"]];

  function legend() {
    const items = KEY.map(([name, text]) => el("li", { class: name }, text));
    return el("ul", { class: "legend" }, items, el("li", { class: "marked" }, "frame of a finding"));
  }

  /** The controls above a ladder: what it shows, and where it goes. */
  function controls(seen, changed, go) {
    const box = (name, text) => el("label", {}, el("input", { type: "checkbox", id: "only-" + name, onchange: (event) => changed(name, event.target.checked) }), " " + text);
    const unit = el(
      "select",
      { id: "go-unit", "aria-label": "What to go to" },
      el("option", { value: "" }, "second"),
      seen.map((point) => el("option", { value: point }, "frame at " + Data.points[point])),
    );
    const number = el("input", { id: "go-number", type: "number", min: "0", step: "any", "aria-label": "Second or frame to go to" });
    const submit = (event) => {
      event.preventDefault();
      if (number.value !== "") {
        go(unit.value, Number(number.value));
      }
    };
    return el(
      "form",
      { class: "controls", onsubmit: submit },
      box("lost", "only lost"),
      box("findings", "only findings"),
      el("span", { class: "go" }, "Go to ", unit, " ", number, " ", el("button", { type: "submit" }, "Go"), el("span", { class: "hint go-note" })),
    );
  }

  const keysOf = (ladder, group) =>
    group.icmp
      ? group.icmp.map((m) => Data.points[m.point] + " " + m.frame)
      : group.rungs.map((i) => Data.points[ladder.point[i]] + " " + ladder.frame[i]);

  const seconds = (us) => (us / 1e6).toFixed(3) + " s";

  const latest = (ladder, group) => Math.max(group.time, ...group.rungs.map((i) => ladder.time_us[i]));

  /** The index of the transmission nearest to a time, in microseconds. */
  function nearestInTime(list, time) {
    let nearest = 0;
    list.forEach((group, i) => {
      nearest = Math.abs(group.time - time) < Math.abs(list[nearest].time - time) ? i : nearest;
    });
    return nearest;
  }

  /** The transmission with the frame of a point that is nearest to a number. */
  function nearestFrame(ladder, list, point, number) {
    let nearest = { group: null, frame: null };
    const look = (group, at, frame) => {
      if (at === point && (nearest.group === null || Math.abs(frame - number) < Math.abs(nearest.frame - number))) {
        nearest = { group, frame };
      }
    };
    list.forEach((group) => {
      group.rungs.forEach((i) => look(group, ladder.point[i], ladder.frame[i]));
      (group.icmp || []).forEach((m) => look(group, m.point, m.frame));
    });
    return nearest;
  }

  /** Shows a connection; walk: {finding, last, origin}, of which the first evidence is selected, or the last. */
  function show(id, walk) {
    const connection = Data.connection(id);
    const ladder = LadderLayout.prepare(Data.ladder(id));
    const groups = LadderLayout.transmissions(ladder);
    const seen = Data.points.map((_, i) => i).filter((i) => ladder.isn[i].length > 0);
    const found = marks(id);
    const isMarked = (group) => keysOf(ladder, group).some((key) => found.has(key));
    const wanted = { lost: (group) => group.lost.length > 0, findings: isMarked };
    const only = new Set();
    const start = OverTime.micros(ladder.start);
    const zoomed = el("p", { class: "zoomed", role: "status" });
    let extent = null;
    let list = groups;
    const chosen = el("aside", { class: "panel", "aria-live": "polite", "aria-label": "Chosen transmission" }, el("p", { class: "hint" }, "Choose an arrow to see its frames."));
    const drawing = el("div", {});
    const choose = (group) => {
      selected = group;
      chosen.replaceChildren();
      Dom.append(chosen, panel(connection, ladder, found, group));
    };
    const both = el("div", { class: "ladder-and-panel" }, drawing, chosen);
    let page = -1;
    let select = null;
    let selected = null;
    let width = 0;
    const turn = (to) => {
      const pages = Math.max(1, Math.ceil(list.length / PAGE));
      page = Math.min(to, pages - 1);
      const part = list.slice(page * PAGE, (page + 1) * PAGE);
      if (!part.length) {
        drawing.replaceChildren(el("p", { class: "hint" }, "The page holds none of them in this connection."));
        return;
      }
      both.classList.toggle("wide", Ladder.minWidth(ladder, part, seen) > both.clientWidth - PANEL_PX);
      width = both.clientWidth;
      const drawn = Ladder.draw(ladder, part, seen, drawing.clientWidth - SCROLL_BAR_PX, found, choose);
      ({ select } = drawn);
      drawn.mark(part.indexOf(selected));
      drawing.replaceChildren(
        el("div", { class: "scroll tall" }, drawn.nodes),
        Dom.pager(page, pages, turn, "the ladder") || "",
      );
      if (strip) {
        strip.mark(part[0].time, Math.max(...part.map((group) => latest(ladder, group))));
      }
    };
    const narrow = () => {
      list = groups.filter((group) => [...only].every((name) => wanted[name](group)) && (extent === null || (group.time <= extent.to && latest(ladder, group) >= extent.from)));
      turn(0);
    };
    const showAll = () => {
      extent = null;
      zoomed.replaceChildren();
      narrow();
    };
    const zoom = (from, to) => {
      extent = { from, to };
      narrow();
      zoomed.replaceChildren(
        el("span", {}, "The ladder shows " + seconds(from) + " to " + seconds(to) + ": " + Data.number(list.length) + " of " + Data.plural(groups.length, "transmission") + "."),
        el("button", { type: "button", onclick: showAll }, "Show all"),
      );
      const { top } = zoomed.getBoundingClientRect();
      if (top < 0 || top > innerHeight - LADDER_IN_SIGHT_PX) {
        zoomed.scrollIntoView({ block: "start" });
      }
    };
    zoomTo = (from, to) => zoom(from - start, to - start);
    const reveal = (group) => {
      if (!list.includes(group)) {
        only.clear();
        tools.reset();
        extent = null;
        zoomed.replaceChildren();
        list = groups;
        page = -1;
      }
      const index = list.indexOf(group);
      if (Math.floor(index / PAGE) !== page) {
        turn(Math.floor(index / PAGE));
      }
      select(index % PAGE);
    };
    const goToTime = (time) => {
      if (list.length) {
        reveal(list[nearestInTime(list, time)]);
      }
    };
    const go = (unit, number) => {
      const note = tools.querySelector(".go-note");
      note.textContent = "";
      if (unit === "") {
        goToTime(number * 1e6);
        return;
      }
      const { group, frame } = nearestFrame(ladder, groups, Number(unit), number);
      if (group) {
        reveal(group);
        note.textContent = frame === number ? "" : " Frame " + number + " is not in the page; the nearest one is " + frame;
        Dom.announce(note.textContent || "Frame " + frame);
      }
    };
    const cut = ladder.total - ladder.point.length;
    const overview = Overview.of(ladder, groups, isMarked);
    const strip = overview && (cut > 0 || groups.length > PAGE) ? Overview.strip(overview, seen, goToTime) : null;
    const tools = controls(
      seen,
      (name, on) => {
        (on ? only.add(name) : only.delete(name));
        narrow();
      },
      go,
    );
    const plot = el("div", { class: "plots" });
    const overTime = el("div", {});
    const bar = el("div", {});
    const section = Dom.byId("connection");
    section.replaceChildren();
    Dom.append(section, [
      el("h2", { id: "connection-title" }, "Connection " + id),
      streams(connection),
      cut > 0 && el("p", { class: "cut" }, "The page holds " + Data.number(ladder.point.length) + " of this connection's " + Data.plural(ladder.total, "sighting") + ": the first ones, and those next to frames of findings. The others are in the captures only; what would join them is not drawn."),
      legend(),
      el("p", { class: "hint" }, "Time on the clock of " + Data.report.captures[0].point + " from " + ladder.start + " on; pauses are shortened. Sequence numbers are counted from the ISN."),
      strip && strip.figure,
      tools,
      zoomed,
      bar,
      both,
      overTime,
      el("h3", { class: "sizes" }, "Segment sizes"),
      plot,
    ]);
    turn(0);
    const resized = new ResizeObserver(() => {
      if (!both.isConnected) {
        resized.disconnect();
      } else if (width !== both.clientWidth && both.clientWidth > 0 && !matchMedia("print").matches) {
        turn(page);
      }
    });
    resized.observe(both);
    Printing.part("ladder", drawing, () => {
      const parts = [];
      for (let i = 0; i < Math.min(list.length, MOST_PRINTED); i += PRINTED_TOGETHER) {
        const part = list.slice(i, i + PRINTED_TOGETHER);
        parts.push(el("div", { class: "printed" }, Ladder.draw(ladder, part, seen, PAPER_PX, found, choose).nodes));
      }
      return [list.length > MOST_PRINTED && el("p", { class: "count" }, "the first " + Data.number(MOST_PRINTED) + " of " + Data.plural(list.length, "transmission")), parts];
    });
    OverTime.drawConnection(overTime, id, ladder.start, (from, to) => zoom(from * 1e6, to * 1e6));
    Plot.draw(plot, ladder, connection, seen, cut > 0 ? overview : null);
    if (walk) {
      const evidence = EvidenceWalk.indexes(walk.finding, ladder, groups);
      const go = (at) => {
        const step = bar.contains(document.activeElement) ? document.activeElement.dataset.step : null;
        const state = { finding: walk.finding, id, found: evidence, at, origin: walk.origin };
        bar.replaceChildren(EvidenceWalk.bar(state, go, (next, last) => show(next, { ...walk, last, step: last ? "-1" : "1" })));
        if (evidence.length) {
          reveal(groups[evidence[at]]);
        }
        // Who walks with the buttons goes on with the same button.
        const same = bar.querySelector('button[data-step="' + (step ?? walk.step) + '"]:enabled');
        if (same) {
          same.focus({ preventScroll: true });
        }
        Dom.announce(bar.querySelector(".walk-place").textContent);
      };
      go(walk.last ? Math.max(0, evidence.length - 1) : 0);
    }
  }

  /** Goes to the first evidence of a finding in a connection; origin: the element that led there. */
  function walk(id, finding, origin) {
    show(id, { finding, origin });
  }

  function zoom(from, to) {
    zoomTo(from, to);
  }

  function open(id) {
    show(id);
    const section = Dom.byId("connection");
    section.scrollIntoView();
    section.focus({ preventScroll: true });
    Dom.announce("Ladder of connection " + id);
  }

  return { open, show, walk, zoom };
})();
