/** Walks through the frames of a finding, from arrow to arrow and from connection to connection. */
const EvidenceWalk = (() => {
  const { el } = Dom;

  /** Whether a transmission has one of the frames; wanted: names of point and frame. */
  function has(wanted, ladder, group) {
    return group.icmp
      ? group.icmp.some((m) => wanted.has(Data.points[m.point] + " " + m.frame))
      : group.rungs.some((i) => wanted.has(Data.points[ladder.point[i]] + " " + ladder.frame[i]));
  }

  /** The indexes of the transmissions that show a finding. */
  function indexes(finding, ladder, groups) {
    const wanted = new Set(Object.entries(finding.frames).flatMap(([point, frames]) => frames.map((f) => point + " " + f)));
    return groups.map((group, i) => (has(wanted, ladder, group) ? i : -1)).filter((i) => i >= 0);
  }

  /**
   * The bar above a ladder. walk: {finding, id, found, at, origin}; found: indexes of the transmissions; at: which of
   * them is selected; go: called with the next place among them; open: called with another connection and whether
   * its last evidence comes first.
   */
  function bar({ finding, id, found, at, origin }, go, open) {
    const connections = finding.connections;
    const place = connections.indexOf(id);
    const step = (by) => {
      if (at + by >= 0 && at + by < found.length) {
        return () => go(at + by);
      }
      const next = connections[place + by];
      return next === undefined ? null : () => open(next, by < 0);
    };
    const button = (label, by) => el("button", { type: "button", "data-step": by, disabled: !step(by), onclick: step(by) || (() => {}) }, label);
    const back = () => {
      const target = origin && origin.isConnected ? origin : Dom.byId("findings");
      target.scrollIntoView({ block: "center", behavior: "instant" });
      target.focus({ preventScroll: true });
    };
    const where = found.length
      ? "Evidence " + Data.number(at + 1) + " of " + Data.number(found.length)
      : "The page holds no evidence";
    return el(
      "nav",
      { class: "pager walk", "aria-label": "Evidence" },
      button("Previous", -1),
      el(
        "span",
        { class: "walk-place" },
        where + " of ",
        Codes.link(finding.code),
        " in connection " + id + (connections.length > 1 ? " (" + Data.number(place + 1) + " of " + Data.plural(connections.length, "connection") + ")" : ""),
      ),
      button("Next", 1),
      el("button", { type: "button", onclick: back }, "Back to the finding"),
    );
  }

  return { indexes, bar };
})();
