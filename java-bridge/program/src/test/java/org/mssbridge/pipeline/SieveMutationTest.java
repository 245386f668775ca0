package org.mssbridge.pipeline;

import static org.mssbridge.pipeline.MadeFrames.ACK;
import static org.mssbridge.pipeline.MadeFrames.PSH;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.mssbridge.tshark.TsharkException;

/** The sieve changes no result on damaged, shuffled or combined captures. */
class SieveMutationTest {
  private final SieveLaw law;
  private Path file;

  SieveMutationTest() throws TsharkException {
    law = new SieveLaw();
  }

  @BeforeProperty
  void makeFile() throws IOException {
    file = Files.createTempFile("mutated", ".pcap");
  }

  @AfterProperty
  void deleteFile() throws IOException {
    Files.delete(file);
  }

  @Property(tries = 30, shrinking = ShrinkingMode.OFF)
  void changesNothing(@ForAll("captures") byte[] capture) throws IOException {
    Files.write(file, capture);
    law.holds(file);
  }

  @Tag("slow")
  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void changesNothingOnMany(@ForAll("captures") byte[] capture) throws IOException {
    Files.write(file, capture);
    law.holds(file);
  }

  @Provide
  Arbitrary<byte[]> captures() {
    return Arbitraries.longs().map(seed -> new Mutation(new Random(seed)).capture());
  }

  /** A random capture. */
  private record Mutation(Random random) {
    byte[] capture() {
      MadeFrames.Link[] links = MadeFrames.Link.values();
      MadeFrames.Link link = links[random.nextInt(links.length)];
      List<byte[]> parts = new ArrayList<>(parts(link));
      if (oneIn(4)) {
        parts.addAll(parts(links[random.nextInt(links.length)]));
      }
      for (int i = random.nextInt(4); i > 0; i--) {
        mutateRecords(parts);
      }
      byte[] bytes = MadeFrames.join(parts.toArray(byte[][]::new));
      for (int i = oneIn(2) ? random.nextInt(9) : 0; i > 0; i--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      return oneIn(4) ? Arrays.copyOf(bytes, random.nextInt(bytes.length) + 1) : bytes;
    }

    private List<byte[]> parts(MadeFrames.Link link) {
      MadeFrames made = new MadeFrames(link, random.nextBoolean());
      for (int i = random.nextInt(3); i >= 0; i--) {
        converse(made, 1024 + random.nextInt(2));
      }
      int linkType = oneIn(9) ? random.nextInt(300) : link.number;
      ByteOrder order = oneIn(2) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      MadeCapture capture = new MadeCapture(order, linkType);
      return oneIn(2)
          ? capture.pcap(random.nextBoolean(), made.frames())
          : capture.pcapng(oneIn(3) ? random.nextInt(256) : 6 + random.nextInt(4), made.frames());
    }

    private void converse(MadeFrames made, int port) {
      if (!oneIn(5)) {
        made.handshake(port, random.nextInt());
      }
      for (int i = random.nextInt(5); i >= 0; i--) {
        int sender = random.nextInt(2);
        made.data(port, sender, 1 + random.nextInt(4), random.nextInt(1600));
        int flags = oneIn(3) ? random.nextInt(64) : PSH | ACK;
        byte[] options = oneIn(3) ? new byte[] {1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 9} : new byte[0];
        int skip = oneIn(2) ? random.nextInt(3000) - 1500 : 0;
        made.add(port, sender, flags, skip, options, new byte[random.nextInt(3)]);
      }
    }

    /** Changes the order, or repeats or removes one record; the file header counts as a record. */
    private void mutateRecords(List<byte[]> parts) {
      int at = random.nextInt(parts.size());
      int to = random.nextInt(parts.size());
      switch (random.nextInt(4)) {
        case 0 -> parts.add(to, parts.remove(at));
        case 1 -> parts.add(to, parts.get(at));
        case 2 -> parts.set(at, parts.get(to));
        default -> parts.remove(at);
      }
      if (parts.isEmpty()) {
        parts.add(new byte[24]);
      }
    }

    private boolean oneIn(int times) {
      return random.nextInt(times) == 0;
    }
  }
}
