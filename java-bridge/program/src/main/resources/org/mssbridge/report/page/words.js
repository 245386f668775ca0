/** Words and number formats that all pages share. */
const Words = (() => {
  const SEVERITIES = ["error", "warn", "note", "chat", "comment"];
  const DIRECTIONS = ["c2s", "s2c"];
  const WAYS = { c2s: "client to server", s2c: "server to client" };
  const way = (direction) => WAYS[direction] || "";
  const number = (value) => value.toLocaleString("en-GB").replace(/,/g, "\u2009");
  const plural = (count, word) => number(count) + " " + word + (count === 1 ? "" : "s");

  return { SEVERITIES, DIRECTIONS, way, number, plural };
})();
