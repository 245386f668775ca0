package org.mssbridge.tshark;

/** Parses numbers in the forms that versions of tshark print, directly from characters. */
final class Numbers {
  private static final int NANO_DIGITS = 9;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private Numbers() {}

  /**
   * Parses a decimal number, a hexadecimal number after {@code 0x}, or a boolean as {@code 1},
   * {@code True}, {@code 0} or {@code False}. Anything else is 0.
   */
  static long parse(char[] text, int start, int end) {
    if (start >= end) {
      return 0;
    }
    if (end - start > 2 && text[start] == '0' && text[start + 1] == 'x') {
      return hexadecimal(text, start + 2, end);
    }
    if (text[start] == 'T') {
      return 1;
    }
    boolean negative = text[start] == '-';
    long value = 0;
    for (int i = negative ? start + 1 : start; i < end; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      value = value * 10 + digit;
    }
    return negative ? -value : value;
  }

  /** Parses hexadecimal digits without a prefix; other characters are skipped. */
  static long hexadecimal(char[] text, int start, int end) {
    long value = 0;
    for (int i = start; i < end; i++) {
      int digit = Character.digit(text[i], 16);
      if (digit >= 0) {
        value = (value << 4) | digit;
      }
    }
    return value;
  }

  /** The sum of the two 16-bit words of an IPv4 address in dotted notation. */
  static int dottedWords(char[] text, int start, int end) {
    int address = 0;
    int octet = 0;
    for (int i = start; i < end; i++) {
      if (text[i] == '.') {
        address = address << Byte.SIZE | octet;
        octet = 0;
      } else {
        octet = 10 * octet + text[i] - '0';
      }
    }
    address = address << Byte.SIZE | octet;
    return (address >>> Short.SIZE) + (address & 0xffff);
  }

  /** The sum of the 16-bit words in a string of hexadecimal digits, four digits per word. */
  static int wordSum(char[] text, int start, int end) {
    int sum = 0;
    for (int i = start; i + 4 <= end; i += 4) {
      sum +=
          (digit(text[i]) << 12)
              | (digit(text[i + 1]) << 8)
              | (digit(text[i + 2]) << 4)
              | digit(text[i + 3]);
    }
    return sum;
  }

  private static int digit(char c) {
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
  }

  /** Seconds with a fraction, such as {@code 1795229876.695502000}, as nanoseconds. */
  static long epochNanos(char[] text, int start, int end) {
    boolean negative = start < end && text[start] == '-';
    long seconds = 0;
    int i = negative ? start + 1 : start;
    for (; i < end && text[i] != '.'; i++) {
      seconds = seconds * 10 + (text[i] - '0');
    }
    long fraction = 0;
    int digits = 0;
    for (i++; i < end && digits < NANO_DIGITS; i++, digits++) {
      fraction = fraction * 10 + (text[i] - '0');
    }
    for (; digits < NANO_DIGITS; digits++) {
      fraction *= 10;
    }
    long nanos = seconds * NANOS_PER_SECOND + fraction;
    return negative ? -nanos : nanos;
  }
}
