/** The table of the flows besides TCP. */
const FlowsView = (() => {
  const { el, byId } = Dom;

  /** What became of the packets of a flow on all legs; nothing where it is at one point only. */
  function sum(flow, name) {
    return flow.arrivals.length ? flow.arrivals.reduce((total, leg) => total + leg[name], 0) : "";
  }

  function toRow(flow) {
    const along = (name) => Data.along(Object.fromEntries(Object.entries(flow.at).map(([point, seen]) => [point, seen[name]])));
    return {
      protocol: flow.protocol,
      client: along("client"),
      server: along("server"),
      seen: Object.keys(flow.at).join(", "),
      packets: Math.max(...Object.values(flow.at).map((seen) => (seen.packets.c2s || 0) + (seen.packets.s2c || 0))),
      lost: sum(flow, "lost"),
      in_part: sum(flow, "in_part"),
      modified: sum(flow, "modified"),
      unknown: sum(flow, "unknown"),
    };
  }

  const COLUMNS = [
    { name: "protocol", title: "protocol" },
    { name: "client", title: "client" },
    { name: "server", title: "server" },
    { name: "seen", title: "seen at" },
    { name: "packets", title: "packets", kind: "number" },
    { name: "lost", title: "lost", kind: "number" },
    { name: "in_part", title: "in part", kind: "number" },
    { name: "modified", title: "changed", kind: "number" },
    { name: "unknown", title: "cannot be judged", kind: "number" },
  ];

  function draw() {
    const { flows, flows_total } = Data.report;
    if (!flows.length) {
      return;
    }
    const place = byId("flows");
    place.hidden = false;
    if (flows_total) {
      place.append(el("p", { class: "cut" }, "The page holds " + Data.number(flows.length) + " of " + Data.plural(flows_total, "flow") + ". The JSON report (--json) has all."));
    }
    Table.draw(place, {
      name: "flow",
      what: "flow",
      columns: COLUMNS,
      rows: flows.map(toRow),
      placeholder: "protocol or address",
      order: { column: "lost", down: true },
    });
  }

  return { draw };
})();
