/** Words and number formats that all pages share. */
const Words = (() => {
  const SEVERITIES = ["error", "warn", "note", "chat", "comment"];
  const DIRECTIONS = ["c2s", "s2c"];
  const WAYS = { c2s: "client to server", s2c: "server to client" };
  const way = (direction) => WAYS[direction] || "";

  /** As in the text report: grouped from five digits on; sizes such as 1460 never are. */
  const number = (value) => (Math.abs(value) < 10000 ? String(value) : value.toLocaleString("en-GB"));
  const plural = (count, word) => number(count) + " " + word + (count === 1 ? "" : "s");

  /** Control characters, and those that change the direction of the text. */
  const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

  const bytes = (sign) => [...new TextEncoder().encode(sign)].map((b) => "\\x" + b.toString(16).padStart(2, "0")).join("");

  /** A word as a POSIX shell takes it; invisible characters as escapes, which bash, zsh and ksh read. */
  function quote(text) {
    if (/^[\w@%+=:,./-]+$/.test(text)) {
      return text;
    }
    if (text.search(INVISIBLE) < 0) {
      return "'" + text.replace(/'/g, "'\\''") + "'";
    }
    return "$'" + text.replace(/[\\']/g, "\\$&").replace(INVISIBLE, bytes) + "'";
  }

  /** The command line that runs mssbridge with these arguments. */
  const commandLine = (words) => ["mssbridge", ...words].map(quote).join(" ");

  return { SEVERITIES, DIRECTIONS, way, number, plural, quote, commandLine };
})();
