package org.mssbridge.capturefile;

import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * The form of a pcapng block that is no frame (draft-ietf-opsawg-pcapng, section 4): a number that
 * is equal for blocks that a reader treats alike, whatever texts, times and counts they hold.
 */
final class BlockShape {
  private static final int TYPE_END = 8;
  private static final int DESCRIPTION_OPTIONS_AT = 16;
  private static final int STATISTICS_OPTIONS_AT = 20;
  private static final int SECTION_OPTIONS_AT = 24;

  /** Options up to this length are numbers, longer ones are texts. */
  private static final int LONGEST_NUMBER = Long.BYTES;

  private BlockShape() {}

  /**
   * The form of a block, which lies in one piece.
   *
   * @param at index of its first byte
   * @param interfaces number of interfaces that its section has described
   * @return empty for types that few captures have, and for damaged options
   */
  static OptionalInt of(byte[] bytes, int at, int blockBytes, boolean isLittle, int interfaces) {
    int type = Bytes.int32(bytes, at, isLittle);
    int optionsAt = optionsAt(type);
    if (optionsAt == 0 || blockBytes < optionsAt + 4) {
      return OptionalInt.empty();
    }
    int fixed;
    if (type == BlockType.INTERFACE_STATISTICS) {
      int number = Bytes.int32(bytes, at + TYPE_END, isLittle);
      fixed = number >= 0 && number < interfaces ? 1 : 0;
    } else {
      fixed = Arrays.hashCode(Arrays.copyOfRange(bytes, at + TYPE_END, at + optionsAt));
    }
    OptionList options =
        new OptionList().over(bytes, at + optionsAt, at + blockBytes - 4, isLittle);
    int shape = Objects.hash(type, isLittle, fixed);
    while (options.next()) {
      shape = 31 * (31 * shape + options.code()) + Math.min(options.length(), LONGEST_NUMBER + 1);
      if (type == BlockType.INTERFACE_DESCRIPTION && options.length() == Byte.BYTES) {
        shape = 31 * shape + options.uint8(); // the resolution of times, for one
      }
    }
    shape = 31 * shape + (options.isTerminated() ? 1 : 0);
    return options.isDamaged() ? OptionalInt.empty() : OptionalInt.of(shape);
  }

  private static int optionsAt(int type) {
    return switch (type) {
      case BlockType.SECTION_HEADER -> SECTION_OPTIONS_AT;
      case BlockType.INTERFACE_DESCRIPTION -> DESCRIPTION_OPTIONS_AT;
      case BlockType.INTERFACE_STATISTICS -> STATISTICS_OPTIONS_AT;
      default -> 0;
    };
  }
}
