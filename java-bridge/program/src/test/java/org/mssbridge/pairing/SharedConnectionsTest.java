package org.mssbridge.pairing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mssbridge.flow.Connection;

/** What kept fingerprints show is what the connections themselves show. */
class SharedConnectionsTest {
  private static CaptureFingerprints kept(List<Connection> connections) {
    return CaptureFingerprints.of(CaptureFingerprints.of(connections).toBytes());
  }

  @Test
  void keptFingerprintsArePairedAsTheConnectionsAre() {
    for (long seed = 1; seed <= 60; seed++) {
      Crowd.Captures captures = Crowd.of(seed);
      ConnectionMatcher.Result read =
          new ConnectionMatcher(captures.near(), captures.far()).match();

      FingerprintMatcher.Result result =
          new FingerprintMatcher(
                  kept(captures.near()).connections, kept(captures.far()).connections)
              .match();

      assertThat(result.pairs().stream().map(pair -> words(pair, captures)).sorted())
          .as("seed %d", seed)
          .containsExactlyElementsOf(
              read.matches().stream().map(SharedConnectionsTest::words).sorted().toList());
      assertThat(result.firstAmbiguous()).hasSameSizeAs(read.firstAmbiguous());
      assertThat(result.secondAmbiguous()).hasSameSizeAs(read.secondAmbiguous());
    }
  }

  private static String words(SightingPair pair, Crowd.Captures captures) {
    return captures.near().get(pair.first()).stream()
        + "-"
        + captures.far().get(pair.second()).stream()
        + pair.matchedBy()
        + pair.confidence();
  }

  private static String words(ConnectionMatch match) {
    return match.first().stream()
        + "-"
        + match.second().stream()
        + match.matchedBy()
        + match.confidence();
  }

  /** The noise of two hosts has scanners, crawlers and forged packets in common. */
  @Test
  void capturesOfDifferentPathsShareNothing() {
    for (int seed = 1; seed <= 300; seed++) {
      SharedConnections shared =
          SharedConnections.of(kept(Crowd.of(seed).near()), kept(Crowd.of(seed + 1_000).far()));

      assertThat(shared.isAny()).as("seed %d", seed).isFalse();
    }
  }

  @Test
  void mostPathsAreFound() {
    int found = 0;
    for (int seed = 1; seed <= 300; seed++) {
      Crowd.Captures captures = Crowd.of(seed);
      SharedConnections shared = SharedConnections.of(kept(captures.near()), kept(captures.far()));
      SharedConnections back = SharedConnections.of(kept(captures.far()), kept(captures.near()));
      assertThat(back.connections()).as("seed %d", seed).isEqualTo(shared.connections());
      assertThat(back.fromFirst()).isEqualTo(shared.fromSecond());
      assertThat(shared.connections()).isLessThanOrEqualTo(captures.shared());
      assertThat(shared.isSame()).isFalse();
      found += shared.isAny() ? 1 : 0;
    }
    assertThat(found).isGreaterThan(200);
  }

  @Test
  void aCopyHoldsTheSamePackets() {
    List<Connection> connections = Crowd.of(5).near();

    assertThat(SharedConnections.of(kept(connections), kept(connections)).isSame()).isTrue();
  }

  @Test
  void otherBytesAreNoFingerprints() {
    byte[] kept = CaptureFingerprints.of(Crowd.of(1).near()).toBytes();
    for (int length : IntStream.of(0, 1, kept.length / 2).toArray()) {
      byte[] cut = Arrays.copyOf(kept, length);
      assertThatThrownBy(() -> CaptureFingerprints.of(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
