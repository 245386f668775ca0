/** Words and number formats that all pages share. */
const Words = (() => {
  const SEVERITIES = ["error", "warn", "note", "chat", "comment"];
  const DIRECTIONS = ["c2s", "s2c"];
  const number = (value) => value.toLocaleString("en-GB").replace(/,/g, "\u2009");
  const plural = (count, word) => number(count) + " " + word + (count === 1 ? "" : "s");

  return { SEVERITIES, DIRECTIONS, number, plural };
})();
