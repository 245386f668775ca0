/** All connections, filtered by their text, sorted by a column, a page at a time. */
const ConnectionsView = (() => {
  const { el } = Dom;
  const PAGE = 50;
  const rows = Data.report.connections.map(toRow);
  let query = "";
  let order = { column: "id", down: false };
  let page = 0;
  let body = null;

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

  const COLUMNS = [
    ["id", "", "number"],
    ["client", "client"],
    ["server", "server"],
    ["seen", "seen at"],
    ["packets", "packets", "number"],
    ["c2s", "MSS c2s"],
    ["s2c", "MSS s2c"],
    ["lost", "lost", "number"],
    ["between", "between"],
    ["severity", "severest"],
  ];

  const { compare: inOrder } = new Intl.Collator("en", { numeric: true });
  const rank = (severity) => (severity ? Data.SEVERITIES.length - Data.SEVERITIES.indexOf(severity) : 0);

  function compare(a, b) {
    const column = order.column;
    if (column === "severity") {
      return rank(a.severity) - rank(b.severity);
    }
    return typeof a[column] === "number" ? a[column] - b[column] : inOrder(a[column], b[column]);
  }

  function matching() {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const found = rows.filter((row) => {
      const text = COLUMNS.map(([name]) => row[name]).join(" ").toLowerCase();
      return words.every((word) => text.includes(word));
    });
    found.sort((a, b) => (order.down ? compare(b, a) : compare(a, b)) || a.id - b.id);
    return found;
  }

  function heading([name, title, kind]) {
    const sorted = order.column === name;
    const sort = () => {
      order = { column: name, down: sorted ? !order.down : kind === "number" || name === "severity" };
      page = 0;
      render();
      Dom.byId("sort-" + name).focus();
    };
    return el(
      "th",
      { scope: "col", class: kind || "", "aria-sort": sorted ? (order.down ? "descending" : "ascending") : "none" },
      el("button", { type: "button", id: "sort-" + name, onclick: sort }, title || "no."),
    );
  }

  function line(row) {
    const cell = ([name, , kind]) => {
      if (name === "id") {
        const label = "Ladder of connection " + row.id;
        return el("td", { class: "number" }, el("button", { type: "button", class: "open", "aria-label": label, onclick: () => ConnectionView.open(row.id) }, row.id));
      }
      const content = name === "severity" && row.severity ? el("span", { class: "severity " + row.severity }, row.severity) : kind === "number" ? Data.number(row[name]) : row[name];
      return el("td", { class: kind || "" }, content);
    };
    return el("tr", {}, COLUMNS.map(cell));
  }

  function render() {
    const found = matching();
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    page = Math.min(page, pages - 1);
    const turn = (to) => {
      page = to;
      render();
    };
    body.replaceChildren(
      el("p", { class: "count", id: "connection-count" }, found.length === rows.length ? Data.plural(rows.length, "connection") : Data.number(found.length) + " of " + Data.plural(rows.length, "connection")),
      el(
        "div",
        { class: "scroll", tabindex: "0", role: "group", "aria-label": "Connections" },
        el("table", { class: "connections" }, el("thead", {}, el("tr", {}, COLUMNS.map(heading))), el("tbody", {}, found.slice(page * PAGE, (page + 1) * PAGE).map(line))),
      ),
      Dom.pager(page, pages, turn, "connections") || "",
    );
  }

  function draw() {
    body = el("div", {});
    const search = el("input", {
      type: "search",
      id: "connection-search",
      placeholder: "address, MSS, proxy \u2026",
      oninput: (event) => { query = event.target.value; page = 0; render(); },
    });
    Dom.byId("connections").append(el("div", { class: "controls" }, el("label", {}, "Search ", search)), body);
    render();
  }

  return { draw };
})();
