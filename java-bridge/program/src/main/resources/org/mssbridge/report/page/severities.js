/** Buttons that show and hide what has a severity. */
const Severities = (() => {
  const { el } = Dom;

  /**
   * Counts: how many there are of each severity; changed: is called when one is shown or hidden. Those
   * that are shown stand in the set.
   */
  function toggles(counts, changed) {
    const shown = new Set(Words.SEVERITIES);
    const toggle = (severity) => {
      const count = counts[severity] || 0;
      const button = el(
        "button",
        { type: "button", class: "toggle " + severity, "aria-pressed": "true", disabled: count === 0 },
        severity + " " + count,
      );
      button.addEventListener("click", () => {
        const on = !shown.delete(severity);
        if (on) {
          shown.add(severity);
        }
        button.setAttribute("aria-pressed", String(on));
        changed();
      });
      return button;
    };
    const buttons = el("div", { class: "toggles", role: "group", "aria-label": "Severities" }, Words.SEVERITIES.map(toggle));
    return { shown, buttons };
  }

  /** How many of a list there are of each severity. */
  function counts(list) {
    const found = {};
    list.forEach((item) => (found[item.severity] = (found[item.severity] || 0) + 1));
    return found;
  }

  return { toggles, counts };
})();
