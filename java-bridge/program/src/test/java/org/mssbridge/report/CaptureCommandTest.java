package org.mssbridge.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mssbridge.finding.SecondCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.report.CaptureFilter.Term;

/** The commands for a further capture: their filters are valid, and pass what they should. */
class CaptureCommandTest {
  private static final Term FOUR = new Term("198.51.100.20", false, 8443);
  private static final Term SIX = new Term("2001:db8::20", true, 443);

  static Stream<String> filters() {
    return Stream.<Set<Term>>of(
            Set.of(),
            Set.of(FOUR),
            Set.of(SIX),
            new LinkedHashSet<>(List.of(FOUR, SIX)),
            terms(20, 1),
            terms(20, 20))
        .map(CaptureCommandTest::filter);
  }

  private static String filter(Set<Term> terms) {
    return CaptureFilter.of(terms, Set.of()).text();
  }

  private static CaptureCommand command(SecondCapture capture) {
    return new CaptureCommand(capture, new CaptureFilter("icmp", false));
  }

  private static Set<Term> terms(int hosts, int ports) {
    Set<Term> terms = new LinkedHashSet<>();
    IntStream.range(0, hosts)
        .forEach(i -> terms.add(new Term("192.0.2." + i, false, 1000 + i % ports)));
    return terms;
  }

  @ParameterizedTest
  @MethodSource("filters")
  void tcpdumpCompilesTheFilter(String filter) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/tcpdump")), "tcpdump is not installed");
    Process process =
        new ProcessBuilder("tcpdump", "-y", "EN10MB", "-d", filter)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("exit status for %s: %s", filter, output).isZero();
    assertThat(filter).doesNotContain("'");
  }

  @Test
  void filtersAreForTheVeryHostsAndPorts() {
    assertThat(filter(Set.of(FOUR)))
        .isEqualTo(
            "(host 198.51.100.20 and (tcp port 8443 or ip[6:2] & 0x1fff != 0)) or icmp or icmp6");
    assertThat(filter(Set.of(SIX)))
        .isEqualTo("(host 2001:db8::20 and (tcp port 443 or ip6[6] = 44)) or icmp or icmp6");
    assertThat(filter(terms(20, 1))).startsWith("tcp port 1000 or ip[6:2]");
    assertThat(filter(terms(20, 20))).startsWith("tcp or ip[6:2]");
  }

  @Test
  void commandsHaveRingBuffersAndSnapLengths() {
    CaptureCommand headers = command(SecondCapture.near(Direction.S2C, "nothing"));
    assertThat(headers.tcpdump())
        .isEqualTo("tcpdump -i any -s 256 -C 100 -W 10 -w server.pcap 'icmp'");
    assertThat(headers.dumpcap())
        .isEqualTo(
            "dumpcap -i any -s 256 -b filesize:100000 -b files:10 -w server.pcapng -f 'icmp'");
    CaptureCommand whole = command(SecondCapture.near(Direction.C2S, "nothing").ofWholePackets());
    assertThat(whole.tcpdump()).contains(" -s 0 ").contains("-w client.pcap ");
  }

  /** The name of a point may come from a file's name, with any character. */
  @Test
  void namesOfPointsAreNoCommands() {
    SecondCapture again =
        SecondCapture.again(new CapturePoint("a'; rm b"), Direction.S2C, "nothing");
    assertThat(command(again).tcpdump()).contains("-w again.pcap ");
    assertThat(again.near()).isEqualTo(Optional.of(Direction.S2C));
  }
}
