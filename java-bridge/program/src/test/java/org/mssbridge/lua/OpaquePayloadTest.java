package org.mssbridge.lua;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mssbridge.lua.LuaPacket.ACK;
import static org.mssbridge.lua.LuaPacket.SYN;
import static org.mssbridge.lua.LuaPacket.fromClient;
import static org.mssbridge.lua.LuaPacket.fromServer;
import static org.mssbridge.lua.LuaPacket.ipv4;
import static org.mssbridge.lua.LuaPacket.tcp;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * With the argument {@code opaque-payload}, no tshark on this machine looks into the data of a
 * connection, whatever protocols it knows.
 */
class OpaquePayloadTest {
  private static final List<String> OPAQUE =
      List.of("-X", "lua_script1:opaque-payload", "-o", "tcp.try_heuristic_first:TRUE");

  private static final String NOT_LOOKED_INTO = "raw:ip:tcp:mss";

  /** A packet that was never on the wire, but in the data of a connection. */
  private static final byte[] INNER = ipv4(fromClient(SYN, 77, "02 04 05 b4", new byte[0]));

  /** Starts by which tshark recognises a protocol on any port. */
  private static final List<String> RECOGNISED =
      List.of(
          "13" + HexFormat.of().formatHex("BitTorrent protocol".getBytes(ISO_8859_1)),
          "05000b03100000004800000001000000", // DCE RPC
          "16030300500b000000", // TLS, but no hello
          "ff534d4272000000000000", // SMB
          "0008000000000008" + "0000000000000000", // RPCAP's request for authentication
          "000e3800000000000000000000000000"); // OpenVPN's hard reset

  @TempDir Path folder;

  private List<String> protocols(LuaShark tshark, LuaCapture capture, List<String> options)
      throws Exception {
    return tshark.read(
        capture.writeTo(folder.resolve("capture.pcapng")), options, "frame.protocols");
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void noPortHasADissector(LuaShark tshark) throws Exception {
    assertThat(protocols(tshark, toPorts(65536), OPAQUE))
        .containsOnly(NOT_LOOKED_INTO)
        .hasSize(65536);
    assertThat(protocols(tshark, toPorts(4096), List.of()).stream().distinct().count())
        .as("protocols that look into the data otherwise")
        .isGreaterThan(10);
  }

  /** One segment to each port below a limit. */
  private static LuaCapture toPorts(int limit) {
    LuaCapture capture = new LuaCapture();
    for (int port = 0; port < limit; port++) {
      capture.add(ipv4(6, 1, 2, tcp(port == 50000 ? 50001 : 50000, port, ACK, 1, "", INNER)));
    }
    return capture;
  }

  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void noDataIsRecognised(LuaShark tshark) throws Exception {
    LuaCapture capture = new LuaCapture();
    for (int i = 0; i < RECOGNISED.size(); i++) {
      ByteBuffer data = ByteBuffer.allocate(200).put(HexFormat.of().parseHex(RECOGNISED.get(i)));
      capture.add(ipv4(6, 1, 2, tcp(50000 + i, 40000, ACK, 1, "", data.array())));
    }
    assertThat(protocols(tshark, capture, OPAQUE)).containsOnly(NOT_LOOKED_INTO);
  }

  /** RFC 3618, section 12.2.1: a source-active message with the packet that it tells of. */
  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void packetInMsdpIsNoPacket(LuaShark tshark) throws Exception {
    ByteBuffer message = ByteBuffer.allocate(20 + INNER.length);
    message.put((byte) 1).putShort((short) message.capacity()).put((byte) 1).putInt(0x0a000001);
    message.putInt(32).putInt(0xe1010101).putInt(0x0a000001).put(INNER);
    LuaCapture capture = new LuaCapture();
    capture.add(ipv4(6, 1, 2, tcp(50000, 639, ACK, 1, "", message.array())));
    assertThat(protocols(tshark, capture, List.of())).containsExactly("raw:ip:tcp:msdp:ip:tcp");
    assertThat(protocols(tshark, capture, OPAQUE)).containsExactly(NOT_LOOKED_INTO);
  }

  /** Once with headers that would lead into the data, and once through a tunnel of HTTP. */
  @ParameterizedTest
  @MethodSource("org.mssbridge.lua.LuaShark#installed")
  void httpShowsOneLine(LuaShark tshark) throws Exception {
    String body = "Content-Type: application/vnd.tcpdump.pcap\r\n\r\nabc";
    LuaCapture capture = new LuaCapture();
    List<String> starts =
        new ArrayList<>(
            List.of(
                "CONNECT 10.0.0.2:639 HTTP/1.1\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n",
                "GET / HTTP/1.1\r\n" + body,
                "HTTP/1.1 200 OK\r\n" + body));
    int[] sequence = {1, 1};
    for (int i = 0; i < starts.size(); i++) {
      byte[] data = starts.get(i).getBytes(ISO_8859_1);
      byte[] segment =
          i % 2 == 0
              ? fromClient(ACK, sequence[0], "", data)
              : fromServer(ACK, sequence[1], "", data);
      sequence[i % 2] += data.length;
      capture.add(ipv4(segment));
    }
    assertThat(protocols(tshark, capture, OPAQUE))
        .allMatch(protocols -> protocols.matches("raw:ip:tcp:mss:http(:mss)?"));
  }
}
