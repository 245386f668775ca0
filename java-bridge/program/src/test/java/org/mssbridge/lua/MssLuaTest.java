package org.mssbridge.lua;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mssbridge.lua.LuaPacket.ACK;
import static org.mssbridge.lua.LuaPacket.SYN;
import static org.mssbridge.lua.LuaPacket.SYN_ACK;
import static org.mssbridge.lua.LuaPacket.data;
import static org.mssbridge.lua.LuaPacket.fromClient;
import static org.mssbridge.lua.LuaPacket.fromServer;
import static org.mssbridge.lua.LuaPacket.ipv4;
import static org.mssbridge.lua.LuaPacket.ipv6;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code mss.lua} shows for small captures, in every tshark on this machine. */
class MssLuaTest {
  private static final String MSS_1460 = "02 04 05 b4";
  private static final String MSS_1380 = "02 04 05 64";
  private static final Pattern README_ROW =
      Pattern.compile("(?m)^\\| `(mss[^`]*)`.*\\| `([^`]+)` \\|$");
  private static final Pattern FIELD_DECLARATION =
      Pattern.compile("ProtoField\\.\\w+\\(\"([^\"]+)\"");
  private static final Pattern README_COMMANDS = Pattern.compile("(?s)```sh\n(.*?)```");

  /** Numbers of tshark's severities and groups. */
  private static final int WARN = 0x600000;

  private static final int PROTOCOL = 0x09000000;

  private static final String GENERIC = "mss.expert.warn.protocol || mss.expert.note.assumption";
  private static final byte[] NOTHING = new byte[0];
  private static final List<String> PLAIN = List.of();

  /**
   * Two passes with a read filter, so that the first pass also has fields and each packet is
   * dissected twice.
   */
  private static final List<String> TWO_PASSES = List.of("-2", "-R", "frame");

  @TempDir Path folder;

  private Path file(LuaCapture capture) throws Exception {
    return capture.writeTo(folder.resolve("capture.pcapng"));
  }

