/** Builds the page of a report. */
(() => {
  const { el, byId, append, printable } = Dom;
  const { report } = Data;

  function captures() {
    const clock = new Map(report.clock.map((c) => [c.point, c]));
    const line = (capture) => {
      const offset = clock.get(capture.point);
      return el(
        "tr",
        {},
        el("th", { scope: "row" }, capture.point),
        el("td", { class: "long" }, capture.file),
        el("td", { class: "number" }, Data.number(capture.packets)),
        el("td", {}, capture.first),
        el("td", {}, capture.last),
        el("td", { class: "number" }, offset ? offset.offset_s.toFixed(6) : ""),
        el("td", { class: "digest" }, capture.sha256 ?? ""),
      );
    };
    const names = ["point", "file", "packets", "first", "last", "clock, s", "SHA-256"];
    return el(
      "div",
      { class: "scroll", tabindex: "0", role: "group", "aria-label": "Captures" },
      Dom.stacking(el("table", { class: "captures" }, el("thead", {}, el("tr", {}, names.map((n) => el("th", { scope: "col" }, n)))), el("tbody", {}, report.captures.map(line)))),
    );
  }

  /** The connection that the page shows first: that of the severest finding with a connection, else one seen at two points. */
  function first() {
    const finding = report.findings.find((f) => f.connections.length > 0);
    const seen = report.connections.find((c) => Object.keys(c.at).length > 1);
    return finding ? finding.connections[0] : seen ? seen.id : 0;
  }

  append(byId("tool"), ["mssbridge " + report.tool.version + ", tshark " + report.tool.tshark + ", " + report.tool.started.replace(/\.\d+/, "") + ", all times in UTC"]);
  const verdict = report.summary.verdict || "Nothing to say.";
  append(byId("verdict"), [verdict]);
  byId("verdict-tools").append(Dom.copier("Copy verdict", verdict));
  // A full stop in an address or a number has no space after it.
  document.title = printable(verdict.split(/\.\s/)[0].replace(/\.$/, "") + " \u2013 " + report.captures.map((c) => c.file.split("/").pop()).join(", "));
  PathView.draw();
  FindingsView.draw();
  if (report.connections.length || !report.flows.length) {
    ConnectionsView.draw();
  } else {
    for (const id of ["connections", "connection"]) {
      byId(id).hidden = true;
      document.querySelector('.skip[href="#' + id + '"]').remove();
    }
  }
  FlowsView.draw();
  LostView.draw();
  if (report.connections.length) {
    ConnectionView.show(first());
  }
  OverTime.draw();
  Codes.draw();
  byId("about").querySelector("h2").after(captures(), el("p", { class: "hint" }, "Command: " + Words.commandLine(report.tool.command)));
})();
