package org.mssbridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.mssbridge.flow.FragmentedPacket.Gap;
import org.mssbridge.model.Frame;
import org.mssbridge.model.IpFragment;

/** Which fragments are one packet, and what is missing of it. */
class FragmentsTest {
  private static final long MS = 1_000_000;

  private final FragmentCollector collector = new FragmentCollector();
  private int frame;

  private void add(long millis, int id, int offset, int bytes, boolean more) {
    add(millis, id, offset, bytes, more, 0);
  }

  private void add(long millis, int id, int offset, int bytes, boolean more, long head) {
    Frame header =
        (Frame)
            Proxy.newProxyInstance(
                Frame.class.getClassLoader(),
                new Class<?>[] {Frame.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "sourceAddress" -> "192.0.2.1";
                      case "destinationAddress" -> "192.0.2.2";
                      case "ipBytes" -> 20 + bytes;
                      default -> throw new AssertionError(method);
                    });
    collector.add(++frame, millis * MS, header, new IpFragment(id, offset, bytes, more, head));
  }

  @Test
  void packetInAnyOrderIsComplete() {
    add(0, 7, 1376, 104, false);
    add(1, 7, 0, 1376, true);
    Fragments fragments = collector.finish();
    assertThat(fragments.size()).isEqualTo(1);
    FragmentedPacket packet = fragments.packet(0);
    assertThat(packet.isComplete()).isTrue();
    assertThat(packet.ipBytes()).containsExactly(1396, 124);
    assertThat(packet.frames()).containsExactly(1, 2);
    assertThat(packet.firstNanos()).isZero();
    assertThat(packet.isPartOf(1480)).isTrue();
    assertThat(packet.isPartOf(1481)).isFalse();
    assertThat(fragments.packetOf(2)).isZero();
    assertThat(fragments.packetOf(3)).isEqualTo(-1);
    assertThat(fragments.packets("192.0.2.1", "192.0.2.2", 7)).containsExactly(0);
    assertThat(fragments.packets("192.0.2.2", "192.0.2.1", 7)).isEmpty();
    assertThat(fragments.packets("192.0.2.1", "192.0.2.2", 8)).isEmpty();
  }

  @Test
  void missingPartsAreGaps() {
    add(0, 7, 800, 400, true);
    add(0, 7, 1600, 400, true);
    FragmentedPacket packet = collector.finish().packet(0);
    assertThat(packet.gaps())
        .containsExactly(
            new Gap(0, OptionalInt.of(800)),
            new Gap(1200, OptionalInt.of(1600)),
            new Gap(2000, OptionalInt.empty()));
    assertThat(packet.isPartOf(2000)).as("another fragment follows").isFalse();
    assertThat(packet.isPartOf(2001)).isTrue();
  }

  @Test
  void copiesAndOverlapsCountOnce() {
    add(0, 7, 0, 800, true);
    add(50, 7, 0, 800, true);
    add(51, 7, 400, 800, true);
    add(52, 7, 1200, 100, false);
    Fragments fragments = collector.finish();
    assertThat(fragments.size()).isEqualTo(1);
    assertThat(fragments.packet(0).isComplete()).isTrue();
    assertThat(fragments.packet(0).repeated()).isEqualTo(2);
    assertThat(fragments.packet(0).overlaps()).as("a copy is none").isEqualTo(1);
    assertThat(fragments.packet(0).ipBytes()).containsExactly(820, 820, 120);
  }

  @Test
  void reusedIdIsAnotherPacket() {
    add(0, 7, 0, 800, true);
    add(200, 7, 0, 800, true);
    add(201, 7, 800, 100, false);
    add(5000, 7, 800, 100, false);
    Fragments fragments = collector.finish();
    assertThat(fragments.size()).isEqualTo(3);
    assertThat(fragments.packets("192.0.2.1", "192.0.2.2", 7)).containsExactly(0, 1, 2);
    assertThat(fragments.packet(1).isComplete()).isTrue();
    assertThat(fragments.packetOf(4)).isEqualTo(2);
  }

  @Test
  void withoutIdEveryRepetitionIsAnotherPacket() {
    for (int i = 0; i < 3; i++) {
      add(i, 0, 0, 800, true);
      add(i, 0, 800, 100, false);
    }
    Fragments fragments = collector.finish();
    assertThat(fragments.size()).isEqualTo(3);
    assertThat(fragments.packet(2).frames()).isEqualTo(List.of(5, 6));
    assertThat(fragments.packet(2).isComplete()).isTrue();
  }

  @Test
  void copiesAreNoOverlaps() {
    add(0, 7, 0, 800, true);
    add(1, 7, 0, 800, true);
    add(2, 7, 800, 100, false);
    add(3, 7, 800, 100, false);
    FragmentedPacket packet = collector.finish().packet(0);
    assertThat(packet.repeated()).isEqualTo(2);
    assertThat(packet.overlaps()).isZero();
  }

  @Test
  void anotherHeadIsAnotherPacket() {
    long one = IpFragment.head(50_001, 443, 1);
    long other = IpFragment.head(50_001, 443, 1449);
    add(0, 7, 0, 800, true, one);
    add(1, 7, 0, 800, true, other);
    add(2, 7, 800, 100, false);
    Fragments fragments = collector.finish();
    assertThat(fragments.size()).isEqualTo(2);
    assertThat(fragments.packet(0).isComplete()).isFalse();
    assertThat(fragments.packet(0).sender()).isEqualTo("192.0.2.1:50001");
    assertThat(fragments.packet(1).isComplete()).isTrue();
    assertThat(fragments.packetsWithHead("192.0.2.1", "192.0.2.2", other)).containsExactly(1);
    assertThat(fragments.packetsWithHead("192.0.2.2", "192.0.2.1", other)).isEmpty();
  }
}
