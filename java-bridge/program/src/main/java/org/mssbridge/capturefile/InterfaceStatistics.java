package org.mssbridge.capturefile;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.mssbridge.model.RecordedTime;

/**
 * Collects the interface statistics blocks of a file (draft-ietf-opsawg-pcapng, section 4.6). Of an
 * interface with several, the last one counts.
 */
final class InterfaceStatistics {
  static final int LEAST_BYTES = 24;

  private static final int OPTIONS_AT = 20;

  /** What the sections before the current one say; null before the first. */
  private RecordedTime before;

  private final Map<Integer, RecordedTime> section = new HashMap<>();

  /**
   * Reads a block of the current section.
   *
   * @param interfaces the interfaces of the section so far
   */
  void add(
      byte[] bytes,
      int at,
      int blockBytes,
      boolean isLittle,
      List<InterfaceDescription> interfaces) {
    int number = Bytes.int32(bytes, at + 8, isLittle);
    if (number < 0 || number >= interfaces.size()) {
      return;
    }
    TimeResolution resolution = interfaces.get(number).resolution();
    OptionalLong start = OptionalLong.empty();
    OptionalLong end = OptionalLong.empty();
    OptionalLong dropped = OptionalLong.empty();
    OptionList options =
        new OptionList().over(bytes, at + OPTIONS_AT, at + blockBytes - 4, isLittle);
    while (options.next()) {
      if (options.length() == Long.BYTES) {
        switch (options.code()) {
          case OptionCode.STATISTICS_START -> start = time(options, resolution);
          case OptionCode.STATISTICS_END -> end = time(options, resolution);
          case OptionCode.STATISTICS_INTERFACE_DROPS, OptionCode.STATISTICS_SYSTEM_DROPS ->
              dropped = OptionalLong.of(dropped.orElse(0) + Math.max(0, options.int64()));
          default -> {
            // Not needed.
          }
        }
      }
    }
    section.put(number, new RecordedTime(start, end, dropped));
  }

  /** A time is stored as that of a packet: its upper half comes first in either byte order. */
  private static OptionalLong time(OptionList options, TimeResolution resolution) {
    long ticks = options.ticks();
    return ticks <= 0 ? OptionalLong.empty() : OptionalLong.of(resolution.epochNanos(ticks));
  }

  /**
   * Ends a section.
   *
   * @param interfaces how many interfaces it described
   */
  void endSection(int interfaces) {
    if (interfaces == 0 && before == null) {
      return; // None has begun.
    }
    RecordedTime ended = RecordedTime.UNKNOWN;
    if (interfaces > 0 && section.size() == interfaces) {
      ended = section.values().stream().reduce(RecordedTime::and).orElseThrow();
    }
    before = before == null ? ended : before.then(ended);
    section.clear();
  }

  /** What the sections that have ended say together. */
  RecordedTime recorded() {
    return before == null ? RecordedTime.UNKNOWN : before;
  }
}
