package org.mssbridge.packets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.cli.CommandRun;
import org.mssbridge.script.PacketScript;
import org.mssbridge.script.TsharkText;

/** {@code --packets} and {@code --missing}: what became of each segment. */
class PacketTableTest {
  private static final String STORY =
      """
      point client
      point server
      between client server  delay 10ms  hops 2

      connection a  192.0.2.10:50001 -> 198.51.100.20:8443
      1.000 handshake <mss 1460>
      1.100 c2s P. 1:101 ack 1
      1.110 c2s P. 101:201 ack 1  lost
      1.120 c2s P. 201:301 ack 1  missed at server
      1.121 s2c . 1 ack 101
      1.200 c2s P. 101:201 ack 1
      1.230 s2c . 1 ack 301
      1.300 c2s P. 301:901 ack 1  tso 300
      1.400 c2s P. 901:1001 ack 1  dscp 10  at server dscp 0
      1.450 s2c . 1 ack 1001
      1.500 s2c P. 1:51 ack 1001  only at server
      """;

  /** Equal ACKs, of which one is lost and two change places, and a segment that arrives twice. */
  private static final String EQUAL =
      """
      point client
      point server
      between client server  delay 10ms  hops 2

      connection a  192.0.2.10:50001 -> 198.51.100.20:8443  id 100 500
      1.000 handshake <mss 1460>
      1.100 c2s P. 1:101 ack 1
      1.110 c2s P. 101:201 ack 1  lost
      1.120 c2s P. 201:301 ack 1
      1.121 c2s P. 301:401 ack 1
      1.140 s2c . 1 ack 101
      1.141 s2c . 1 ack 101  lost
      1.142 s2c . 1 ack 101  at client time 1.158
      1.143 s2c . 1 ack 101
      1.200 c2s P. 101:201 ack 1
      1.240 s2c . 1 ack 401
      1.300 c2s P. 401:501 ack 1  at server twice
      1.340 s2c . 1 ack 501
      1.400 c2s P. 501:601 ack 1
      1.440 s2c . 1 ack 601
      """;

  @TempDir private Path folder;

  private Map<String, Path> captures(String story) throws IOException {
    return PacketScript.parse(story).writeTo(folder);
  }

  private Path table(Map<String, Path> captures, String name) {
    Path table = folder.resolve(name);
    CommandRun run =
        CommandRun.compare(captures.get("client"), captures.get("server"), "--packets", table);
    assertThat(run.status()).as(run.err()).isZero();
    return table;
  }

