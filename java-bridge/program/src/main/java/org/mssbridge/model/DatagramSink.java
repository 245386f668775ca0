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

        @Override
        public void acceptFragmented(int number, Datagram datagram, FragmentedDatagram from) {}

        @Override
        public void acceptIncomplete(FragmentedDatagram fragments) {}

        @Override
        public void acceptError(DatagramError error) {}
      };

  /**
   * Takes a packet.
   *
   * @param number of its frame in the capture, from 1
   * @param datagram valid until this returns
   */
  void accept(int number, Datagram datagram);

  /**
   * Takes a packet that is in fragments, all of which the capture holds.
   *
   * @param number of the frame that makes it complete
   * @param datagram the whole packet, with the time of that frame; valid until this returns
   * @param from its fragments
   */
  void acceptFragmented(int number, Datagram datagram, FragmentedDatagram from);

  /** Takes a packet of which the capture lacks fragments. */
  void acceptIncomplete(FragmentedDatagram fragments);

  /** Takes an ICMP error about a packet of UDP. */
  void acceptError(DatagramError error);

  /**
   * Takes a packet of which only the addresses are read: a fragment that cannot be put together
   * with others, or one with IP options.
   *
   * @param number of its frame in the capture, from 1
   * @param header valid until this returns; only its addresses are
   */
  void acceptUnread(int number, Datagram header);
}
