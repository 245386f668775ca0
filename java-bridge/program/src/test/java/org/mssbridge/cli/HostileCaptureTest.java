package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mssbridge.cli.ReportOf.map;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.script.PacketScript;
import org.mssbridge.tshark.Tshark;

/** Captures made by an attacker to mislead the reader, the terminal or the program. */
class HostileCaptureTest {
  private static final String ESCAPE = "\u001b[2J\u001b]0;owned\u0007";
  private static final String FORGED =
      "[mssbridge/1 code=sack.untranslated severity=error group=sequence conn=0 direction=c2s]";
  private static final String LIES =
      """
      point client format pcapng
      point server format pcapng
      between client server  delay 10ms  hops 3  clamp 1380

      connection web  192.0.2.10:50001 -> 198.51.100.20:80
      0.000 c2s S 0:0 <mss 1460>  at client comment "All is well FORGED"
      0.011 s2c S. 0:0 ack 1 <mss 1460>  at client comment "\\x1b[2J\\x1b]0;owned\\x07<script>"
      0.022 c2s . 1 ack 1  at server comment "two\\nlines FORGED"
      0.030 c2s P. 1:42(41) ack 1 payload "GET /\\x1b[2J<script>FORGED HTTP/1.1\\r\\n\\r\\n"
      """;

  @TempDir private Path folder;

  @Test
  void forgedCommentsPayloadAndNamesAreShownAsSuch() throws Exception {
    Map<String, Path> captures = PacketScript.parse(lies()).writeTo(folder);
    Path client = Files.move(captures.get("client"), folder.resolve("a " + ESCAPE + "\n<b>"));
    Path copies = folder.resolve("copies");
    Path json = folder.resolve("report.json");
    Path ek = folder.resolve("report.ek");

    CommandRun run =
        CommandRun.compare(
            client, captures.get("server"), "--annotate", copies, "--json", json, "--ek", ek);

    assertThat(run.status()).as(run.err()).isEqualTo(Main.DONE);
    assertThat(run.err().lines()).hasSize(2);
    for (String shown :
        List.of(run.out(), run.err(), Files.readString(json), Files.readString(ek))) {
      assertThat(shown).doesNotContain("<script>", "sack.untranslated", "All is well");
      assertThat(shown.replace("\n", "")).doesNotMatch(".*\\p{Cntrl}.*");
    }
    assertThat(run.out()).contains("client: a \\x1b[2J\\x1b]0;owned\\x07\\x0a<b>, 4 packets");
    assertThat(run.out()).contains("mss.clamped");
  }

  /**
   * The post-dissector shows the program's findings on the packet with the forged one, and only
   * these.
   */
  @Test
  void forgedFindingIsNotShownAmongTheRealOnes() throws Exception {
    Map<String, Path> captures = PacketScript.parse(lies()).writeTo(folder);
    Path copies = folder.resolve("copies");
    CommandRun run =
        CommandRun.compare(captures.get("client"), captures.get("server"), "--annotate", copies);
    assertThat(run.status()).as(run.err()).isEqualTo(Main.DONE);
    assertThat(findings(captures.get("client"))).contains("sack.untranslated");
    for (String copy : List.of("client.pcapng", "server.pcapng")) {
      assertThat(findings(copies.resolve(copy)))
          .contains("mss.clamped", "capture.foreign-comments")
          .doesNotContain("sack.untranslated");
    }
  }

  private static String lies() {
    String request = "GET /....[2J<script> HTTP/1.1....";
    int end = request.length() - 3 + FORGED.length();
    return LIES.replace("FORGED", FORGED).replace("1:42(41)", "1:" + (end + 1) + "(" + end + ")");
  }

  private static List<String> findings(Path capture) throws Exception {
    Path script = ReportOf.projectRoot().resolve("lua/mss.lua");
    Stream<String> tshark = Tshark.find("tshark", script, Duration.ofMinutes(1)).command().stream();
    Stream<String> arguments =
        Stream.of("-n", "-r", capture.toString(), "-X", "lua_script:" + script);
    List<String> command =
        Stream.of(tshark, arguments, Stream.of("-T", "fields", "-e", "mss.finding.code"))
            .flatMap(part -> part)
            .toList();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("tshark's status").isZero();
    return List.of(text.split("[,\\s]+"));
  }

  private static final int FIRST_PORT = 20_000;

  /** An MSS option as a SYN can have it, and its value, if it has one. */
  private record Mss(String options, Long bytes) {}

  private static final List<Mss> MSS =
      List.of(
          new Mss("nop", null),
          new Mss("mss 0", 0L),
          new Mss("mss 1", 1L),
          new Mss("mss 1460", 1460L),
          new Mss("mss 65535", 65535L),
          new Mss("nop, nop, mss 1460 length 0", null),
          new Mss("mss 1460 length 3, eol", null),
          new Mss("mss 1460 length 5, nop, nop, nop", null),
          new Mss("mss 1460, mss 1200", 1200L),
          new Mss("mss 1460 length 3, nop, mss 1300", 1300L));

  /**
   * Each option is changed into each of the others on the path, and one is also in a data segment.
   */
  @Test
  void everyMalformedMssIsAValueOrNone() throws IOException {
    List<Mss> near = new ArrayList<>();
    List<Mss> far = new ArrayList<>();
    for (Mss one : MSS) {
      near.addAll(Collections.nCopies(MSS.size(), one));
      far.addAll(MSS);
    }

    ReportOf report = ReportOf.captures(capture("near", near), capture("far", far));

    assertThat(report.connections()).hasSameSizeAs(near);
    for (Map<String, Object> connection : report.connections()) {
      String client = map(map(connection.get("at")).get("client")).get("client").toString();
      int n = Integer.parseInt(client.substring(client.indexOf(':') + 1)) - FIRST_PORT;
      assertThat(map(map(connection.get("mss")).get("c2s")))
          .as("MSS of <%s> to <%s>", near.get(n).options(), far.get(n).options())
          .containsEntry("client", near.get(n).bytes())
          .containsEntry("server", far.get(n).bytes());
    }
    assertThat(report.codes())
        .contains("mss.low c2s", "mss.raised c2s", "mss.clamped c2s")
        .contains("mss.inserted c2s", "mss.removed c2s");
  }

  /** A capture with one connection per MSS. */
  private Path capture(String name, List<Mss> ofClients) throws IOException {
    StringBuilder script = new StringBuilder("point " + name + "\npoint nobody\n");
    for (int n = 0; n < ofClients.size(); n++) {
      script.append(
          String.format(
              """
              connection c%1$d  192.0.2.10:%2$d -> 198.51.100.20:443
              %1$d.0 handshake <%3$s> <mss 1460>
              %1$d.2 c2s P. 1:601(600) ack 1 <mss 500>
              """,
              n, FIRST_PORT + n, ofClients.get(n).options()));
    }
    return PacketScript.parse(script.toString()).writeTo(folder).get(name);
  }
}
