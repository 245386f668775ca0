/** What the codes of this report's findings mean, from the catalogue. */
const Codes = (() => {
  const { el } = Dom;
  const id = (code) => "code-" + code;

  /** A code that leads to its meaning, or alone where the page does not have it. */
  function link(code) {
    const name = el("code", {}, code);
    return Data.codes[code] ? el("a", { href: "#" + id(code) }, name) : name;
  }

  /** Text with code in backticks. */
  const rich = (text) => text.split("`").map((part, i) => (i % 2 ? link(part) : part));

  const sources = (text) =>
    text.split(/(RFC \d+)/).map((part, i) =>
      i % 2 ? el("a", { href: "https://www.rfc-editor.org/rfc/rfc" + part.slice(4), rel: "noreferrer" }, part) : rich(part),
    );

  function meaning(code) {
    const page = Data.codes[code];
    return el(
      "div",
      { class: "meaning", id: id(code), tabindex: "-1" },
      el("h3", {}, el("code", {}, code), ": " + page.meaning),
      el("p", {}, rich(page.fires)),
      el("p", { class: "source" }, "Sources: ", sources(page.sources)),
    );
  }

  function draw() {
    const place = Dom.byId("codes");
    const codes = Object.keys(Data.codes).sort();
    place.append(...(codes.length ? codes.map(meaning) : [el("p", { class: "hint" }, "There are no findings.")]));
  }

  return { link, draw };
})();
