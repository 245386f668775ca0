/** The tables of boundaries, pairs, duplicates and runs. */
const CaseTables = (() => {
  const { el } = Dom;

  /** As many servers as have a colour of their own. */
  const MOST_TRENDS = 4;

  /** A pair's name, as a link to its own page where there is one. */
  const pairLink = ({ pair, page }) => (page ? el("a", { href: page }, Dom.wrapping(pair)) : pair);

  function boundaries() {
    const place = Dom.byId("boundaries");
    const line = (b) =>
      el("tr", {}, el("th", { scope: "row" }, b.near + " \u2013 " + b.far), el("td", { class: "number" }, Words.number(b.connections)), el("td", { class: "number" }, Words.number(b.pairs)), el("td", { class: "long" }, b.functions));
    const head = ["boundary", "connections", "pairs", "what is there, on how many connections"].map((name, i) => el("th", { scope: "col", class: i === 1 || i === 2 ? "number" : "" }, name));
    if (!Case.boundaries.length) {
      place.append(el("p", { class: "hint" }, "No connection was seen at two points."));
      return;
    }
    place.append(el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Boundaries" }, Dom.stacking(el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, Case.boundaries.map(line))))));
    Trend.draw(place, "Connections over time", Case.boundaries.map((b) => ({ name: b.near + " \u2013 " + b.far, trend: b.trend, filled: Case.boundaries.length === 1, colour: Case.boundaries.length === 1 ? "c2s" : undefined })));
  }

  function times() {
    if (!Case.times.length) {
      return;
    }
    const place = Dom.byId("times");
    place.hidden = false;
    const line = (t) => el("tr", {}, el("th", { scope: "row" }, t.where), el("td", { class: "long" }, t.parts, t.shifts.map((shift) => el("p", {}, shift))));
    const head = ["points and server", "per request"].map((name) => el("th", { scope: "col" }, name));
    place.append(el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Times" }, Dom.stacking(el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, Case.times.map(line))))));
    const shown = Case.times.slice(0, MOST_TRENDS);
    Trend.draw(place, "Time of requests", shown.map((t) => ({ name: t.where, trend: t.trend, filled: shown.length === 1, colour: shown.length === 1 ? "c2s" : undefined })), "ms per request");
  }

  function sentAgain() {
    const place = Dom.byId("sent-again");
    place.hidden = !Case.sent_again.length;
    place.append(el("ul", {}, Case.sent_again.map((line) => el("li", {}, line))));
  }

  function pairs() {
    if (Case.rows.length < Case.total_pairs) {
      Dom.byId("pairs").append(el("p", { class: "cut" }, "The page holds " + Words.number(Case.rows.length) + " of " + Words.plural(Case.total_pairs, "pair") + ": those that were not compared, and those with the severest findings. The case file holds all."));
    }
    Table.draw(Dom.byId("pairs"), {
      name: "pair",
      what: "pair",
      columns: [
        { name: "pair", title: "pair", cell: pairLink },
        { name: "state", title: "state" },
        { name: "first", title: "first packet, UTC", kind: "time" },
        { name: "connections", title: "connections", kind: "number" },
        { name: "error", title: "errors", kind: "number" },
        { name: "warn", title: "warnings", kind: "number" },
        { name: "note", title: "notes", kind: "number" },
        { name: "accepted", title: "accepted", kind: "number" },
        { name: "severity", title: "severest" },
        { name: "verdict", title: "verdict, or why it was not compared", kind: "long" },
      ],
      rows: Case.rows,
      placeholder: "id, failed, warn, words \u2026",
      order: { column: "severity", down: true },
    });
  }

  function duplicates() {
    const place = Dom.byId("duplicates");
    if (!Case.duplicates.length) {
      place.append(el("p", { class: "hint" }, "No file is there twice."));
      return;
    }
    Table.draw(place, {
      name: "duplicate",
      what: "digest",
      columns: [
        { name: "sha256", title: "SHA-256", cell: (row) => el("span", { class: "digest" }, row.sha256) },
        { name: "places", title: "places", kind: "number" },
        { name: "names", title: "file names", kind: "number" },
        { name: "files", title: "the first of them", kind: "long" },
      ],
      rows: Case.duplicates,
      placeholder: "digest, file, pair \u2026",
      order: { column: "places", down: true },
    });
  }

  function runs() {
    Table.draw(Dom.byId("runs"), {
      name: "run",
      what: "run",
      columns: [
        { name: "started", title: "began, UTC", kind: "time" },
        { name: "ended", title: "ended, UTC", kind: "time" },
        { name: "pairs", title: "pairs", kind: "number" },
        { name: "version", title: "mssbridge" },
        { name: "tshark", title: "tshark" },
        { name: "directory", title: "in" },
        { name: "command", title: "command", kind: "long" },
      ],
      rows: Case.runs.map((run) => ({ ...run, command: Words.commandLine(JSON.parse(run.command)) })),
      placeholder: "time, version, option \u2026",
      order: { column: "started", down: true },
    });
  }

  return { pairLink, boundaries, times, sentAgain, pairs, duplicates, runs };
})();
