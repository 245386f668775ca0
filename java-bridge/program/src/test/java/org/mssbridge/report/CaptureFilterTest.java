package org.mssbridge.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mssbridge.cli.ReportOf;
import org.mssbridge.script.PacketScript;

/**
 * The filters that {@code inspect} prints pass every packet of the captures that they are printed
 * for: read with tcpdump, in tags and tunnels, with fragments and ICMP errors.
 */
class CaptureFilterTest {
  private static final String STORY =
      """
      point client HOW
      connection four  192.0.2.10:50001 -> 198.51.100.20:8443
      0.000 c2s S 0:0 <mss 1460>  as s
      0.010 unreachable 1 from 198.51.100.1 quoting s
      1.000 c2s S 0:0 <mss 1460>
      3.000 c2s S 0:0 <mss 1460>
      connection six  [2001:db8:1::10]:50001 -> [2001:db8:2::20]:8443
      4.000 handshake <mss 1440>
      4.040 c2s P. 1:1441 ack 1
      4.340 c2s P. 1:1441 ack 1
      5.340 c2s P. 1:1441 ack 1
      7.340 c2s P. 1:1441 ack 1
      12.340 c2s P. 1:1441 ack 1
      connection fragments  192.0.2.10:50002 -> 198.51.100.20:8443
      14.000 handshake <mss 1460>
      14.040 c2s P. 1:1461 ack 1  fragment 800
      14.340 c2s P. 1:1461 ack 1  fragment 800
      15.340 c2s P. 1:1461 ack 1  fragment 800
      17.340 c2s P. 1:1461 ack 1  fragment 800
      22.340 c2s P. 1:1461 ack 1  fragment 800
      """;

  private static final String SERVICE_TAG = "88a80064";
  private static final String CUSTOMER_TAG = "81000065";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "vlan 7",
        "tunnel pppoe",
        "tunnel mpls",
        "tunnel gre",
        "tunnel ipip",
        "tunnel vxlan",
        "tunnel geneve",
        "vlan 7 tunnel pppoe",
        "vlan 7 tunnel mpls",
        "vlan 7 tunnel gre",
        "vlan 7 tunnel vxlan",
        "link sll",
        "link sll2",
        "link raw"
      })
  void passesAllPackets(String how, @TempDir Path folder) throws Exception {
    assertThatFiltersPassAll(story(how, folder));
  }

  @Test
  void passesAllPacketsWithSeveralTags(@TempDir Path folder) throws Exception {
    Path tagged = story("vlan 7", folder);
    Path twice = tagged(tagged, SERVICE_TAG, folder.resolve("twice.pcap"));
    assertThatFiltersPassAll(twice);
    assertThatFiltersPassAll(tagged(twice, CUSTOMER_TAG, folder.resolve("thrice.pcap")));
  }

  /** Tags move the offsets of all that follows in a filter, so the order of its parts matters. */
  @Test
  void passesPacketsOfDifferentTagsInOneFile(@TempDir Path folder) throws Exception {
    Path mixed = folder.resolve("mixed.pcap");
    List<Path> files = new ArrayList<>();
    for (String how : List.of("vlan 7", "tunnel pppoe", "")) {
      files.add(story(how, Files.createDirectories(folder.resolve("in" + files.size()))));
    }
    ByteBuffer all = ByteBuffer.allocate(1 << 20);
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      int header = all.position() == 0 ? 0 : 24;
      all.put(bytes, header, bytes.length - header);
    }
    Files.write(mixed, Arrays.copyOf(all.array(), all.position()));
    assertThatFiltersPassAll(mixed);
  }

  /** The interface "any" has no VLAN tags and no MPLS labels to filter by. */
  @Test
  void aFilterForTagsIsForAnInterfaceOfItsOwn(@TempDir Path folder) throws IOException {
    for (Map<String, Object> capture : secondCaptures(story("vlan 7", folder))) {
      assertThat((String) capture.get("tcpdump")).startsWith("tcpdump -i eth0 ");
      assertThat((String) capture.get("purpose")).contains("in place of eth0");
    }
    for (Map<String, Object> capture : secondCaptures(story("tunnel gre", folder))) {
      assertThat((String) capture.get("tcpdump")).startsWith("tcpdump -i any ");
      assertThat((String) capture.get("purpose")).doesNotContain("eth0");
    }
  }

  private static Path story(String how, Path folder) {
    return PacketScript.parse(STORY.replace("HOW", how)).writeTo(folder).get("client");
  }

  private static void assertThatFiltersPassAll(Path capture)
      throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/tcpdump")), "tcpdump is not installed");
    List<Map<String, Object>> captures = secondCaptures(capture);
    assertThat(captures).isNotEmpty();
    int packets = packets(capture, "");
    for (Map<String, Object> command : captures) {
      String filter = (String) command.get("filter");
      assertThat(packets(capture, filter)).as(filter).isEqualTo(packets);
    }
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> secondCaptures(Path capture) throws IOException {
    List<Map<String, Object>> found = new ArrayList<>();
    Map<String, Object> root = ReportOf.captures(List.of("--points", "none"), capture).root();
    for (Map<String, Object> finding : (List<Map<String, Object>>) root.get("findings")) {
      if (finding.containsKey("second_capture")) {
        found.add((Map<String, Object>) finding.get("second_capture"));
      }
    }
    return found;
  }

  private static int packets(Path capture, String filter) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("tcpdump", "-nr", capture.toString(), filter)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("exit status for %s", filter).isZero();
    return (int) lines.lines().filter(line -> !line.startsWith("\t")).count();
  }

  /** The capture with a further tag, outside the others, in all frames. */
  private static Path tagged(Path capture, String tag, Path file) throws IOException {
    byte[] added = HexFormat.of().parseHex(tag);
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(capture)).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer out = ByteBuffer.allocate(2 * in.capacity()).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[24];
    in.get(header);
    out.put(header);
    while (in.hasRemaining()) {
      out.putInt(in.getInt()).putInt(in.getInt());
      byte[] frame = new byte[in.getInt()];
      int length = in.getInt();
      in.get(frame);
      out.putInt(frame.length + added.length).putInt(length + added.length);
      out.put(frame, 0, 12).put(added).put(frame, 12, frame.length - 12);
    }
    return Files.write(file, Arrays.copyOf(out.array(), out.position()));
  }
}
