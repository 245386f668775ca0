package org.mssbridge.model;

/** Takes what a capture holds besides TCP, one packet after another. */
public interface DatagramSink {
  /** Takes nothing. */
  DatagramSink NONE =
      new DatagramSink() {
        @Override
        public void accept(int number, Datagram datagram) {}

        @Override
        public void acceptUnread(int number, Datagram header) {}
      };

  /**
   * Takes a packet.
   *
   * @param number of its frame in the capture, from 1
   * @param datagram valid until this returns
   */
  void accept(int number, Datagram datagram);

  /**
   * Takes a packet of which only the addresses are read: a fragment, or one with IP options.
   *
   * @param number of its frame in the capture, from 1
   * @param header valid until this returns; only its addresses are
   */
  void acceptUnread(int number, Datagram header);
}
