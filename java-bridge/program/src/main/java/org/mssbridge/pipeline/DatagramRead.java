package org.mssbridge.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import org.mssbridge.capturefile.DigestedCapture;
import org.mssbridge.model.Datagram;
import org.mssbridge.model.DatagramError;
import org.mssbridge.model.DatagramSink;
import org.mssbridge.model.FragmentedDatagram;
import org.mssbridge.sieve.NotSiftedException;
import org.mssbridge.sieve.Sieve;

/**
 * Reads what a capture holds besides TCP where tshark reads the rest: only the sieve reads that, so
 * that it is the same whoever reads the TCP segments.
 */
final class DatagramRead {
  private DatagramRead() {}

  /**
   * Reads a capture.
   *
   * @return whether it could be read to its end; else what the sink was given does not count
   */
  static boolean isDone(Path capture, DatagramSink sink) {
    try (DigestedCapture file = DigestedCapture.open(capture, Sieve.STRICTNESS)) {
      return Sieve.readDatagrams(file.content(), sink);
    } catch (IOException | NotSiftedException e) {
      return false;
    }
  }

  /** Gives a sink only the packets in some frames. */
  static DatagramSink only(BitSet frames, DatagramSink sink) {
    return new DatagramSink() {
      @Override
      public void accept(int number, Datagram datagram) {
        if (frames.get(number)) {
          sink.accept(number, datagram);
        }
      }

      @Override
      public void acceptFragmented(int number, Datagram datagram, FragmentedDatagram from) {
        if (frames.get(number)) {
          sink.acceptFragmented(number, datagram, from);
        }
      }

      @Override
      public void acceptIncomplete(FragmentedDatagram fragments) {
        if (frames.get(fragments.lastFrame())) {
          sink.acceptIncomplete(fragments);
        }
      }

      @Override
      public void acceptError(DatagramError error) {
        if (frames.get(error.frame())) {
          sink.acceptError(error);
        }
      }

      @Override
      public void acceptUnread(int number, Datagram header) {
        if (frames.get(number)) {
          sink.acceptUnread(number, header);
        }
      }
    };
  }
}
