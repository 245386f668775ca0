package org.mssbridge.flow;

import org.mssbridge.model.ChecksumState;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.Frame;
import org.mssbridge.model.IpAddress;

/**
 * The sum of the payload's 16-bit words, computed from the TCP checksum (RFC 9293, section 3.1; RFC
 * 1071). All other data that the checksum covers is known, so the sum follows even where the
 * snapshot length cut off the payload. Where the checksum was left to the hardware (offload), the
 * field holds only the sum of the pseudo header, and the payload's sum is unknown.
 */
final class PayloadSum {
  private static final int PROTOCOL = 6;
  private static final int HEADER_BYTES = 20;
  private static final int ONES = 0xffff;
  private static final int URGENT = 0x20;

  private PayloadSum() {}

  /** The sum of a segment's payload, 0 to 65534; -1 where it cannot be known. */
  static int of(Frame frame, int addressSum) {
    int checksum = frame.checksum();
    int optionBytes = frame.optionLengthBytes();
    if (addressSum < 0 || checksum < 0 || optionBytes < 0 || (frame.flags() & URGENT) != 0) {
      return -1;
    }
    int headerBytes = HEADER_BYTES + optionBytes;
    long pseudo = pseudo(addressSum, headerBytes, frame);
    if (fold(pseudo) == fold(checksum)) {
      return -1;
    }
    // Ports belong to the header, not to the pseudo header.
    long header =
        frame.sourcePort()
            + (long) frame.destinationPort()
            + words(frame.sequence())
            + words(frame.acknowledgment())
            + (((headerBytes / 4) << 12) | (frame.flags() & 0xfff))
            + frame.window()
            + frame.optionSum();
    return fold((checksum ^ ONES) + (long) ONES * ONES - fold(pseudo + header));
  }

  /** Whether the checksum fits, by what the frame's reader knows and by the pseudo header. */
  static ChecksumState state(Frame frame, int addressSum) {
    int checksum = frame.checksum();
    int optionBytes = frame.optionLengthBytes();
    if (addressSum < 0 || optionBytes < 0 || checksum < 0 || checksum == ChecksumState.AMBIGUOUS) {
      return ChecksumState.UNKNOWN;
    }
    return fold(pseudo(addressSum, HEADER_BYTES + optionBytes, frame)) == fold(checksum)
        ? ChecksumState.INCOMPLETE
        : frame.checksumState();
  }

  private static long pseudo(int addressSum, int headerBytes, Frame frame) {
    return addressSum + (long) PROTOCOL + headerBytes + frame.payloadBytes();
  }

  /** The sum of the addresses of both ends; -1 where they cannot be parsed. */
  static int ofAddresses(Endpoint one, Endpoint other) {
    int first = sum(one.address());
    int second = sum(other.address());
    return first < 0 || second < 0 ? -1 : first + second;
  }

  private static int sum(String address) {
    byte[] bytes = IpAddress.bytes(address);
    if (bytes.length == 0) {
      return -1;
    }
    int sum = 0;
    for (int i = 0; i + 1 < bytes.length; i += 2) {
      sum += ((bytes[i] & 0xff) << 8) | (bytes[i + 1] & 0xff);
    }
    return sum;
  }

  private static int words(int number) {
    return (number >>> 16) + (number & ONES);
  }

  /** Modulo 65535, so that both zeros of the ones' complement are 0. */
  private static int fold(long sum) {
    return (int) (sum % ONES);
  }
}
