/** The findings: filtered and paged; opening one adds its details. */
const FindingsView = (() => {
  const { el } = Dom;
  const PAGE = 100;
  const MOST_PRINTED = 1000;
  const MAX_CONNECTIONS = 40;
  let code = "";
  let connection = "";
  let page = 0;
  let body = null;
  let shown = null;

  const firstOf = (list, count) =>
    list.slice(0, count).join(", ") + (list.length > count ? " \u2026" : "");

  const matches = (finding) =>
    shown.has(finding.severity) &&
    (!code || finding.code === code) &&
    (connection === "" || finding.connections.includes(Number(connection)));

  /** The entries with a finding that matches; both directions of one thing are one entry. */
  const matching = () => Data.entries.filter((entry) => entry.findings.some(matches));

  function causes(finding) {
    if (!finding.causes.length) {
      return null;
    }
    const grounds = (sign, list) => list.map((text) => el("li", { class: sign === "+" ? "for" : "against" }, text));
    return [
      el("h4", {}, "What may be behind it"),
      el(
        "ol",
        { class: "causes" },
        finding.causes.map((cause) =>
          el(
            "li",
            {},
            cause.cause,
            cause.source && el("span", { class: "source" }, " [" + cause.source + "]"),
            el("ul", {}, grounds("+", cause.for), grounds("-", cause.against)),
          ),
        ),
      ),
    ];
  }

  function frames(finding) {
    const rows = Object.entries(finding.frames).map(([point, numbers]) =>
      el("div", { class: "fact" }, el("dt", {}, point), el("dd", {}, Commands.ofFrames(point, numbers))),
    );
    return rows.length > 0 && [el("h4", {}, "Frames"), el("dl", { class: "facts" }, rows)];
  }

  function facts(finding) {
    const plain = Object.entries(finding.facts).filter(([, value]) => typeof value !== "object" || Array.isArray(value));
    const rows = plain
      .filter(([name]) => name !== "occurrences")
      .map(([name, value]) =>
        el("div", { class: "fact" }, el("dt", {}, name), el("dd", {}, Array.isArray(value) ? value.join(", ") : String(value))),
      );
    return rows.length > 0 && [el("h4", {}, "Facts"), el("dl", { class: "facts" }, rows)];
  }

  function ladders(finding) {
    if (!finding.connections.length) {
      return null;
    }
    const hasFrames = Object.keys(finding.frames).length > 0;
    const total = finding.connections_total ?? finding.connections.length;
    const open = (id) =>
      el(
        "button",
        { type: "button", onclick: (event) => (hasFrames ? ConnectionView.walk(id, finding, event.target) : ConnectionView.open(id)) },
        (hasFrames ? "Evidence in connection " : "Ladder of connection ") + id,
      );
    const buttons = el(
      "p",
      { class: "actions" },
      finding.connections.slice(0, MAX_CONNECTIONS).map(open),
      total > MAX_CONNECTIONS && el("span", {}, " and " + Data.plural(total - Math.min(MAX_CONNECTIONS, finding.connections.length), "more connection")),
    );
    Dom.roving(buttons, "button");
    return buttons;
  }

  /** The commands for a further capture, each to copy. */
  function secondCapture(capture) {
    return (
      capture && [
        el("h4", {}, "Second capture"),
        el("p", { class: "next" }, capture.purpose),
        Dom.command("tcpdump", capture.tcpdump),
        Dom.command("dumpcap", capture.dumpcap),
      ]
    );
  }

  /** The details of a finding; before: the finding of the same entry before it, whose words are not repeated. */
  function direction(finding, before) {
    const isNew = (name) => !before || JSON.stringify(before[name]) !== JSON.stringify(finding[name]);
    return [
      ladders(finding),
      finding.next_step && isNew("next_step") && el("p", { class: "next" }, finding.next_step),
      isNew("second_capture") && secondCapture(finding.second_capture),
      isNew("causes") ? causes(finding) : finding.causes.length > 0 && el("p", { class: "hint" }, "The causes are the same as in the other direction."),
      frames(finding),
      facts(finding),
    ];
  }

  function details(entry) {
    const [{ code: name }] = entry.findings;
    return el(
      "div",
      { class: "detail" },
      el("p", { class: "hint" }, "What ", Codes.link(name), " means: " + Data.codes[name].meaning),
      entry.findings.map((finding, i) => [
        entry.findings.length > 1 && el("h3", { class: "one-way" }, Data.way(finding.direction)),
        entry.both && el("p", {}, finding.message),
        direction(finding, entry.findings[i - 1]),
      ]),
    );
  }

  const where = (finding) =>
    Object.entries(finding.frames).map(([point, numbers]) => point + ": " + firstOf(numbers, 3)).join("; ");

  function row(entry, opened = false) {
    const [finding] = entry.findings;
    const messages = entry.both ? [entry.both] : [...new Set(entry.findings.map((f) => f.message))];
    const item = el(
      "details",
      { class: "finding", open: opened },
      el(
        "summary",
        {},
        el("span", { class: "severity " + finding.severity }, finding.severity),
        el("span", { class: "code" }, finding.code),
        el("span", { class: "message" }, messages.map((message) => el("span", { class: "line" }, message))),
        el("span", { class: "direction" }, entry.findings.length > 1 ? "both directions" : Data.way(finding.direction)),
        el("span", { class: "where" }, entry.findings.map((f) => el("span", { class: "line" }, where(f)))),
      ),
    );
    if (opened) {
      item.append(details(entry));
    }
    item.addEventListener("toggle", () => {
      if (item.open && item.childElementCount === 1) {
        item.append(details(entry));
      }
    });
    return item;
  }

  function render() {
    const found = matching();
    const count = found.flatMap((entry) => entry.findings).length;
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    page = Math.min(page, pages - 1);
    const turn = (to) => {
      page = to;
      render();
    };
    body.replaceChildren(
      el("p", { class: "count", id: "finding-count" }, count === Data.report.findings.length
        ? Data.plural(count, "finding")
        : count + " of " + Data.plural(Data.report.findings.length, "finding")),
      el("div", { class: "list" }, found.slice(page * PAGE, (page + 1) * PAGE).map((entry) => row(entry))),
      Dom.pager(page, pages, turn, "findings") || "",
    );
  }

  function controls() {
    const toggles = Severities.toggles(Severities.counts(Data.report.findings), () => { page = 0; render(); });
    shown = toggles.shown;
    const codes = [...new Set(Data.report.findings.map((f) => f.code))].sort();
    const select = el(
      "select",
      { id: "code-filter", onchange: (event) => { code = event.target.value; page = 0; render(); } },
      el("option", { value: "" }, "all codes"),
      codes.map((name) => el("option", { value: name }, name)),
    );
    const input = el("input", {
      id: "connection-filter",
      type: "number",
      min: "0",
      placeholder: "all",
      oninput: (event) => { connection = event.target.value; page = 0; render(); },
    });
    return el(
      "div",
      { class: "controls" },
      toggles.buttons,
      el("label", {}, "Code ", select),
      el("label", {}, "Connection ", input),
    );
  }

  function draw() {
    body = el("div", {});
    Printing.part("findings", body, () => el("div", { class: "list" }, matching().slice(0, MOST_PRINTED).map((entry) => row(entry, true))));
    Dom.byId("findings").append(controls(), body);
    render();
  }

  return { draw };
})();
