/** A table that can be filtered by text, sorted by a column, grouped and paged. */
const Table = (() => {
  const { el } = Dom;
  const PAGE = 50;
  const MOST_PRINTED = 1000;

  const { compare: inOrder } = new Intl.Collator("en", { numeric: true });
  const rank = (severity) => (severity ? Words.SEVERITIES.length - Words.SEVERITIES.indexOf(severity) : 0);

  function compare(a, b, column) {
    if (column === "severity") {
      return rank(a.severity) - rank(b.severity);
    }
    return typeof a[column] === "number" ? a[column] - b[column] : inOrder(a[column], b[column]);
  }

  /** The content of a cell; numbers and severities look the same in every table unless the column draws its own. */
  function content(column, row) {
    const value = row[column.name];
    if (column.cell) {
      return column.cell(row);
    }
    if (column.name === "severity") {
      return value && el("span", { class: "severity " + value }, value);
    }
    if (typeof value === "number") {
      return Words.number(value);
    }
    const parts = column.kind === "time" ? value.split(/[T ]/).map((part, i) => [i > 0 && " ", el("span", { class: "whole" }, part)]) : Dom.wrapping(value);
    return value && el("span", {}, parts); // One box, as a stacked cell is a grid.
  }

  /**
   * Draws into a place. A row is an object with a text or a number for each column's name; what: what a row
   * is, in the singular; name: prefix of the ids in the table; groups: what rows can be grouped by, each with a name,
   * a title and the key of a row.
   */
  function draw(place, { name, what, columns, rows, placeholder, order, filter, groups = [] }) {
    const body = el("div", {});
    let query = "";
    let page = 0;
    let grouping = null;
    let open = new Set();

    /** The group whose rows are shown alone, with what it is one of. */
    let only = null;

    function matching() {
      const words = query.toLowerCase().split(/\s+/).filter(Boolean);
      const found = rows.filter((row) => {
        const text = columns.map((column) => row[column.name]).join(" ").toLowerCase();
        return words.every((word) => text.includes(word)) && (!filter || filter(row)) && (!only || only.by.key(row) === only.key);
      });
      const sign = order.down ? -1 : 1;
      found.sort((a, b) => sign * compare(a, b, order.column) || compare(a, b, columns[0].name));
      return found;
    }

    function heading(column) {
      const sorted = order.column === column.name;
      const id = name + "-sort-" + column.name;
      const sort = () => {
        order = { column: column.name, down: sorted ? !order.down : column.kind === "number" || column.name === "severity" };
        page = 0;
        render();
        Dom.byId(id).focus();
      };
      return el(
        "th",
        { scope: "col", class: column.kind || "", "aria-sort": sorted ? (order.down ? "descending" : "ascending") : "none" },
        el("button", { type: "button", id, onclick: sort }, column.title),
      );
    }

    const line = (row) => el("tr", {}, columns.map((column) => el("td", { class: column.kind || "" }, content(column, row))));

    /** The groups of rows, those with the severest rows and then the largest ones first. */
    function grouped(found) {
      const byKey = new Map();
      found.forEach((row) => {
        const key = grouping.key(row);
        byKey.set(key, (byKey.get(key) || { key, rows: [], worst: 0 }));
        byKey.get(key).rows.push(row);
        byKey.get(key).worst = Math.max(byKey.get(key).worst, rank(row.severity));
      });
      return [...byKey.values()].sort((a, b) => b.worst - a.worst || b.rows.length - a.rows.length || inOrder(a.key, b.key));
    }

    /** How many rows of a group have which severity. */
    function severities(group) {
      return Words.SEVERITIES.concat("")
        .map((severity) => [severity, group.rows.filter((row) => row.severity === severity).length])
        .filter(([, count]) => count > 0)
        .map(([severity, count], i) => [i ? ", " : "", el("span", { class: severity }, (severity || "no finding") + " " + Words.number(count))]);
    }

    function show(change) {
      change();
      page = 0;
      render();
    }

    function groupRows(group, index) {
      const id = name + "-in-group-" + index;
      const expanded = open.has(group.key);
      const toggle = () => {
        if (!open.delete(group.key)) {
          open.add(group.key);
        }
        render();
        Dom.byId(id).focus();
      };
      const heading = el(
        "tr",
        { class: "group" },
        el(
          "th",
          { scope: "rowgroup", colspan: columns.length },
          el("button", { type: "button", id, "aria-expanded": String(expanded), onclick: toggle }, group.key),
          " ",
          el("span", { class: "count" }, Words.plural(group.rows.length, what) + ": ", severities(group)),
        ),
      );
      const alone = () => show(() => { only = { by: grouping, key: group.key }; grouping = null; });
      const more = group.rows.length > PAGE && el(
        "tr",
        {},
        el("td", { colspan: columns.length }, "and " + Words.number(group.rows.length - PAGE) + " more ", el("button", { type: "button", onclick: alone }, "Show only these")),
      );
      return el("tbody", {}, heading, expanded && group.rows.slice(0, PAGE).map(line), expanded && more);
    }

    function render() {
      const found = matching();
      const list = grouping ? grouped(found) : found;
      const pages = Math.max(1, Math.ceil(list.length / PAGE));
      page = Math.min(page, pages - 1);
      const turn = (to) => {
        page = to;
        render();
      };
      const all = Words.plural(rows.length, what);
      const part = list.slice(page * PAGE, (page + 1) * PAGE);
      const table = el(
        "table",
        { class: "sorted " + name + "s" },
        el("thead", {}, el("tr", {}, columns.map(heading))),
        grouping ? part.map((group, i) => groupRows(group, i)) : el("tbody", {}, part.map(line)),
      );
      const scroll = el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": what + "s; arrow keys move between the buttons of the rows" }, table);
      Dom.stacking(table);
      Dom.roving(table, "tbody button");
      body.replaceChildren(
        el(
          "p",
          { class: "count", id: name + "-count" },
          found.length === rows.length ? all : Words.number(found.length) + " of " + all,
          grouping && " in " + Words.plural(list.length, "group"),
          only && [" with " + only.by.title + " " + only.key + " ", el("button", { type: "button", onclick: () => show(() => (only = null)) }, "Show all")],
        ),
        scroll,
        Dom.pager(page, pages, turn, grouping ? "groups" : what + "s") || "",
      );
      if (select) {
        select.value = grouping ? grouping.name : "";
      }
    }

    const oninput = (event) => { query = event.target.value; page = 0; render(); };
    const search = el("input", { type: "search", class: "search", id: name + "-search", placeholder, oninput });
    const regroup = (event) => show(() => { grouping = groups.find((g) => g.name === event.target.value) || null; open = new Set(); only = null; });
    const select = groups.length > 0 && el(
      "select",
      { id: name + "-group", onchange: regroup },
      el("option", { value: "" }, "nothing"),
      groups.map((group) => el("option", { value: group.name }, group.title)),
    );
    Printing.part(name, body, () => {
      const found = matching();
      return grouping
        ? null
        : [
            el("p", { class: "count" }, Words.number(Math.min(found.length, MOST_PRINTED)) + " of " + Words.plural(rows.length, what)),
            Dom.stacking(el("table", { class: "sorted " + name + "s" }, el("thead", {}, el("tr", {}, columns.map((c) => el("th", { scope: "col", class: c.kind || "" }, c.title)))), el("tbody", {}, found.slice(0, MOST_PRINTED).map(line)))),
          ];
    });
    place.append(el("div", { class: "controls" }, el("label", {}, "Search ", search), select && el("label", {}, "Group by ", select)), body);
    render();
    return { render };
  }

  return { draw };
})();
