package org.mssbridge.script;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A TCP option in a script and in a header. */
sealed interface ScriptOption {
  int END = 0;
  int NOP = 1;
  int MSS = 2;
  int SACK = 5;

  /** Option kinds by their name in scripts (IANA, TCP Option Kind Numbers). */
  Map<String, Integer> KINDS =
      Map.of(
          "mss",
          MSS,
          "wscale",
          3,
          "sackok",
          4,
          "sack",
          SACK,
          "ts",
          8,
          "md5",
          19,
          "ao",
          29,
          "mptcp",
          30,
          "fastopen",
          34);

  /** The kind number, the first byte. */
  int kind();

  /** An option as raw bytes, including kind and length. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Plain(byte[] bytes) implements ScriptOption {
    @Override
    public int kind() {
      return bytes[0] & 0xff;
    }

    static Plain of(int kind, byte... data) {
      byte[] bytes = new byte[2 + data.length];
      bytes[0] = (byte) kind;
      bytes[1] = (byte) bytes.length;
      System.arraycopy(data, 0, bytes, 2, data.length);
      return new Plain(bytes);
    }

    static Plain nop() {
      return new Plain(new byte[] {NOP});
    }
  }

  /** SACK blocks with relative sequence numbers; {@code absolute} ones are never translated. */
  record Sack(List<Long> edges, boolean absolute) implements ScriptOption {
    @Override
    public int kind() {
      return SACK;
    }

    byte[] encode(long base) {
      ByteBuffer bytes = ByteBuffer.allocate(2 + 4 * edges.size());
      bytes.put((byte) SACK).put((byte) bytes.capacity());
      edges.forEach(edge -> bytes.putInt((int) (edge + (absolute ? 0 : base))));
      return bytes.array();
    }
  }

  static boolean isMss(ScriptOption option) {
    return option instanceof Plain plain && plain.kind() == MSS && plain.bytes.length == 4;
  }

  static int mssBytes(ScriptOption option) {
    return ByteBuffer.wrap(((Plain) option).bytes).getShort(2) & 0xffff;
  }

  static ScriptOption mss(int valueBytes) {
    return Plain.of(MSS, shortBytes(valueBytes));
  }

  /** The list in {@code <mss 1460, nop, wscale 7, sackok>}. */
  static List<ScriptOption> takeList(ScriptWords words) {
    if (!words.nextStartsWith("<")) {
      throw words.expected("options such as <mss 1460, sackok>");
    }
    String inside = words.take("options");
    inside = inside.substring(1, inside.length() - 1);
    List<ScriptOption> options = new ArrayList<>();
    if (!inside.isBlank()) {
      for (ScriptWords option : ScriptWords.split(words.line, inside)) {
        options.add(takeOne(option));
        option.end();
      }
    }
    return options;
  }

  private static ScriptOption takeOne(ScriptWords words) {
    String name = words.take("a TCP option");
    return switch (name) {
      case "eol" -> new Plain(new byte[] {END});
      case "nop" -> Plain.nop();
      case "mss" -> takeMss(words);
      case "wscale" -> Plain.of(3, (byte) words.takeInt("a shift count"));
      case "sackok" -> Plain.of(4);
      case "sack" -> takeSack(words);
      case "ts" ->
          Plain.of(
              8,
              ByteBuffer.allocate(8)
                  .putInt((int) words.takeLong("TSval"))
                  .putInt((int) words.takeLong("TSecr"))
                  .array());
      case "md5" -> Plain.of(19, digest(words));
      case "fastopen", "mptcp", "ao" ->
          Plain.of(KINDS.get(name), words.atEnd() ? new byte[0] : words.takeBytes("option data"));
      case "kind" ->
          Plain.of(
              words.takeInt("an option kind"),
              words.atEnd() ? new byte[0] : words.takeBytes("option data"));
      case "raw" -> new Plain(words.takeBytes("the option's bytes"));
      default -> throw words.error("no TCP option is called '" + name + "'");
    };
  }

  private static byte[] digest(ScriptWords words) {
    byte[] digest = words.atEnd() ? new byte[0] : words.takeBytes("a digest");
    return Arrays.copyOf(digest, 16); // RFC 2385, section 3.0
  }

  /** {@code mss 1460}, or {@code mss 1460 length 3} for an option with a wrong length. */
  private static ScriptOption takeMss(ScriptWords words) {
    int valueBytes = words.takeInt("an MSS in bytes");
    if (!words.accept("length")) {
      return mss(valueBytes);
    }
    int length = words.takeInt("the length byte");
    byte[] bytes = new byte[Math.max(2, length)];
    bytes[0] = MSS;
    bytes[1] = (byte) length;
    byte[] value = shortBytes(valueBytes);
    System.arraycopy(value, 0, bytes, 2, Math.min(2, bytes.length - 2));
    return new Plain(bytes);
  }

  private static ScriptOption takeSack(ScriptWords words) {
    boolean absolute = words.accept("absolute");
    List<Long> edges = new ArrayList<>();
    while (!words.atEnd()) {
      ScriptRange block = ScriptRange.take(words);
      edges.add(block.start());
      edges.add(block.end());
    }
    return new Sack(List.copyOf(edges), absolute);
  }

  /** The kinds in {@code sackok ts 76}, up to the first word that is not a kind. */
  static List<Integer> takeKinds(ScriptWords words) {
    List<Integer> kinds = new ArrayList<>();
    while (KINDS.containsKey(words.peek()) || words.nextIsNumber()) {
      kinds.add(
          words.nextIsNumber()
              ? Integer.valueOf(words.takeInt("an option kind"))
              : KINDS.get(words.take("an option")));
    }
    if (kinds.isEmpty()) {
      throw words.expected("an option such as sackok, or a kind number");
    }
    return kinds;
  }

  private static byte[] shortBytes(int value) {
    return HexFormat.of().parseHex(HexFormat.of().toHexDigits((short) value));
  }
}
