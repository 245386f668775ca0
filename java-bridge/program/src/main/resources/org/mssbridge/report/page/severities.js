/** Buttons that show or hide findings by severity. */
const Severities = (() => {
  const { el } = Dom;

  /**
   * The buttons, and the set of severities that are shown. counts: number of findings by severity;
   * changed: called when a severity is shown or hidden.
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

  /** The number of findings in a list, by severity. */
  function counts(list) {
    const found = {};
    list.forEach((item) => (found[item.severity] = (found[item.severity] || 0) + 1));
    return found;
  }

  return { toggles, counts };
})();
