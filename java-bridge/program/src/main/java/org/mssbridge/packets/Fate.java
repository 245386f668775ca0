package org.mssbridge.packets;

/** What became of a segment between a capture point and the next one. */
enum Fate {
  /** At the next point, as it was or in other segments. */
  ARRIVED("arrived"),
  /** Nothing of it arrived. */
  LOST("lost"),
  /** Some of its bytes did not arrive. */
  PARTLY_LOST("partly lost"),
  /** It arrived, since it was acknowledged, and the next capture lacks it. */
  MISSED("missed by capture"),
  /** Whether it arrived cannot be known. */
  UNKNOWN("unknown");

  /** As the table has it. */
  final String words;

  Fate(String words) {
    this.words = words;
  }
}
