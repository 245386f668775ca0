package org.mssbridge.script;

/** Sequence numbers from {@code start} up to, not including, {@code end}; relative to the ISN. */
record ScriptRange(long start, long end) {
  /** {@code 1:1461}, {@code 1:1461(1460)}, or {@code 1461} alone for no bytes. */
  static ScriptRange take(ScriptWords words) {
    ScriptException bad = words.expected("sequence numbers such as 1:1461(1460)");
    String word = words.take("sequence numbers").replace("_", "");
    int bracket = word.indexOf('(');
    String edges = bracket < 0 ? word : word.substring(0, bracket);
    int colon = edges.indexOf(':');
    try {
      long start = Long.parseLong(colon < 0 ? edges : edges.substring(0, colon));
      long end = colon < 0 ? start : Long.parseLong(edges.substring(colon + 1));
      long length =
          bracket < 0
              ? end - start
              : Long.parseLong(word.substring(bracket + 1, word.length() - 1));
      if (end < start || length != end - start) {
        throw words.error("'" + word + "' is not a range: " + start + " + length is not " + end);
      }
      return new ScriptRange(start, end);
    } catch (NumberFormatException e) {
      throw bad;
    }
  }

  int length() {
    return Math.toIntExact(end - start);
  }
}