  private static LuaCapture handshake() {
    return new LuaCapture()
        .add(ipv4(fromClient(SYN, 100, MSS_1460, NOTHING)))
        .add(ipv4(fromServer(SYN_ACK, 900, MSS_1380, NOTHING)))
        .add(ipv4(fromClient(ACK, 101, "", NOTHING)));
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void bothEndsAnnounceAnMss(LuaShark tshark) throws Exception {
    String[] fields = {"mss.role", "mss.value", "mss.implied_mtu", "mss.room"};
    LuaCapture capture = handshake().add(ipv6(fromClient(SYN, 100, MSS_1380, NOTHING)));

    assertThat(tshark.read(file(capture), PLAIN, fields))
        .containsExactly(
            "client 1460 1500 -", "server 1380 1420 80", "- - - -", "client 1380 1440 60");
    assertThat(tshark.read(file(capture), List.of("-o", "mss.link_mtu:9000"), fields))
        .contains("client 1460 1500 7500");
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void hintsNameEveryMatchingCause(LuaShark tshark) throws Exception {
    Path capture = file(handshake());

    assertThat(tshark.read(capture, PLAIN, "mss.hint").get(1))
        .contains("ASA")
        .contains("WireGuard");
    assertThat(tshark.read(capture, List.of("-o", "mss.hints:FALSE"), "mss.hint", "mss.value"))
        .containsExactly("- 1460", "- 1380", "- -");
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void withoutTheKnowledgeTableThereAreNoHintsAndOneError(LuaShark tshark) throws Exception {
    Path script = Files.copy(LuaShark.LUA.resolve("mss.lua"), folder.resolve("mss.lua"));
    Files.createDirectory(folder.resolve("mss"));
    for (String name : List.of("comment", "digest", "fields", "knowledge", "streams")) {
      Path module = Path.of("mss", name + ".lua");
      Files.copy(LuaShark.LUA.resolve(module), folder.resolve(module));
    }

    List<String> lines =
        tshark.read(script, file(handshake()), TWO_PASSES, "mss.value", "mss.hint", "mss.error");
    assertThat(lines.get(0)).startsWith("1460 - no hints").contains("knowledge.tsv");
    assertThat(lines).endsWith("1380 - -", "- - -");
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void anOddOptionIsReportedAndIsNotAnError(LuaShark tshark) throws Exception {
    LuaCapture capture = new LuaCapture();
    List<String> options =
        List.of(
            "",
            "02 00",
            "02 03 05",
            "02 05 05 b4 00",
            "02 06 05 b4 00 00",
            "02 04 00 00",
            "02 04 00 01",
            "02 04 ff ff",
            MSS_1460 + " " + MSS_1380,
            MSS_1460 + " 02 03 05");
    for (String option : options) {
      capture.add(ipv4(fromClient(SYN, 100, option, NOTHING)));
    }
    capture.add(ipv4(fromClient(ACK, 101, MSS_1460, NOTHING)));

    assertThat(
            tshark.read(
                file(capture),
                PLAIN,
                "mss.value",
                "mss.implied_mtu",
                "mss.absent",
                "mss.malformed",
                "mss.count",
                "mss.misplaced"))
        .containsExactly(
            "- - 1 - - -",
            "- - 1 - - -",
            "- - - 1 - -",
            "- - - 1 - -",
            "- - - 1 - -",
            "0 40 - - - -",
            "1 41 - - - -",
            "65535 65575 - - - -",
            "1380 1420 - - 2 -",
            "1460 1500 - 1 2 -",
            "- - - - - 1");
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void aRepeatedSynMayAnnounceLess(LuaShark tshark) throws Exception {
    LuaCapture capture = new LuaCapture();
    for (String option : List.of(MSS_1460, MSS_1460, MSS_1380, "", MSS_1380)) {
      capture.add(ipv4(fromClient(SYN, 100, option, NOTHING)));
    }
    Path file = file(capture);

    for (List<String> passes : List.of(PLAIN, TWO_PASSES)) {
      assertThat(tshark.read(file, passes, "mss.value", "mss.previous"))
          .containsExactly("1460 -", "1460 -", "1380 1460", "- 1380", "1380 -");
    }
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void aSegmentAboveTheLimitIsExplainedByOffload(LuaShark tshark) throws Exception {
    LuaCapture capture =
        handshake()
            .add(ipv4(fromClient(ACK, 101, "", data(1380))))
            .add(ipv4(fromClient(ACK, 1481, "", data(1477))))
            .add(ipv4(fromServer(ACK, 901, "", data(1460))));
    Path file = file(capture);

    for (List<String> passes : List.of(PLAIN, TWO_PASSES)) {
      assertThat(tshark.read(file, passes, "mss.limit", "mss.excess"))
          .containsExactly("- -", "- -", "- -", "1380 -", "1380 97", "1460 -");
    }
    assertThat(
            tshark.read(
                file, List.of("-Y", "mss.above_limit"), "frame.number", "_ws.expert.message"))
        .singleElement()
        .asString()
        .startsWith("5 ")
        .contains("97 bytes above the MSS of 1380")
        .contains("offload");
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void anAnnouncedMssOfZeroSetsNoLimit(LuaShark tshark) throws Exception {
    LuaCapture capture =
        new LuaCapture()
            .add(ipv4(fromServer(SYN_ACK, 900, "02 04 00 00", NOTHING)))
            .add(ipv4(fromClient(ACK, 101, "", data(500))));

    assertThat(tshark.read(file(capture), PLAIN, "mss.value", "mss.limit", "mss.excess"))
        .containsExactly("0 - -", "- - -");
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void theDigestCoversTheFirstBytesHoweverTheyAreSegmented(LuaShark tshark) throws Exception {
    byte[] whole = data(1477);
    LuaCapture near =
        handshake()
            .add(ipv4(fromClient(ACK, 100, "", data(1))))
            .add(ipv4(fromClient(ACK, 101, "", whole)))
            .add(ipv4(fromClient(ACK, 101, "", Arrays.copyOf(whole, 700))));
    LuaCapture far =
        handshake()
            .add(ipv4(fromClient(ACK, 801, "", Arrays.copyOfRange(whole, 700, 1477))))
            .add(ipv4(fromClient(ACK, 101, "", Arrays.copyOf(whole, 64))));
    String digest = fnv1a64(Arrays.copyOf(whole, 64));

    for (List<String> passes : List.of(PLAIN, TWO_PASSES)) {
      assertThat(tshark.read(file(near), passes, "mss.payload_digest"))
          .containsExactly("-", "-", "-", "-", digest, "-");
    }
    assertThat(tshark.read(file(far), PLAIN, "mss.payload_digest"))
        .containsExactly("-", "-", "-", "-", digest);
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void dataInASynHasTheDigest(LuaShark tshark) throws Exception {
    LuaCapture capture =
        new LuaCapture()
            .add(ipv4(fromClient(SYN, 100, MSS_1460, "GET".getBytes(US_ASCII))))
            .add(ipv4(fromServer(SYN_ACK, 900, MSS_1460, NOTHING)))
            .add(ipv4(fromClient(ACK, 104, "", data(100))));

    assertThat(tshark.read(file(capture), PLAIN, "mss.payload_digest"))
        .containsExactly(fnv1a64("GET".getBytes(US_ASCII)), "-", "-");
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void digestsOnlyModeGivesTheSameDigests(LuaShark tshark) throws Exception {
    byte[] fastOpen = "GET".getBytes(US_ASCII);
    byte[] misplaced = ipv4(fromClient(ACK, 101, MSS_1460, data(90)));
    LuaCapture capture =
        handshake()
            .add(LuaPacket.icmpUnreachable(4, 1400, misplaced), "a [mssbridge/1 code=mss.clamped]")
            .add(ipv4(fromClient(ACK, 161, "", data(70))))
            .add(misplaced)
            .add(misplaced)
            .add(ipv4(fromServer(ACK, 901, "", data(1477))))
            .add(ipv4(6, 1, 2, LuaPacket.tcp(179, 179, SYN, 100, MSS_1460, fastOpen)))
            .add(ipv4(6, 2, 1, LuaPacket.tcp(179, 179, SYN_ACK, 900, MSS_1380, NOTHING)))
            .add(ipv4(6, 2, 1, LuaPacket.tcp(179, 179, ACK, 901, "", data(20))))
            .add(ipv4(4, 3, 4, otherSegment()));
    Path file = file(capture);
    String[] others = {"mss.role", "mss.value", "mss.limit", "mss.misplaced", "mss.finding"};

    for (List<String> passes : List.of(PLAIN, TWO_PASSES)) {
      List<String> only = new ArrayList<>(passes);
      only.addAll(List.of("-o", "mss.digests_only:TRUE"));
      String data64 = fnv1a64(data(64));
      assertThat(tshark.read(file, only, "mss.payload_digest"))
          .isEqualTo(tshark.read(file, passes, "mss.payload_digest"))
          .containsExactly(
              "-",
              "-",
              "-",
              "-",
              "-",
              data64,
              "-",
              data64,
              fnv1a64(fastOpen),
              "-",
              fnv1a64(data(20)),
              data64);
      assertThat(tshark.read(file, only, others)).containsOnly("- - - - -");
    }
  }

  /** A segment of another connection, in its own IP header. */
  private static byte[] otherSegment() {
    return ipv4(6, 7, 8, LuaPacket.tcp(50001, 9998, ACK, 7, "", data(90)));
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void aTruncatedHeaderIsNotAnError(LuaShark tshark) throws Exception {
    byte[] syn = ipv4(fromClient(SYN, 100, MSS_1460, data(9)));
    byte[] segment = ipv4(fromServer(ACK, 901, "", data(9)));
    LuaCapture capture = new LuaCapture();
    for (int capturedBytes = 1; capturedBytes < segment.length; capturedBytes++) {
      capture.addCut(syn, capturedBytes).addCut(segment, capturedBytes);
    }

    assertThat(tshark.read(file(capture), PLAIN, "mss.payload_digest")).containsOnly("-");
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void aPacketTruncatedTooEarlyHasNoDigest(LuaShark tshark) throws Exception {
    byte[] packet = ipv4(fromClient(ACK, 101, "", data(500)));

    assertThat(tshark.read(file(handshake().addCut(packet, 40 + 63)), PLAIN, "mss.payload_digest"))
        .containsOnly("-");
    assertThat(tshark.read(file(handshake().addCut(packet, 40 + 64)), PLAIN, "mss.payload_digest"))
        .endsWith(fnv1a64(data(64)));
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void withoutAHandshakeTheFirstDataSegmentHasTheDigest(LuaShark tshark) throws Exception {
    LuaCapture capture =
        new LuaCapture()
            .add(ipv4(fromServer(ACK, 900, "", data(1))))
            .add(ipv4(fromServer(ACK, 901, "", data(200))))
            .add(ipv4(fromServer(ACK, 1101, "", data(300))));

    assertThat(tshark.read(file(capture), PLAIN, "mss.payload_digest", "mss.limit"))
        .containsExactly("- -", fnv1a64(data(64)) + " -", "- -");
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void endsWithTheSamePortAreDistinguished(LuaShark tshark) throws Exception {
    LuaCapture capture =
        new LuaCapture()
            .add(ipv4(6, 1, 2, LuaPacket.tcp(179, 179, SYN, 100, MSS_1460, NOTHING)))
            .add(ipv4(6, 2, 1, LuaPacket.tcp(179, 179, SYN_ACK, 900, MSS_1380, NOTHING)))
            .add(ipv4(6, 1, 2, LuaPacket.tcp(179, 179, ACK, 101, "", data(20))))
            .add(ipv4(6, 2, 1, LuaPacket.tcp(179, 179, ACK, 901, "", data(20))));

    assertThat(tshark.read(file(capture), PLAIN, "mss.limit"))
        .containsExactly("-", "-", "1380", "1460");
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void tooBigMessagesSayWhichMssFits(LuaShark tshark) throws Exception {
    byte[] large = ipv4(fromClient(ACK, 101, "", data(1400)));
    byte[] large6 = ipv6(fromClient(ACK, 101, "", data(1400)));
    LuaCapture capture =
        new LuaCapture()
            .add(LuaPacket.icmpUnreachable(4, 1433, Arrays.copyOf(large, 28)))
            .add(LuaPacket.icmpUnreachable(4, 0, large))
            .add(LuaPacket.icmpUnreachable(4, 39, large))
            .add(LuaPacket.icmpv6TooBig(1280, large6))
            .add(LuaPacket.icmpUnreachable(3, 0, ipv4(fromClient(SYN, 100, MSS_1460, data(90)))));

    assertThat(
            tshark.read(
                file(capture),
                PLAIN,
                "mss.too_big.mtu",
                "mss.too_big.mss",
                "mss.value",
                "mss.payload_digest",
                "mss.limit"))
        .containsExactly(
            "1433 1393 - - -", "0 - - - -", "39 - - - -", "1280 1220 - - -", "- - - - -");
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void theInnermostHeaderOfATunnelIsUsed(LuaShark tshark) throws Exception {
    LuaCapture capture =
        new LuaCapture()
            .add(LuaPacket.ipv6InIpv4(fromClient(SYN, 100, MSS_1380, NOTHING)))
            .add(ipv4(4, 3, 4, ipv4(fromClient(SYN, 100, MSS_1380, NOTHING))))
            .add(LuaPacket.ipv6InIpv4(fromClient(ACK, 101, "", data(90))));

    assertThat(
            tshark.read(file(capture), PLAIN, "mss.value", "mss.implied_mtu", "mss.payload_digest"))
        .containsExactly("1380 1440 -", "1380 1420 -", "- - " + fnv1a64(data(64)));
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void aFindingInACommentBecomesFieldsAndAnExpertInfo(LuaShark tshark) throws Exception {
    byte[] syn = ipv4(fromClient(SYN, 100, MSS_1460, NOTHING));
    String clamped =
        "MSS 1460 became 1380 [mssbridge/1 code=mss.clamped severity=warn group=protocol conn=0"
            + " direction=c2s near=1460 far=1380 point=client peer=server peer_frame=1]";
    String verdict =
        "a firewall [mssbridge/1 code=path.middlebox severity=note group=assumption conn=7]";
    LuaCapture capture =
        new LuaCapture()
            .add(syn, "by hand", clamped)
            .add(syn, verdict)
            .add(syn, "an older one [mssbridge/0 code=mss.clamped]");
    Path file = file(capture);

    assertThat(
            tshark.read(
                file,
                PLAIN,
                "mss.finding",
                "mss.finding.code",
                "mss.finding.severity",
                "mss.finding.group",
                "mss.finding.conn",
                "mss.finding.direction",
                "mss.finding.near",
                "mss.finding.far",
                "mss.finding.point",
                "mss.finding.peer",
                "mss.finding.peer_frame"))
        .containsExactly(
            "MSS 1460 became 1380 mss.clamped warn protocol 0 c2s 1460 1380 client server 1",
            "a firewall path.middlebox note assumption 7 - - - - - -",
            "- - - - - - - - - - -");
    assertThat(
            tshark.read(
                file,
                List.of("-Y", "mss.expert.mss.clamped.warn"),
                "frame.number",
                "_ws.expert.severity",
                "_ws.expert.group"))
        .singleElement()
        .asString()
        .startsWith("1 ")
        .contains(WARN + "")
        .contains(PROTOCOL + "");
    assertThat(
            tshark.read(
                file, List.of("-Y", "mss.expert.path.middlebox.note"), "_ws.expert.message"))
        .singleElement()
        .asString()
        .contains("a firewall");
    assertThat(tshark.read(file, List.of("-Y", GENERIC), "frame.number")).isEmpty();
  }

  /**
   * A finding keeps its own severity; a code or group that the plugin does not know has an expert
   * info of its severity and group.
   */
  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void eachCodeAndSeverityHasItsExpertInfo(LuaShark tshark) throws Exception {
    byte[] syn = ipv4(fromClient(SYN, 100, MSS_1460, NOTHING));
    Path file =
        file(
            new LuaCapture()
                .add(syn, "a [mssbridge/1 code=path.lost severity=note group=sequence]")
                .add(syn, "b [mssbridge/1 code=path.lost severity=warn group=sequence]")
                .add(syn, "c [mssbridge/1 code=mss.one-direction severity=note group=protocol]")
                .add(syn, "d [mssbridge/1 code=path.new severity=warn group=protocol]")
                .add(syn, "e [mssbridge/1 code=path.lost severity=error group=security]"));

    for (String shown :
        List.of(
            "mss.expert.path.lost.note 1",
            "mss.expert.path.lost.warn 2",
            "mss.expert.mss.one-direction.note 3",
            "mss.expert.warn.protocol 4",
            "mss.expert.error.security 5")) {
      String[] words = shown.split(" ", -1);
      assertThat(tshark.read(file, List.of("-Y", words[0]), "frame.number"))
          .as(words[0])
          .containsExactly(words[1]);
    }
  }

  /** The program writes the mildest first, because 3.4 shows only the last comment of a packet. */
  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void theSeverestFindingIsFirst(LuaShark tshark) throws Exception {
    byte[] syn = ipv4(fromClient(SYN, 100, MSS_1460, NOTHING));
    Path file =
        file(
            new LuaCapture()
                .add(
                    syn,
                    "a [mssbridge/1 code=path.hops severity=chat group=protocol]",
                    "b [mssbridge/1 code=isn.rewritten severity=note group=sequence]",
                    "c [mssbridge/1 code=path.middlebox severity=note group=assumption]",
                    "d [mssbridge/1 code=mss.clamped severity=warn group=protocol]"));

    assertThat(tshark.read(file, PLAIN, "mss.finding.code"))
        .containsExactly(
            tshark.is("3.4")
                ? "mss.clamped"
                : "mss.clamped,path.middlebox,isn.rewritten,path.hops");
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void whatAPacketHasIsInOneTree(LuaShark tshark) throws Exception {
    String lost = "lost [mssbridge/1 code=path.lost severity=note group=sequence]";
    byte[] data = ipv4(fromClient(ACK, 101, "", data(90)));
    Path file =
        file(
            new LuaCapture()
                .add(ipv4(fromServer(SYN_ACK, 500, MSS_1380, NOTHING)), lost)
                .add(data, lost)
                .add(data));

    // Two trees would be two values; without a finding, nothing is added to the protocol's name.
    assertThat(tshark.read(file, List.of("-Y", "mss"), "mss"))
        .containsExactly("TCP Maximum Segment Size: lost", "TCP Maximum Segment Size: lost", "mss");
    // Nothing of a packet is outside of that tree.
    assertThat(tshark.read(file, List.of("-Y", "mss.limit && !mss"), "frame.number")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void forgedFindingsOfTheInputAreNotShown(LuaShark tshark) throws Exception {
    byte[] syn = ipv4(fromClient(SYN, 100, MSS_1460, NOTHING));
    String forged = "all is well [mssbridge/1 code=forged severity=error group=security]";
    String disowned =
        "comments of the input [mssbridge/1 code=capture.foreign-comments severity=note"
            + " group=security]";
    String ours = "lost [mssbridge/1 code=path.lost severity=note group=sequence]";
    Path file = file(new LuaCapture().add(syn, forged, disowned, ours));

    // 3.4 shows only the last comment of a packet.
    assertThat(tshark.read(file, PLAIN, "mss.finding.code"))
        .containsExactly(tshark.is("3.4") ? "path.lost" : "path.lost,capture.foreign-comments");
    assertThat(tshark.read(file, List.of("-Y", "mss.expert.error.security"), "frame.number"))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void theFieldsOfTheReadmeExistAndItsFiltersAreValid(LuaShark tshark) throws Exception {
    Path capture = file(handshake());
    Matcher row = README_ROW.matcher(Files.readString(LuaShark.LUA.resolve("README.md")));
    StringBuilder filter = new StringBuilder("frame");
    List<String> fields = new ArrayList<>();
    while (row.find()) {
      fields.add(row.group(1));
      filter.append(" or (").append(row.group(2)).append(")");
    }

    assertThat(fields).containsExactlyInAnyOrderElementsOf(declaredFields());
    assertThat(
            tshark.read(capture, List.of("-Y", filter.toString()), fields.toArray(String[]::new)))
        .hasSize(3);
  }

  @Test
  void theCommandsOfTheReadmeInstallThePlugin() throws Exception {
    Matcher commands = README_COMMANDS.matcher(Files.readString(LuaShark.LUA.resolve("README.md")));
    assertThat(commands.find()).isTrue();

    assertThat(LuaShark.run(LuaShark.LUA, folder, List.of("sh", "-eu", "-c", commands.group(1))))
        .singleElement()
        .asString()
        .contains("mss.payload_digest");
  }

  private static List<String> declaredFields() throws Exception {
    String module = Files.readString(LuaShark.LUA.resolve("mss/fields.lua"));
    return FIELD_DECLARATION.matcher(module).results().map(found -> found.group(1)).toList();
  }

  private static String fnv1a64(byte[] bytes) {
    long hash = 0xcbf29ce484222325L;
    for (byte next : bytes) {
      hash = (hash ^ Byte.toUnsignedLong(next)) * 0x100000001b3L;
    }
    return String.format("%016x", hash);
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void theEndsOfUdpAreShownWhenAskedFor(LuaShark tshark) throws Exception {
    byte[] data = new byte[200];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) i;
    }
    byte[] packet =
        ByteBuffer.allocate(28 + data.length)
            .putLong(0x4500_00e4_0001_0000L)
            .putInt(0x4011_0000)
            .putInt(0xc000_0201)
            .putInt(0xc633_6414)
            .putInt(0xc351_270f)
            .putInt(0x00d0_0000)
            .put(data)
            .array();
    Path file = file(new LuaCapture().add(packet));
    String hex = HexFormat.of().formatHex(data);

    assertThat(tshark.read(file, List.of("-X", "lua_script1:udp-ends"), "mss.udp_ends"))
        .containsExactly(hex.substring(0, 128) + "," + hex.substring(272));
    assertThat(tshark.read(file, PLAIN, "mss.udp_ends")).containsExactly("-");
  }
}