  private static List<CSVRecord> csv(Path table) throws IOException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (Reader in = Files.newBufferedReader(table)) {
      return format.parse(in).getRecords();
    }
  }

  /** What became of the data of the client, at a point: position, frames, fate, changes. */
  private static List<String> data(List<CSVRecord> rows, String point) {
    List<String> data = new ArrayList<>();
    for (CSVRecord row : rows) {
      if (row.get("point").equals(point)
          && row.get("direction").equals("c2s")
          && !row.get("payload_bytes").equals("0")) {
        data.add(
            String.join(
                    " ",
                    row.get("position"),
                    row.get(point.equals("client") ? "fate" : "previous_frame"),
                    row.get("next_frames"),
                    row.get("delay_ms"),
                    row.get("changed"))
                .strip());
      }
    }
    return data;
  }

  private static final String DATAGRAMS =
      """
      point client
      point server  clock +250ms
      between client server  delay 10ms  hops 2  nat client 203.0.113.9:40000

      datagram voice  192.0.2.10:5004 -> 198.51.100.20:5002
      repeat 8 every 100ms
      1.000 voice c2s 200 bytes
      1.030 voice s2c 180 bytes
      end
      2.000 voice c2s 201 bytes  lost
      2.100 voice c2s 202 bytes  at server twice
      2.200 voice c2s 203 bytes  fragment 100
      2.300 voice c2s 204 bytes  at server dscp 0
      2.400 voice c2s 205 bytes
      2.430 voice s2c 180 bytes  missed at server
      2.460 voice s2c 180 bytes
      """;

  @Test
  void eachPacketBesidesTcpHasItsFate() throws IOException {
    List<CSVRecord> rows = csv(table(captures(DATAGRAMS), "packets.csv"));
    assertThat(rows).allMatch(row -> row.get("protocol").equals("UDP"));
    assertThat(rows).allMatch(row -> row.get("flow").equals("0"));
    assertThat(rows).allMatch(row -> row.get("connection").isEmpty());
    assertThat(rows)
        .filteredOn(row -> row.get("point").equals("client"))
        .filteredOn(row -> row.get("direction").equals("c2s"))
        .extracting(row -> row.get("payload_bytes") + " " + row.get("fate"))
        .containsSequence("200 arrived", "201 lost", "202 arrived", "203 arrived", "204 arrived");
    assertThat(rows)
        .filteredOn(row -> row.get("point").equals("server"))
        .filteredOn(row -> row.get("direction").equals("c2s"))
        .allMatch(row -> row.get("source").equals("203.0.113.9:40000"))
        .filteredOn(row -> row.get("duplicate").equals("1"))
        .extracting(row -> row.get("payload_bytes"))
        .containsExactly("202");
    assertThat(rows)
        .filteredOn(row -> row.get("fate").equals("arrived"))
        .allMatch(row -> Math.abs(Double.parseDouble(row.get("delay_ms")) - 10) < 0.1);
    assertThat(rows)
        .filteredOn(row -> row.get("point").equals("server"))
        .first()
        .matches(row -> row.get("common_time").startsWith("2024-01-01T00:00:01.010"));
  }

  @Test
  void packetsThatAreAllAlikeAreUnknown() throws IOException {
    String story =
        """
        point client
        point server
        between client server  delay 10ms  hops 2

        datagram alive  [2001:db8::10]:4500 -> [2001:db8:1::20]:4501
        repeat 4 every 1s
        1.000 alive c2s 1 bytes  payload "\\xff"
        end
        6.000 alive c2s 1 bytes  payload "\\xff"  lost
        repeat 4 every 1s
        1.030 alive s2c 200 bytes
        end
        """;
    List<CSVRecord> rows = csv(table(captures(story), "packets.csv"));
    assertThat(rows)
        .filteredOn(row -> row.get("payload_bytes").equals("1"))
        .filteredOn(row -> row.get("point").equals("client"))
        .hasSize(5)
        .allMatch(row -> row.get("fate").equals("unknown"));
    assertThat(rows)
        .filteredOn(row -> row.get("point").equals("server"))
        .filteredOn(row -> row.get("payload_bytes").equals("200"))
        .hasSize(4)
        .allMatch(row -> row.get("fate").equals("arrived"));
  }

  @Test
  void packetsBesidesTcpThatAnotherPointLacksAreCopied() throws IOException {
    Map<String, Path> captures = captures(DATAGRAMS);
    Path missing = folder.resolve("missing");
    CommandRun run =
        CommandRun.compare(captures.get("client"), captures.get("server"), "--missing", missing);
    assertThat(run.err())
        .contains("2 packets of client that another", "1 packet of server that another");
    assertThat(TsharkText.fields(missing.resolve("only-at-client.pcapng"), "udp", "udp.length"))
        .containsExactly("209", "188");
  }

  @Test
  void eachSegmentHasItsFate() throws IOException {
    List<CSVRecord> rows = csv(table(captures(STORY), "packets.csv"));

    assertThat(data(rows, "client"))
        .containsExactly(
            "1 arrived 1 10.0 ttl 64>62",
            "101 lost 0",
            "201 missed by capture 0",
            "101 arrived 1 10.0 ttl 64>62",
            "301 arrived 2 10.0",
            "901 arrived 1 10.0 ttl 64>62 dsfield 0x28>0x00");
    assertThat(data(rows, "server")).containsExactly("1 4", "101 8", "301 10", "601 10", "901 11");
    assertThat(rows)
        .filteredOn(row -> row.get("flags").equals("S") || row.get("flags").equals("SA"))
        .hasSize(4)
        .allSatisfy(row -> assertThat(row.get("connection")).isEqualTo("0"));
    assertThat(rows)
        .filteredOn(row -> row.get("flags").equals("S") && row.get("point").equals("client"))
        .singleElement()
        .satisfies(row -> assertThat(row.get("next_frame")).isEqualTo("1"));
    assertThat(rows)
        .filteredOn(row -> row.get("sent_before").equals("1"))
        .extracting(row -> row.get("point") + row.get("position"))
        .containsExactly("client101");
  }

  /** The frames of the server's equal ACKs, each with that of the same packet at the client. */
  private List<String> equalAcks(String story) throws IOException {
    return csv(table(captures(story), "packets.csv")).stream()
        .filter(row -> row.get("point").equals("server") && row.get("direction").equals("s2c"))
        .filter(row -> row.get("flags").equals("A"))
        .limit(4)
        .map(row -> row.get("frame") + " " + row.get("next_frame") + " " + row.get("fate"))
        .toList();
  }

  @Test
  void equalSegmentsAreToldApartByTheirIpIds() throws IOException {
    assertThat(equalAcks(EQUAL))
        .containsExactly("7 8 arrived", "8  unknown", "9 10 arrived", "10 9 arrived");
  }

  @Test
  void equalSegmentsWithoutIpIdsAreUnknownUnlessBothPointsHaveAsMany() throws IOException {
    String without =
        EQUAL.replace(
            "192.0.2.10:50001 -> 198.51.100.20:8443  id 100 500",
            "[2001:db8::10]:50001 -> [2001:db8:1::20]:8443");
    assertThat(equalAcks(without)).allMatch(row -> row.endsWith(" unknown"));
    assertThat(equalAcks(without.replace("ack 101  lost", "ack 101")))
        .containsExactly("7 8 arrived", "8 9 arrived", "9 10 arrived", "10 11 arrived");
  }

  @Test
  void furtherCopiesAreOfTheSegmentThatWasSent() throws IOException {
    Map<String, Path> captures = captures(EQUAL);
    assertThat(csv(table(captures, "packets.csv")))
        .filteredOn(row -> row.get("position").equals("401") && row.get("point").equals("server"))
        .extracting(row -> row.get("previous_frame") + " " + row.get("duplicate"))
        .containsExactly("13 0", "13 1");
    Path missing = folder.resolve("missing");
    CommandRun run =
        CommandRun.compare(captures.get("client"), captures.get("server"), "--missing", missing);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(comments(missing.resolve("only-at-server.pcapng")))
        .contains("frame 14: a further copy of what client has once, frame 13");
  }

  @Test
  void allFormatsHaveTheSameRows() throws IOException, SQLException {
    Map<String, Path> captures = captures(STORY);
    List<Map<String, String>> csv = new ArrayList<>();
    for (CSVRecord row : csv(table(captures, "packets.csv"))) {
      csv.add(new LinkedHashMap<>(row.toMap()));
    }
    assertThat(ndjson(table(captures, "packets.NDJSON"))).isEqualTo(csv);
    csv.forEach(row -> row.keySet().removeAll(List.of("time", "common_time")));
    assertThat(parquet(table(captures, "packets.parquet"))).isEqualTo(csv);
  }

  private static List<Map<String, String>> ndjson(Path table) throws IOException {
    List<Map<String, String>> rows = new ArrayList<>();
    try (JsonParser json = new JsonFactory().createParser(table.toFile())) {
      while (json.nextToken() == JsonToken.START_OBJECT) {
        Map<String, String> row = new LinkedHashMap<>();
        String name;
        while ((name = json.nextFieldName()) != null) {
          row.put(name, json.nextToken() == JsonToken.VALUE_NULL ? "" : json.getText());
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static List<Map<String, String>> parquet(Path table) throws SQLException {
    List<Map<String, String>> rows = new ArrayList<>();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT * EXCLUDE (time, common_time) FROM read_parquet('" + table + "')")) {
      int columns = found.getMetaData().getColumnCount();
      while (found.next()) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 1; i <= columns; i++) {
          String value = found.getString(i);
          row.put(found.getMetaData().getColumnName(i), value == null ? "" : value);
        }
        rows.add(row);
      }
    }
    return rows;
  }

  @Test
  void anotherEndingIsRefusedBeforeTheWork() throws IOException {
    Map<String, Path> captures = captures(STORY);
    Path table = folder.resolve("packets.xlsx");

    CommandRun run =
        CommandRun.compare(captures.get("client"), captures.get("server"), "--packets", table);

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).hasLineCount(1).contains("name a file that ends in .csv, .ndjson, ");
    assertThat(table).doesNotExist();
  }

  @Test
  void whatAnotherPointLacksIsCopiedWithTheReason() throws IOException {
    for (String format : new String[] {"pcap", "pcapng"}) {
      Map<String, Path> captures =
          captures(
              STORY
                  .replace("point client", "point client format " + format)
                  .replace("point server", "point server format " + format));
      Path missing = folder.resolve("missing-" + format);

      CommandRun run =
          CommandRun.compare(captures.get("client"), captures.get("server"), "--missing", missing);

      assertThat(run.status()).as(run.err()).isZero();
      assertThat(run.err())
          .contains("2 packets of client that another point lacks: " + missing)
          .contains("1 packet of server that another point lacks: " + missing);
      assertThat(comments(missing.resolve("only-at-client.pcapng")))
          .containsExactly(
              "frame 5: lost before server",
              "frame 6: arrived, and is missing from the capture at server");
      assertThat(comments(missing.resolve("only-at-server.pcapng"))).hasSize(1);
    }
  }

  /** The comments of a copy that has no other packets, as tshark shows them. */
  private static List<String> comments(Path copy) throws IOException {
    Process tshark =
        new ProcessBuilder("tshark", "-r", copy.toString(), "-T", "fields", "-e", "frame.comment")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var lines = tshark.inputReader()) {
      return lines.lines().toList();
    }
  }

  @Test
  void nothingMissingWritesNothing() throws IOException {
    Map<String, Path> captures =
        captures(STORY.lines().limit(7).reduce("", (all, line) -> all + line + "\n"));
    Path missing = folder.resolve("missing");

    CommandRun run =
        CommandRun.compare(captures.get("client"), captures.get("server"), "--missing", missing);

    assertThat(run.status()).isZero();
    assertThat(missing).doesNotExist();
  }
}
