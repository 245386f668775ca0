package org.mssbridge.knowledge;

import org.mssbridge.model.IpFamily;

/**
 * A way to carry IP packets inside other packets, with the size that it leaves for the inner ones.
 */
public sealed interface Encapsulation {

  /** The largest inner packet, in bytes; 0 or less where nothing fits. */
  int innerBytes(int linkMtuBytes);

  /** The sum behind {@link #innerBytes}, such as {@code 1476 - 24 (GRE) = 1452}. */
  String arithmetic(int linkMtuBytes);

  /** Its name, such as {@code WireGuard over IPv6}. */
  String name();

  /** Whether the sum is exact; otherwise it is a worst case from the table. */
  boolean exact();

  /** The IP version of the outer packet. */
  IpFamily outer();

  /** The document that specifies its sizes. */
  String source();

  /** An encapsulation that adds the same number of bytes to every packet. */
  record Fixed(KnowledgeRow row, IpFamily outer) implements Encapsulation {
    @Override
    public int innerBytes(int linkMtuBytes) {
      return linkMtuBytes - row.value();
    }

    @Override
    public String arithmetic(int linkMtuBytes) {
      return linkMtuBytes + " - " + row.value() + " (" + name() + ") = " + innerBytes(linkMtuBytes);
    }

    @Override
    public String name() {
      return outer == IpFamily.IPV6 ? row.title() + " over IPv6" : row.title();
    }

    @Override
    public boolean exact() {
      return row.kind() == KnowledgeRow.Kind.EXACT;
    }

    @Override
    public String source() {
      return row.source();
    }
  }

  /**
   * ESP in tunnel mode (RFC 4303), with the smallest padding that the cipher allows.
   *
   * @param natTraversal whether it is inside UDP (RFC 3948)
   */
  record Esp(EspCipher cipher, boolean natTraversal, IpFamily outer) implements Encapsulation {
    /** SPI and sequence number (RFC 4303 sections 2.1 and 2.2). */
    private static final int HEADER_BYTES = 8;

    /** Pad length and next header, inside the encrypted part (RFC 4303 sections 2.5, 2.6). */
    private static final int TRAILER_BYTES = 2;

    private static final int UDP_BYTES = 8;

    @Override
    public int innerBytes(int linkMtuBytes) {
      int encrypted =
          linkMtuBytes
              - outer.headerBytes()
              - (natTraversal ? UDP_BYTES : 0)
              - HEADER_BYTES
              - cipher.ivBytes()
              - cipher.icvBytes();
      return Math.floorDiv(encrypted, cipher.blockBytes()) * cipher.blockBytes() - TRAILER_BYTES;
    }

    @Override
    public String arithmetic(int linkMtuBytes) {
      return "floor(("
          + linkMtuBytes
          + " - "
          + outer.headerBytes()
          + (natTraversal ? " - 8 (NAT-T)" : "")
          + (" - 8 - " + cipher.ivBytes() + " - " + cipher.icvBytes() + ") / ")
          + (cipher.blockBytes() + ") * " + cipher.blockBytes() + " - 2 (" + name() + ") = ")
          + innerBytes(linkMtuBytes);
    }

    @Override
    public String name() {
      return "ESP "
          + cipher.label()
          + (natTraversal ? " with NAT-T" : "")
          + (outer == IpFamily.IPV6 ? " over IPv6" : "");
    }

    @Override
    public boolean exact() {
      return true;
    }

    @Override
    public String source() {
      return natTraversal ? "RFC 4303; RFC 3948" : "RFC 4303";
    }
  }

  /** GRE inside an ESP tunnel. */
  record GreInEsp(Fixed gre, Esp esp) implements Encapsulation {
    @Override
    public int innerBytes(int linkMtuBytes) {
      return gre.innerBytes(esp.innerBytes(linkMtuBytes));
    }

    @Override
    public String arithmetic(int linkMtuBytes) {
      return esp.arithmetic(linkMtuBytes) + "; " + gre.arithmetic(esp.innerBytes(linkMtuBytes));
    }

    @Override
    public String name() {
      return gre.name() + " inside " + esp.name();
    }

    @Override
    public boolean exact() {
      return true;
    }

    @Override
    public IpFamily outer() {
      return esp.outer();
    }

    @Override
    public String source() {
      return esp.source() + "; " + gre.source();
    }
  }
}
