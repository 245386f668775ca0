package org.mssbridge.script;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mssbridge.model.Direction;

/**
 * A TCP segment on the path. Sequence numbers are relative, so they stay the same if a device
 * rewrites the ISN; each capture point adds its own ISN.
 *
 * @param start relative sequence number of its first byte (of the SYN, if it has one)
 * @param ack relative acknowledgement number
 * @param sackError added to SACK edges so that untranslated ones keep their absolute numbers
 * @param sequenceShift added to the sequence number besides the ISN
 * @param sum what is in the field of the checksum
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ScriptSegment(
    Direction direction,
    int flags,
    long start,
    long ack,
    int windowField,
    List<ScriptOption> options,
    byte[] payload,
    IpFields ip,
    long sackError,
    long sequenceShift,
    Sum sum) {

  /** The state of the checksum. */
  enum Sum {
    RIGHT,
    /** As checksum offload on the sending host leaves it. */
    INCOMPLETE,
    WRONG,
    /** Right for the data as they were sent; a bit of the last byte is another. */
    DAMAGED
  }

  static final int FIN = 0x01;
  static final int SYN = 0x02;
  static final int PSH = 0x08;
  static final int ACK = 0x10;

  /** The flag letters of tcpdump and packetdrill, by bit. */
  private static final String FLAG_LETTERS = "FSRP.UEW";

  /**
   * The fields of the IP header that are not addresses or lengths.
   *
   * @param ecn the two bits of RFC 3168, section 5: 0 Not-ECT, 1 ECT(1), 2 ECT(0), 3 CE
   * @param mtuBytes the largest fragment of the packet, 0 for a whole one
   * @param sum the state of the IPv4 header's checksum; an incomplete one is 0
   */
  record IpFields(int ttl, int id, boolean dontFragment, int dscp, int ecn, int mtuBytes, Sum sum) {
    IpFields(int ttl, int id, boolean dontFragment, int dscp, int ecn, int mtuBytes) {
      this(ttl, id, dontFragment, dscp, ecn, mtuBytes, Sum.RIGHT);
    }

    IpFields withSum(Sum newSum) {
      return new IpFields(ttl, id, dontFragment, dscp, ecn, mtuBytes, newSum);
    }

    IpFields withTtl(int newTtl) {
      return new IpFields(newTtl, id, dontFragment, dscp, ecn, mtuBytes, sum);
    }

    IpFields withId(int newId) {
      return new IpFields(ttl, newId, dontFragment, dscp, ecn, mtuBytes, sum);
    }

    IpFields withDontFragment(boolean newDontFragment) {
      return new IpFields(ttl, id, newDontFragment, dscp, ecn, mtuBytes, sum);
    }

    IpFields withDscp(int newDscp) {
      return new IpFields(ttl, id, dontFragment, newDscp, ecn, mtuBytes, sum);
    }

    IpFields withEcn(int newEcn) {
      return new IpFields(ttl, id, dontFragment, dscp, newEcn, mtuBytes, sum);
    }

    IpFields withMtu(int newMtuBytes) {
      return new IpFields(ttl, id, dontFragment, dscp, ecn, newMtuBytes, sum);
    }
  }

  static int takeFlags(ScriptWords words) {
    ScriptException bad = words.expected("flags such as S, S., P. or F. (letters FSRP.UEW)");
    int flags = 0;
    for (char letter : words.take("flags").toCharArray()) {
      int bit = FLAG_LETTERS.indexOf(letter);
      if (bit < 0) {
        throw bad;
      }
      flags |= 1 << bit;
    }
    return flags;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Relative sequence number of the first byte of data: the SYN itself takes one. */
  long dataStart() {
    return start + (has(SYN) ? 1 : 0);
  }

  /** The part of this segment with the data bytes in {@code range}, as TSO cuts it. */
  ScriptSegment piece(ScriptRange range, int index) {
    int from = Math.toIntExact(range.start() - dataStart());
    int to = from + range.length();
    boolean last = to == payload.length;
    ScriptSegment part =
        new ScriptSegment(
            direction,
            last ? flags : flags & ~(FIN | PSH),
            start + from,
            ack,
            windowField,
            options,
            Arrays.copyOfRange(payload, from, to),
            ip,
            sackError,
            sequenceShift,
            Sum.RIGHT);
    return part.withIp(ip.withId(ip.id() + index & 0xffff));
  }

  /** The ranges of the data in pieces of at most {@code sizeBytes}. */
  List<ScriptRange> pieces(int sizeBytes) {
    List<ScriptRange> pieces = new ArrayList<>();
    long end = dataStart() + payload.length;
    for (long at = dataStart(); at < end; at += sizeBytes) {
      pieces.add(new ScriptRange(at, Math.min(at + sizeBytes, end)));
    }
    return pieces;
  }

  ScriptSegment withFlags(int newFlags) {
    return new ScriptSegment(
        direction,
        newFlags,
        start,
        ack,
        windowField,
        options,
        payload,
        ip,
        sackError,
        sequenceShift,
        sum);
  }

  ScriptSegment withWindow(int newWindowField) {
    return new ScriptSegment(
        direction,
        flags,
        start,
        ack,
        newWindowField,
        options,
        payload,
        ip,
        sackError,
        sequenceShift,
        sum);
  }

  ScriptSegment withOptions(List<ScriptOption> newOptions) {
    return new ScriptSegment(
        direction,
        flags,
        start,
        ack,
        windowField,
        newOptions,
        payload,
        ip,
        sackError,
        sequenceShift,
        sum);
  }

  ScriptSegment withPayload(byte[] newPayload) {
    return new ScriptSegment(
        direction,
        flags,
        start,
        ack,
        windowField,
        options,
        newPayload,
        ip,
        sackError,
        sequenceShift,
        sum);
  }

  ScriptSegment withIp(IpFields newIp) {
    return new ScriptSegment(
        direction,
        flags,
        start,
        ack,
        windowField,
        options,
        payload,
        newIp,
        sackError,
        sequenceShift,
        sum);
  }

  ScriptSegment withSackError(long newSackError) {
    return new ScriptSegment(
        direction,
        flags,
        start,
        ack,
        windowField,
        options,
        payload,
        ip,
        newSackError,
        sequenceShift,
        sum);
  }

  ScriptSegment withSequenceShift(long newSequenceShift) {
    return new ScriptSegment(
        direction,
        flags,
        start,
        ack,
        windowField,
        options,
        payload,
        ip,
        sackError,
        newSequenceShift,
        sum);
  }

  ScriptSegment withSum(Sum newSum) {
    return new ScriptSegment(
        direction,
        flags,
        start,
        ack,
        windowField,
        options,
        payload,
        ip,
        sackError,
        sequenceShift,
        newSum);
  }
}
