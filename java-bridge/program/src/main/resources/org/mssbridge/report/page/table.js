/** A table that can be filtered by text, sorted by a column, and paged. */
const Table = (() => {
  const { el } = Dom;
  const PAGE = 50;

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
    return typeof value === "number" ? Words.number(value) : value;
  }

  /**
   * Draws into a place. A row is an object with a text or a number for each column's name; what: what a row
   * is, in the singular; name: prefix of the ids in the table.
   */
  function draw(place, { name, what, columns, rows, placeholder, order, filter }) {
    const body = el("div", {});
    let query = "";
    let page = 0;

    function matching() {
      const words = query.toLowerCase().split(/\s+/).filter(Boolean);
      const found = rows.filter((row) => {
        const text = columns.map((column) => row[column.name]).join(" ").toLowerCase();
        return words.every((word) => text.includes(word)) && (!filter || filter(row));
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

    function render() {
      const found = matching();
      const pages = Math.max(1, Math.ceil(found.length / PAGE));
      page = Math.min(page, pages - 1);
      const turn = (to) => {
        page = to;
        render();
      };
      const all = Words.plural(rows.length, what);
      body.replaceChildren(
        el("p", { class: "count", id: name + "-count" }, found.length === rows.length ? all : Words.number(found.length) + " of " + all),
        el(
          "div",
          { class: "scroll", tabindex: "0", role: "group", "aria-label": what + "s" },
          el("table", { class: "sorted " + name + "s" }, el("thead", {}, el("tr", {}, columns.map(heading))), el("tbody", {}, found.slice(page * PAGE, (page + 1) * PAGE).map(line))),
        ),
        Dom.pager(page, pages, turn, what + "s") || "",
      );
    }

    const oninput = (event) => { query = event.target.value; page = 0; render(); };
    const search = el("input", { type: "search", class: "search", id: name + "-search", placeholder, oninput });
    place.append(el("div", { class: "controls" }, el("label", {}, "Search ", search)), body);
    render();
    return { render };
  }

  return { draw };
})();
