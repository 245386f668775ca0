package org.mssbridge.packets;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.flow.SegmentTable;

/** What differs between two sightings of one packet: a word for each field, with the values. */
final class Changes {
  private Changes() {}

  static List<String> of(SegmentTable near, int nearRow, SegmentTable far, int farRow) {
    List<String> changed = new ArrayList<>();
    add(changed, "ttl", near.ttl(nearRow), far.ttl(farRow), "%d");
    add(changed, "ip_id", near.ipId(nearRow), far.ipId(farRow), "%d");
    add(changed, "dsfield", near.dsField(nearRow), far.dsField(farRow), "0x%02x");
    add(changed, "df", bit(near.dontFragment(nearRow)), bit(far.dontFragment(farRow)), "%d");
    addUnsigned(changed, "seq", near.sequence(nearRow), far.sequence(farRow));
    addUnsigned(changed, "ack", near.acknowledgment(nearRow), far.acknowledgment(farRow));
    add(changed, "flags", near.flags(nearRow), far.flags(farRow), "0x%03x");
    add(changed, "window", near.window(nearRow), far.window(farRow), "%d");
    add(changed, "payload_bytes", near.payloadBytes(nearRow), far.payloadBytes(farRow), "%d");
    if (near.payloadSum(nearRow) >= 0
        && far.payloadSum(farRow) >= 0
        && near.payloadBytes(nearRow) == far.payloadBytes(farRow)
        && near.payloadSum(nearRow) != far.payloadSum(farRow)) {
      changed.add("payload");
    }
    if (near.optionBytes(nearRow) >= 0 && far.optionBytes(farRow) >= 0) {
      add(changed, "option_bytes", near.optionBytes(nearRow), far.optionBytes(farRow), "%d");
    }
    if (near.hasTimestamp(nearRow) && far.hasTimestamp(farRow)) {
      addUnsigned(changed, "tsval", near.timestamp(nearRow), far.timestamp(farRow));
    }
    return changed;
  }

  /**
   * The same for packets of another protocol than TCP.
   *
   * @param isModified whether their content is not the same
   */
  static List<String> of(
      DatagramTable near, int nearRow, DatagramTable far, int farRow, boolean isModified) {
    List<String> changed = new ArrayList<>();
    add(changed, "ttl", near.ttl(nearRow), far.ttl(farRow), "%d");
    add(changed, "ip_id", near.ipId(nearRow), far.ipId(farRow), "%d");
    add(changed, "dsfield", near.dsField(nearRow), far.dsField(farRow), "0x%02x");
    add(changed, "df", bit(near.dontFragment(nearRow)), bit(far.dontFragment(farRow)), "%d");
    if (isModified) {
      changed.add("payload");
    }
    return changed;
  }

  private static int bit(boolean is) {
    return is ? 1 : 0;
  }

  /** Below 0 a value is not known. */
  private static void add(List<String> changed, String name, int near, int far, String format) {
    if (near != far && near >= 0 && far >= 0) {
      changed.add(
          name
              + " "
              + String.format(Locale.ROOT, format, near)
              + ">"
              + String.format(Locale.ROOT, format, far));
    }
  }

  private static void addUnsigned(List<String> changed, String name, int near, int far) {
    if (near != far) {
      changed.add(
          name + " " + Integer.toUnsignedString(near) + ">" + Integer.toUnsignedString(far));
    }
  }
}
