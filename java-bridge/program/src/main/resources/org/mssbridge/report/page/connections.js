/** The table of all connections. */
const ConnectionsView = (() => {
  const { el } = Dom;

  function both(values) {
    const list = Data.points.map((name) => values[name]).filter((v) => v !== undefined && v !== null);
    return list.every((v) => v === list[0]) ? (list.length ? String(list[0]) : "") : list.join(" \u2192 ");
  }

  function toRow(connection) {
    const seen = Object.values(connection.at);
    const lost = (connection.lost_segments.c2s || 0) + (connection.lost_segments.s2c || 0);
    const found = Data.findings(connection.id);
    return {
      id: connection.id,
      client: both(Object.fromEntries(Object.entries(connection.at).map(([p, c]) => [p, c.client]))),
      server: both(Object.fromEntries(Object.entries(connection.at).map(([p, c]) => [p, c.server]))),
      seen: Object.keys(connection.at).join(", "),
      packets: Math.max(...seen.map((c) => c.frames)),
      c2s: both(connection.mss.c2s),
      s2c: both(connection.mss.s2c),
      lost,
      between: connection.middlebox.join(", "),
      severity: Data.severest(found) || "",
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
    { name: "c2s", title: "MSS c2s" },
    { name: "s2c", title: "MSS s2c" },
    { name: "lost", title: "lost", kind: "number" },
    { name: "between", title: "between" },
    { name: "severity", title: "severest" },
  ];

  function draw() {
    Table.draw(Dom.byId("connections"), {
      name: "connection",
      what: "connection",
      columns: COLUMNS,
      rows: Data.report.connections.map(toRow),
      placeholder: "address, MSS, proxy \u2026",
      order: { column: "id", down: false },
    });
  }

  return { draw };
})();
