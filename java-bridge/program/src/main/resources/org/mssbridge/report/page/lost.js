/** The table of the segments that left a point and did not arrive at the next one. */
const LostView = (() => {
  const { el, byId } = Dom;

  function ladder(row) {
    if (!Data.holds(row.connection)) {
      return String(row.connection);
    }
    const label = "Ladder of connection " + row.connection + ", which lost frame " + row.frame;
    return el("button", { type: "button", class: "open", "aria-label": label, onclick: () => ConnectionView.open(row.connection) }, row.connection);
  }

  const COLUMNS = [
    { name: "connection", title: "connection", kind: "number", cell: ladder },
    { name: "from", title: "passed" },
    { name: "to", title: "not at" },
    { name: "frame", title: "frame", kind: "number" },
    { name: "time", title: "time", kind: "time" },
    { name: "flags", title: "flags" },
    { name: "payload_bytes", title: "bytes", kind: "number" },
    { name: "lost_bytes", title: "bytes lost", kind: "number" },
  ];

  function draw() {
    const { rows, lost } = Data.lost;
    if (!rows.length) {
      return;
    }
    const place = byId("lost");
    place.hidden = false;
    if (lost > rows.length) {
      place.append(el("p", { class: "hint" }, "The first " + Data.number(rows.length) + " of " + Data.number(lost) + "; --packets writes all."));
    }
    Table.draw(place, {
      name: "lost-segment",
      what: "lost segment",
      columns: COLUMNS,
      rows: rows.map((row) => ({ ...row, time: row.time || "" })),
      placeholder: "point, frame or flags",
      order: { column: "connection", down: false },
    });
  }

  return { draw };
})();
