package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.script.PacketScript;

/** {@code mssbridge inspect}: findings from a single capture. */
class InspectTest {
  private static String inspect(Path capture, String... more) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] arguments =
        Stream.concat(Stream.of("inspect", "-v", capture.toString()), Stream.of(more))
            .toArray(String[]::new);
    int status = Main.run(arguments, new PrintWriter(out), new PrintWriter(err));
    assertThat(err.toString().lines().filter(line -> !line.startsWith("mssbridge: capture: ")))
        .as("standard error")
        .isEmpty();
    assertThat(status).as("exit status").isZero();
    return out.toString().replaceAll("\\s+", " ");
  }

  @Test
  void senderSideShowsOffloadTooBigAndTheMeaningOfTheMss() throws IOException {
    String text = inspect(ReportOf.example("seed-20633")[0]);
    assertThat(text)
        .contains("server announces MSS 1380: packets of 1420, 80 below 1500")
        .contains("WireGuard: 1420 - 40")
        .contains("client's TTL 128 is an initial one")
        .contains("WARN pmtud.too-big")
        .contains("CHAT offload.segmentation")
        .contains("taken on the sending host, most likely")
        .doesNotContain("mss.clamped")
        .doesNotContain("path.")
        .doesNotContain("isn.");
  }

  /** The numbers of a stray packet show to which connection it belongs, or that it does not. */
  @Test
  void packetsThatANatDidNotTranslateAreTold(@TempDir Path folder) throws IOException {
    assertThat(inspect(captureOf("connection.untranslated", "client", folder)))
        .contains("ERROR connection.untranslated")
        .contains("1 packet from 198.51.100.77:9000, expected from 203.0.113.2:9000")
        .doesNotContain("capture.no-handshake")
        .doesNotContain("connection.reset");
    assertThat(inspect(captureOf("strays", "client", folder)))
        .contains("capture.no-handshake")
        .doesNotContain("connection.untranslated");
  }

  /** A handshake that the client answers with RST is no connection that anyone forgot. */
  @Test
  void scansAreNoResets(@TempDir Path folder) throws IOException {
    assertThat(inspect(captureOf("scanners", "client", folder)))
        .contains("CHAT connection.reset handshakes are answered with RST by their client")
        .contains("refused by a RST of the host at capture itself")
        .doesNotContain("no longer has");
  }

  /** Each side of the loss shows it in its own way, and says what a second capture would show. */
  @Test
  void largeSegmentsThatGetLostAreSeenFromBothSides(@TempDir Path folder) throws IOException {
    String client = inspect(captureOf("alone.blackhole", "client", folder));
    assertThat(client)
        .contains("WARN pmtud.probably-blackhole probably a black hole for large packets behind")
        .contains("a hole of 2920 bytes is never filled, while segments of up to 200 bytes arrive")
        .contains("this capture is on the client or beside it")
        .contains("capture on the server, at the same time as here")
        .contains("tcpdump -i any -s 256 -C 100 -W 10 -w server.pcap '(host 198.51.100.20 and")
        .contains("dumpcap -i any -s 256")
        .doesNotContain("hole of 1460 bytes");
    String server = inspect(captureOf("alone.blackhole", "server", folder));
    assertThat(server)
        .contains(
            "segments of 1460 bytes sent server to client are repeated and never acknowledged")
        .contains("WARN connection.stalled")
        .contains("192.0.2.11:50001 to 198.51.100.20:8443: 1460 bytes of the server")
        .contains("round trip: 0.50 ms to the server")
        .contains("-w client.pcap");
    assertThat(server.split("pmtud.probably-blackhole")).hasSize(2);
  }

  /** What makes a connection slow, without any loss of data. */
  @Test
  void waitsWithoutLossAreExplained(@TempDir Path folder) throws IOException {
    String server = inspect(captureOf("alone.waits", "server", folder));
    assertThat(server)
        .contains("NOTE retransmission.needless the client repeats data long after its")
        .contains("frame 6 repeats what frame 5 had acknowledged 295 ms before")
        .contains("NOTE window.closed the server closes its receive window for up to 1.93 s")
        .contains("the window of the server closes 1 time, for 1.93 s in all")
        .doesNotContain("192.0.2.10:50003 to 198.51.100.20:8443: 1 segment");
    String client = inspect(captureOf("alone.waits", "client", folder));
    assertThat(client)
        .contains("reports to have already (D-SACK)")
        .contains("WARN connection.reset probably reset by a device in the name of the server")
        .contains("its TTL is 120, the flow's 61");
  }

  /**
   * One capture shows on which side of it data is lost, by what is missing and what is repeated.
   */
  @Test
  void lossIsNamedByItsSide(@TempDir Path folder) throws IOException {
    String text = inspect(captureOf("alone.loss", "capture", folder));
    assertThat(text)
        .contains(
            "2 segments sent client to server (1500 of 3900 bytes, 38 %) carry again what passed")
        .contains("1 segment sent server to client (1000 of 9000 bytes, 11 %) is missing at first")
        .contains("lost between the server and this capture")
        .contains("-w server.pcap")
        .doesNotContain("No problem found");
  }

  /** Also where the findings that say so were not asked for. */
  @Test
  void lossesAreNamedByAVerdictThatFindsNoProblem(@TempDir Path folder) throws IOException {
    assertThat(inspect(captureOf("alone.loss", "capture", folder), "--only", "connection.refused"))
        .startsWith("No problem found in this capture alone, but packets were lost (sent again: ");
  }

  @Test
  void aSlowServerIsNoSlowNetwork(@TempDir Path folder) throws IOException {
    assertThat(inspect(captureOf("response.slow", "client", folder)))
        .contains("The server acknowledges a request at once and sends no data for 3.23 s");
  }

  /** Silence on what was not looked at is no all-clear. */
  @Test
  void aVerdictWithoutAProblemSaysWhatWasLookedFor(@TempDir Path folder) throws IOException {
    assertThat(inspect(captureOf("path.hops", "client", folder)))
        .startsWith("No problem found in this capture alone (looked for: MTU, MSS,")
        .contains("Not looked for: a window too small for the path.");
  }

  /** A capture on a host needs no second one there. */
  @Test
  void noCaptureIsAskedForWhereThisOneIs(@TempDir Path folder) throws IOException {
    assertThat(inspect(captureOf("inspect.own-reset", "capture", folder)))
        .contains("this capture is on the client or beside it")
        .contains("reset by the client of its own accord")
        .doesNotContain("-w client.pcap")
        .contains("-w server.pcap");
  }

  /** A TTL that its host does not always have is no distance. */
  @Test
  void aSmallTtlIsNoDistance(@TempDir Path folder) throws IOException {
    assertThat(inspect(captureOf("path.time-exceeded-short", "client", folder)))
        .contains("only ICMP time exceeded answers: the server's MSS is unknown")
        .contains("client's TTL 2 is small: set like that, as traceroute does, or used up");
  }

  /** ICMP about packets on their way is no refusal, and a traceroute no loop. */
  @Test
  void loopsAndLostFragmentsAreTold(@TempDir Path folder) throws IOException {
    String text = inspect(captureOf("path.time-exceeded", "client", folder));
    assertThat(text)
        .contains("WARN path.time-exceeded routing loop behind capture")
        .contains("as 203.0.113.1 and 203.0.113.2 report with ICMP")
        .contains("(TTL 253: 2 routers away, if it started at 255)")
        .contains(
            "fragments of packets sent client to server are lost before they reach the server")
        .contains("client's TTL 1 is small: set like that, as traceroute does, or used up")
        .doesNotContain("connection.refused")
        .doesNotContain("192.0.2.10:50005 to 198.51.100.20:443: ICMP");
  }

  private static Path captureOf(String story, String point, Path folder) throws IOException {
    Path script = Story.FOLDER.resolve(story + ".txt");
    return PacketScript.parse(script)
        .writeTo(Files.createDirectories(folder.resolve(story)))
        .get(point);
  }

  @Test
  void captureOfALossyPathHasTheLossesOfBothDirections() throws IOException {
    String text = inspect(ReportOf.example("lab-17-loss-dup")[1]);
    assertThat(text)
        .contains("and 15 more connections like it")
        .contains("client's TTL 63: 1 router away, if it started at 64")
        .contains("findings: 2 note")
        .contains("NOTE loss.upstream 4 segments sent client to server")
        .contains("NOTE loss.downstream 5 segments sent server to client");
  }
}
