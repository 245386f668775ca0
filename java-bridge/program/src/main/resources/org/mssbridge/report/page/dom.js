/** Creates elements. Text only ever becomes text nodes, and invisible characters are shown as escapes. */
const Dom = (() => {
  const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu;
  const SVG = "http://www.w3.org/2000/svg";

  const escape = (sign) => {
    const code = sign.codePointAt(0).toString(16);
    return sign < "\u0100" ? "\\x" + code.padStart(2, "0") : "\\u{" + code + "}";
  };
  const printable = (value) => String(value).replace(INVISIBLE, escape);

  function fill(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) {
        element.addEventListener(name.slice(2), value);
      } else if (value !== null && value !== undefined && value !== false) {
        element.setAttribute(name, value === true ? "" : printable(value));
      }
    }
    append(element, children);
    return element;
  }

  /** A text to be shown: a number and its sign or unit of one letter stay on one line. */
  const shown = (value) => printable(value).replace(/(\d) (?=%)|(\u00b1) (?=\d)/g, "$1$2\u00a0");

  function append(element, children) {
    for (const child of children.flat(Infinity)) {
      if (child !== null && child !== undefined && child !== false) {
        element.append(child instanceof Node ? child : document.createTextNode(shown(child)));
      }
    }
  }

  const el = (tag, attributes, ...children) =>
    fill(document.createElement(tag), attributes, children);
  const svg = (tag, attributes, ...children) =>
    fill(document.createElementNS(SVG, tag), attributes, children);

  /** The longest word of a table that is never cut into lines: an IPv4 address with its port. */
  const LONGEST_WHOLE = 21;
  const PIECES = /[^:./-]{1,12}[:./-]*|[:./-]+/gu;

  /** A text whose long words, such as IPv6 addresses, may be cut into lines, after a separator if they have one. */
  function wrapping(text) {
    return text.split(/(\s+)/).map((word) => (word.length <= LONGEST_WHOLE ? word : word.match(PIECES).map((piece) => [piece, el("wbr")])));
  }

  const byId = (id) => document.getElementById(id);

  /** Announces a text to screen readers; it is cleared first so that they also read a repeated one. */
  function announce(text) {
    byId("status").textContent = "";
    byId("status").textContent = printable(text);
  }

  /** For browsers that refuse clipboard access to pages opened from disk. */
  function copyBySelection(text) {
    const area = el("textarea", { class: "offscreen", readonly: true });
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  }

  async function copy(text, shown, button) {
    const { label } = button.dataset;
    let copied = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch (error) {
      copied = copyBySelection(text);
      button.focus();
    }
    button.textContent = copied ? "Copied" : "Select and copy";
    announce(copied ? "Copied: " + shown : "The browser does not let pages copy");
    setTimeout(() => (button.textContent = label), 1500);
  }

  /** A button that copies a text; shown: the text, or the beginning of a long one. */
  function copier(label, text, shown = text) {
    const button = el("button", { type: "button", class: "copy", "data-label": label, "aria-label": "Copy " + shown, title: shown }, label);
    button.addEventListener("click", () => copy(text, shown, button));
    return button;
  }

  /** Prepares a table for narrow screens, where rows become blocks: the cells' titles, and roles that stay. */
  function stacking(table) {
    const titles = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
    table.classList.add("stacking");
    table.setAttribute("role", "table");
    [table.tHead, ...table.tBodies].forEach((part) => part.setAttribute("role", "rowgroup"));
    [...table.rows].forEach((row) => {
      row.setAttribute("role", "row");
      [...row.cells].forEach((cell, i) => {
        const isHeading = cell.tagName === "TH";
        cell.setAttribute("role", isHeading ? (row.parentNode === table.tHead ? "columnheader" : "rowheader") : "cell");
        if (row.cells.length === titles.length && !isHeading) {
          cell.dataset.title = titles[i];
        }
      });
    });
    return table;
  }

  const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: 10, PageUp: -10 };

  /** Makes the elements that match in a place a single tab stop; the arrow keys move between them. */
  function roving(place, selector) {
    const all = () => [...place.querySelectorAll(selector)];
    const stop = (chosen) => all().forEach((node) => node.setAttribute("tabindex", node === chosen ? "0" : "-1"));
    place.addEventListener("focusin", (event) => event.target.matches(selector) && stop(event.target));
    place.addEventListener("keydown", (event) => {
      const nodes = all();
      const at = nodes.indexOf(event.target);
      const step = STEPS[event.key];
      const target = event.key === "Home" ? 0 : event.key === "End" ? nodes.length - 1 : step && at + step;
      if (at >= 0 && target !== undefined) {
        event.preventDefault();
        nodes[Math.max(0, Math.min(nodes.length - 1, target))].focus();
      }
    });
    stop(all()[0]);
  }

  /** A command for the shell under its name, in lines that wrap, with a button that copies it. */
  function command(name, text) {
    return el(
      "div",
      { class: "command" },
      el("div", { class: "command-name" }, name, " ", copier("Copy", text, "the " + name + " command")),
      el("pre", {}, el("code", {}, text)),
    );
  }

  /** Buttons to turn pages; null if there is only one page. */
  function pager(page, pages, turn, what) {
    if (pages < 2) {
      return null;
    }
    const button = (label, to) =>
      el("button", { type: "button", disabled: to < 0 || to >= pages, onclick: () => turn(to) }, label);
    return el(
      "nav",
      { class: "pager", "aria-label": "Pages of " + what },
      button("Previous", page - 1),
      el("span", {}, "page " + (page + 1) + " of " + pages),
      button("Next", page + 1),
    );
  }

  return { el, svg, byId, append, wrapping, printable, announce, copier, command, roving, stacking, pager };
})();
