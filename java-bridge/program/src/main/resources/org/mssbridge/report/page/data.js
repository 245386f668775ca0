/** The data that the program wrote into the page. A ladder is parsed only when it is opened. */
const Data = (() => {
  const parse = (id) => JSON.parse(document.getElementById(id).textContent);
  const report = parse("report");
  const path = parse("legs");
  const entries = parse("entries").map((entry) => ({ ...entry, findings: entry.findings.map((i) => report.findings[i]) }));
  const codes = parse("meanings");
  const lost = parse("lost-segments");
  const ladders = document.getElementById("ladders").textContent;
  const points = path.points.map((point) => point.name);

  const ofConnection = new Map();
  report.findings.forEach((finding) =>
    finding.connections.forEach((id) => {
      if (!ofConnection.has(id)) {
        ofConnection.set(id, []);
      }
      ofConnection.get(id).push(finding);
    }),
  );

  /** The offset of each ladder's line, found only as far as needed: there may be many ladders. */
  const starts = [0];
  const start = (line) => {
    while (starts.length <= line) {
      starts.push(ladders.indexOf("\n", starts[starts.length - 1]) + 1);
    }
    return starts[line];
  };
  /** By number: of very many connections the page holds some. */
  const lines = new Map(report.connections.map((connection, line) => [connection.id, line]));
  const holds = (id) => lines.has(id);
  const connection = (id) => report.connections[lines.get(id)];
  const ladder = (id) => JSON.parse(ladders.slice(start(lines.get(id)), start(lines.get(id) + 1)));
  const findings = (id) => ofConnection.get(id) || [];

  /** The values from point to point, each that differs from the one before; order: that in which packets pass the points. */
  function along(values, order = points) {
    const list = order.map((name) => values[name]).filter((v) => v !== undefined && v !== null);
    return list.filter((v, i) => v !== list[i - 1]).join(" \u2192 ");
  }

  const severest = (list) => Words.SEVERITIES.find((s) => list.some((f) => f.severity === s));

  return { report, path, entries, codes, lost, points, holds, connection, ladder, findings, along, severest, ...Words };
})();
