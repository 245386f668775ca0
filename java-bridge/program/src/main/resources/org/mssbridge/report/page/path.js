/** The path from client to server: the capture points and the devices between them. */
const PathView = (() => {
  const { el } = Dom;
  const SHOWN = 4;
  const NAMES = {
    none: "nothing that changes packets",
    router: "router",
    "mss-clamp": "MSS clamp",
    nat: "NAT",
    "isn-randomiser": "ISN-randomising firewall",
    proxy: "proxy",
    "syn-proxy": "SYN proxy",
    "ack-proxy": "proxy that acknowledges (PEP)",
    tunnel: "tunnel",
    "option-stripper": "option stripper",
    alg: "application gateway",
  };

  /** The most frequent values, and the number of other values. */
  function values(counts) {
    const sorted = [...counts].sort((a, b) => b[1] - a[1]);
    if (!sorted.length) {
      return "not seen";
    }
    const shown = sorted.slice(0, SHOWN).map((entry) => entry[0]);
    const more = sorted.length - SHOWN;
    return shown.join(", ") + (more > 0 ? " and " + more + " more" : "");
  }

  function fact(name, value) {
    return el("div", { class: "fact" }, el("dt", {}, name), el("dd", {}, value));
  }

  function point(item) {
    const capture = Data.report.captures.find((c) => c.point === item.name);
    return el(
      "li",
      { class: "point" },
      el("h3", {}, item.name),
      el("p", { class: "file", title: capture.file }, capture.file.split("/").pop()),
      el(
        "dl",
        {},
        fact("client's MSS", values(item.mss.c2s)),
        fact("server's MSS", values(item.mss.s2c)),
        fact("packets", Data.number(capture.packets)),
      ),
    );
  }

  function end(name) {
    return el("li", { class: "end" }, el("h3", {}, name));
  }

  function leg(item, outer) {
    const functions = Object.entries(item.functions).sort((a, b) => b[1] - a[1]);
    const several = functions.some((entry) => entry[1] !== functions[0][1]);
    const names = functions.map(([name, count]) =>
      el("li", {}, NAMES[name] || name, several && el("span", { class: "count" }, " " + Data.number(count))),
    );
    const sizes = item.largest_payload_bytes;
    const crossed = sizes.c2s + sizes.s2c > 0;
    if (outer && !item.mtu_bytes.length) {
      return el("li", { class: "leg outer", "aria-hidden": "true" }, el("span", { class: "wire" }));
    }
    return el(
      "li",
      { class: outer ? "leg outer" : "leg" },
      el("span", { class: "wire", "aria-hidden": "true" }),
      names.length > 0 && el("ul", { class: "functions" }, names),
      el(
        "dl",
        {},
        item.mtu_bytes.length > 0 &&
          el("div", { class: "fact icmp" }, el("dt", {}, "MTU by ICMP"), el("dd", {}, item.mtu_bytes.join(", "))),
        crossed && fact("largest to server", sizes.c2s || "none"),
        crossed && fact("largest to client", sizes.s2c || "none"),
      ),
    );
  }

  const PARTS = [
    ["wait", "wait"],
    ["behind the last point", "server"],
    ["between the points", "network"],
    ["sent again", "retransmission"],
    ["pauses of the client", "client"],
    ["transfer", "transfer"],
    ["first byte", "first_byte"],
    ["until the next request", "between_requests"],
    ["SYN to SYN/ACK", "handshake"],
    ["TLS hello", "tls_hello"],
  ];

  /** A span with as many digits as people read. */
  function span(milliseconds) {
    const [value, unit] = milliseconds >= 1000 ? [milliseconds / 1000, " s"] : [milliseconds, " ms"];
    return Number(value.toPrecision(3)) + unit;
  }

  /** Where the time of the requests went that passed the same points, as a table. */
  function times(item) {
    const known = PARTS.filter(([, key]) => item[key].count > 0 && item[key].longest_ms > 0);
    const legs = item.legs.length < 2 ? [] : item.legs.map((leg) => [leg.near + " to " + leg.far + " and back", leg.round_trip]);
    const rows = known.map(([name, key]) => [name, item[key]]).concat(legs);
    const left = Object.entries(item.left_out).filter((entry) => entry[1] > 0);
    return el(
      "div",
      { class: "scroll", tabindex: "0", role: "group", "aria-label": "Where the time went" },
      Dom.stacking(
        el(
          "table",
          { class: "captures" },
          el("thead", {}, el("tr", {}, ["time", "median", "95 %", "longest", "of"].map((n) => el("th", { scope: "col" }, n)))),
          el(
            "tbody",
            {},
            rows.map(([name, spans]) =>
              el(
                "tr",
                {},
                [name, span(spans.median_ms), span(spans.percentile_95_ms), span(spans.longest_ms), Data.number(spans.count)].map((v) => el("td", {}, v)),
              ),
            ),
          ),
        ),
      ),
      left.length > 0 &&
        el("p", { class: "hint" }, "Left out of the requests: " + left.map(([why, n]) => Data.number(n) + " " + why.replace(/_/g, " ")).join(", ") + "."),
    );
  }

  /** Why data of one direction was sent again, as a table. */
  function sentAgain(item) {
    const receiver = item.direction === "c2s" ? "server" : "client";
    return el(
      "div",
      { class: "scroll", tabindex: "0", role: "group", "aria-label": "Data sent again to the " + receiver },
      Dom.stacking(
        el(
          "table",
          { class: "captures" },
          el("thead", {}, el("tr", {}, ["sent again to the " + receiver, "segments", "bytes"].map((n) => el("th", { scope: "col" }, n)))),
          el(
            "tbody",
            {},
            item.causes.map((cause) => el("tr", {}, [cause.words, Data.number(cause.segments), Data.number(cause.bytes)].map((v) => el("td", {}, v)))),
          ),
        ),
      ),
      item.connections_not_followed > 0 &&
        el("p", { class: "hint" }, "Not among them: " + Data.number(item.connections_not_followed) + " connections whose segments overlap too much."),
    );
  }

  function draw() {
    const { points, legs } = Data.path;
    const items = [end("client side"), leg(legs[0], true)];
    points.forEach((item, i) => {
      items.push(point(item), leg(legs[i + 1], i === points.length - 1));
    });
    items.push(end("server side"));
    Dom.byId("path").append(
      el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "The path" }, el("ol", { class: "path points-" + Math.min(4, points.length) }, items)),
      el(
        "p",
        { class: "hint" },
        "client's MSS: in its SYN, as that point saw it; server's MSS: in its SYN/ACK; largest: payload of the largest segment that arrived, in bytes.",
      ),
    );
    const { summary, time, retransmissions } = Data.report;
    if (summary.time) {
      Dom.byId("path").append(el("p", {}, summary.time), ...time.filter((item) => item.requests > 0).map(times));
    }
    Dom.byId("path").append(...retransmissions.filter((item) => item.segments > 0).map(sentAgain));
  }

  return { draw };
})();
