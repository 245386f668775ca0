/** The table of all connections. */
const ConnectionsView = (() => {
  const { el } = Dom;
  const BACK = Data.points.slice().reverse();

  const END = /^\[?(.*?)\]?:(\d+)$/;
  const split = (end) => (end.match(END) || [end, end, ""]).slice(1);

  /** The network of an address: /24 of IPv4, /64 of IPv6. */
  function subnet(address) {
    if (!address.includes(":")) {
      return address.split(".").slice(0, 3).join(".") + ".0/24";
    }
    const [before, after] = address.split("%")[0].split("::");
    const head = before ? before.split(":") : [];
    const tail = after ? after.split(":") : [];
    const zeros = new Array(after === undefined ? 0 : Math.max(0, 8 - head.length - tail.length)).fill("0");
    return head.concat(zeros, tail).slice(0, 4).join(":").replace(/(^|:)0(:0)*$/, "") + "::/64";
  }

  /** The code of the severest finding, which comes first. */
  function verdict(severity, found) {
    return severity ? severity + ": " + found.find((f) => f.severity === severity).code : "no finding";
  }

  function toRow(connection) {
    const seen = Object.values(connection.at);
    const lost = (connection.lost_segments.c2s || 0) + (connection.lost_segments.s2c || 0);
    const found = Data.findings(connection.id);
    const severity = Data.severest(found) || "";
    const first = connection.at[Data.points.find((point) => connection.at[point])];
    return {
      ends: { client: split(first.client), server: split(first.server) },
      verdict: verdict(severity, found),
      id: connection.id,
      client: Data.along(Object.fromEntries(Object.entries(connection.at).map(([p, c]) => [p, c.client]))),
      server: Data.along(Object.fromEntries(Object.entries(connection.at).map(([p, c]) => [p, c.server]))),
      seen: Object.keys(connection.at).join(", "),
      packets: Math.max(...seen.map((c) => c.frames)),
      c2s: Data.along(connection.mss.c2s),
      s2c: Data.along(connection.mss.s2c, BACK),
      lost,
      between: connection.middlebox.join(", "),
      severity,
    };
  }

  function ladder(row) {
    const label = "Ladder of connection " + row.id;
    return el("button", { type: "button", class: "open", "aria-label": label, onclick: () => ConnectionView.open(row.id) }, row.id);
  }

  const COLUMNS = [
    { name: "id", title: "no.", kind: "number", cell: ladder },
    { name: "client", title: "client" },
    { name: "server", title: "server" },
    { name: "seen", title: "seen at" },
    { name: "packets", title: "packets", kind: "number" },
    { name: "c2s", title: "client's MSS (SYN)" },
    { name: "s2c", title: "server's MSS (SYN/ACK)" },
    { name: "lost", title: "lost", kind: "number" },
    { name: "between", title: "between" },
    { name: "severity", title: "severest" },
  ];

  const GROUPS = [
    { name: "server", title: "server", key: (row) => row.ends.server.filter(Boolean).join(" port ") },
    { name: "port", title: "server port", key: (row) => "port " + row.ends.server[1] },
    { name: "client-subnet", title: "client subnet", key: (row) => subnet(row.ends.client[0]) },
    { name: "server-subnet", title: "server subnet", key: (row) => subnet(row.ends.server[0]) },
    { name: "verdict", title: "severest finding", key: (row) => row.verdict },
    { name: "between", title: "what is between", key: (row) => row.between || "nothing known" },
  ];

  function draw() {
    const { connections, connections_total } = Data.report;
    if (connections_total) {
      Dom.byId("connections").append(
        el("p", { class: "cut" }, "The page holds " + Data.number(connections.length) + " of " + Data.plural(connections_total, "connection") + ": the first of each finding and the largest. The JSON report (--json) has all."),
      );
    }
    Table.draw(Dom.byId("connections"), {
      name: "connection",
      what: "connection",
      columns: COLUMNS,
      rows: Data.report.connections.map(toRow),
      placeholder: "address, MSS, proxy \u2026",
      order: { column: "severity", down: true },
      groups: GROUPS,
    });
  }

  return { draw, subnet };
})();
