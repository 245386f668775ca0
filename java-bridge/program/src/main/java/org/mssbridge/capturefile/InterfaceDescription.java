package org.mssbridge.capturefile;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The interface that packets were captured on, as described by a pcapng block
 * (draft-ietf-opsawg-pcapng, section 4.2) or by the header of a pcap file.
 *
 * @param linkType number in pcap's LINKTYPE registry
 * @param snapLen bytes; 0 for no limit
 * @param fcsBits length of the frame check sequence after each packet; -1 if the file does not say
 * @param resolution of its time stamps
 * @param name as the capturing host knows it, such as {@code eth0}; empty if the file does not say
 */
record InterfaceDescription(
    int linkType, int snapLen, int fcsBits, TimeResolution resolution, String name) {
  private static final int OPTIONS_AT = 16;
  private static final int MOST_NAME_BYTES = 64;

  /** An interface whose description cannot be read. */
  static final InterfaceDescription UNKNOWN =
      new InterfaceDescription(-1, 0, -1, TimeResolution.UNKNOWN, "");

  /**
   * Reads a block. As in tshark, the first option with a code counts, and an option of the wrong
   * length is ignored.
   */
  static InterfaceDescription of(
      byte[] bytes, int at, int blockBytes, boolean isLittle, Strictness strictness) {
    OptionList options =
        new OptionList().over(bytes, at + OPTIONS_AT, at + blockBytes - 4, isLittle);
    Single resolution = new Single(Byte.BYTES, strictness);
    Single fcsBits = new Single(Byte.BYTES, strictness);
    Single offset = new Single(Long.BYTES, strictness);
    String name = "";
    while (options.next()) {
      switch (options.code()) {
        case OptionCode.INTERFACE_TIME_RESOLUTION -> resolution.take(options);
        case OptionCode.INTERFACE_FCS_LENGTH -> fcsBits.take(options);
        case OptionCode.INTERFACE_TIME_OFFSET -> offset.take(options);
        case OptionCode.INTERFACE_NAME -> name = name.isEmpty() ? name(options) : name;
        default -> {
          // Not needed.
        }
      }
    }
    if (options.isDamaged()) {
      strictness.odd("an option reaches beyond its block");
    }
    return new InterfaceDescription(
        Bytes.uint16(bytes, at + 8, isLittle),
        Bytes.int32(bytes, at + 12, isLittle),
        (int) fcsBits.or(-1),
        options.isDamaged()
            ? TimeResolution.UNKNOWN
            : new TimeResolution(
                (int) resolution.or(TimeResolution.MICROSECONDS.code()), offset.or(0)),
        name);
  }

  /** A file can have very many interfaces, and very long names for them. */
  private static String name(OptionList options) {
    int bytes = Math.min(options.length(), MOST_NAME_BYTES);
    String name = new String(options.bytes(), options.valueAt(), bytes, UTF_8);
    return name.indexOf('\0') < 0 ? name : name.substring(0, name.indexOf('\0'));
  }

  /** The value of an option that an interface may have only once. */
  private static final class Single {
    private final int bytes;
    private final Strictness strictness;
    private boolean isSet;
    private long value;

    Single(int bytes, Strictness strictness) {
      this.bytes = bytes;
      this.strictness = strictness;
    }

    void take(OptionList option) {
      if (isSet || option.length() != bytes) {
        strictness.odd("an option of an interface is there twice or has another length");
        return;
      }
      isSet = true;
      value = bytes == Byte.BYTES ? option.uint8() : option.int64();
    }

    long or(long other) {
      return isSet ? value : other;
    }
  }
}
