/** The findings of all pairs: filtered and paged; opening one adds its details and trend. */
const ChangesView = (() => {
  const { el } = Dom;
  const PAGE = 100;
  const MOST_PRINTED = 1000;
  const ANY = "";
  const EXPECTED = "accepted";
  const ELSEWHERE = "-1";
  const state = { query: "", boundary: ANY, acceptance: "unexpected", page: 0 };
  let shown = null;
  let body = null;

  const boundaryName = (b) => b.near + " \u2013 " + b.far;

  function matches(change) {
    const words = state.query.toLowerCase().split(/\s+/).filter(Boolean);
    const text = [change.code, change.what, change.where, change.when, change.example, change.accepted || "", ...change.some_pairs.map((p) => p.pair)].join(" ").toLowerCase();
    return (
      shown.has(change.severity) &&
      (state.boundary === ANY || String(change.boundary) === state.boundary) &&
      (state.acceptance === ANY || (state.acceptance === EXPECTED) === (change.accepted !== undefined)) &&
      words.every((word) => text.includes(word))
    );
  }

  function details(change) {
    const detail = el(
      "div",
      { class: "detail" },
      el("p", {}, "In ", change.some_pairs.map((pair, i) => [i ? ", " : "", CaseTables.pairLink(pair)]), change.pairs > change.some_pairs.length && " and " + Words.plural(change.pairs - change.some_pairs.length, "more pair")),
      change.accepted !== undefined && el("p", {}, "Accepted: " + change.accepted),
      !change.what.endsWith(change.example) && el("p", { class: "hint" }, "For example: " + change.example),
    );
    const boundary = Case.boundaries[change.boundary];
    const all = boundary ? [{ name: "all of " + boundaryName(boundary), trend: boundary.trend, colour: "line", filled: true }] : [];
    return [detail, () => change.trend.length > 0 && Trend.draw(detail, "Connections with " + change.code + " over time", all.concat({ name: change.code, trend: change.trend, colour: change.severity === "error" ? "error" : "c2s", filled: true }))];
  }

  function row(change, opened = false) {
    const item = el(
      "details",
      { class: "finding change", open: opened },
      el(
        "summary",
        {},
        el("span", { class: "severity " + change.severity }, change.severity),
        el("span", { class: "code" }, change.code),
        el("span", { class: "message" }, change.what, change.accepted !== undefined && el("span", { class: "hint" }, " (accepted)")),
        el("span", { class: "direction" }, Words.way(change.direction)),
        el("span", { class: "where" }, change.where.replace(/^[cs]2[cs], /, "") + change.when),
      ),
    );
    if (opened) {
      item.append(details(change)[0]);
    }
    item.addEventListener("toggle", () => {
      if (item.open && item.childElementCount === 1) {
        const [detail, plot] = details(change);
        item.append(detail);
        plot();
      }
    });
    return item;
  }

  function render() {
    const found = Case.changes.filter(matches);
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    state.page = Math.min(state.page, pages - 1);
    const turn = (to) => {
      state.page = to;
      render();
    };
    const all = Words.plural(Case.changes.length, "kind") + " of finding";
    body.replaceChildren(
      el("p", { class: "count", id: "change-count" }, found.length === Case.changes.length ? all : Words.number(found.length) + " of " + all),
      el("div", { class: "list" }, found.slice(state.page * PAGE, (state.page + 1) * PAGE).map((change) => row(change))),
      Dom.pager(state.page, pages, turn, "findings") || "",
    );
  }

  function changed(name) {
    return (event) => {
      state[name] = event.target.value;
      state.page = 0;
      render();
    };
  }

  function choice(id, name, options) {
    const list = options.map(([value, text]) => el("option", { value, selected: value === state[name] }, text));
    return el("select", { id, onchange: changed(name) }, list);
  }

  function draw() {
    body = el("div", {});
    Printing.part("changes", body, () => el("div", { class: "list" }, Case.changes.filter(matches).slice(0, MOST_PRINTED).map((change) => row(change, true))));
    const toggles = Severities.toggles(Severities.counts(Case.changes), () => { state.page = 0; render(); });
    shown = toggles.shown;
    const places = Case.boundaries.map((b, i) => [String(i), boundaryName(b)]);
    const search = el("input", { type: "search", class: "search", id: "change-search", placeholder: "code, value, time \u2026", oninput: changed("query") });
    Dom.byId("changes").append(
      el(
        "div",
        { class: "controls" },
        toggles.buttons,
        el("label", {}, "Boundary ", choice("boundary-filter", "boundary", [[ANY, "all"], ...places, [ELSEWHERE, "none"]])),
        el("label", {}, "Show ", choice("accepted-filter", "acceptance", [["unexpected", "what is not expected"], [EXPECTED, "what is accepted"], [ANY, "both"]])),
        el("label", {}, "Search ", search),
      ),
      body,
    );
    render();
  }

  return { draw };
})();
