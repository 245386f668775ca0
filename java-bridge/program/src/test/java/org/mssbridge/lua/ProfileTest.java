package org.mssbridge.lua;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every tshark with the plugin accepts every filter and field of the profile. */
class ProfileTest {
  private static final Path PROFILE = LuaShark.LUA.resolveSibling("plugin/profiles/MSS");
  private static final Path CAPTURE =
      LuaShark.LUA.resolveSibling("examples/seed-20633/client.pcap");
  private static final Pattern COLUMN = Pattern.compile("%Cus:([^:]+):\\d+:[RU]");
  private static final Pattern BUTTON =
      Pattern.compile("\"TRUE\",\"[^\"]+\",\"([^\"]+)\",\"[^\"]*\"");
  private static final Pattern COLOUR = Pattern.compile("@[^@]+@([^@]+)@(\\[\\d+(,\\d+){2}]){2}");

  @TempDir private Path folder;

  static Stream<LuaShark> installed() {
    return LuaShark.installed();
  }

  private static List<String> lines(String file, Pattern form) throws IOException {
    List<String> found = new ArrayList<>();
    for (String line : Files.readAllLines(PROFILE.resolve(file))) {
      if (!line.startsWith("#")) {
        Matcher matcher = form.matcher(line);
        assertThat(matcher.matches()).as("%s: %s", file, line).isTrue();
        found.add(matcher.group(1).replace("\\x22", "\""));
      }
    }
    return found;
  }

  @ParameterizedTest
  @MethodSource("installed")
  void everyFilterIsAccepted(LuaShark shark) throws Exception {
    List<String> filters = new ArrayList<>(lines("colorfilters", COLOUR));
    filters.addAll(lines("dfilter_buttons", BUTTON));
    assertThat(filters).hasSizeGreaterThan(12);
    Path capture = Files.copy(CAPTURE, folder.resolve("client.pcap"));
    // One run per filter would take a minute; one wrong filter makes the combined filter fail.
    String all = String.join(") || (", filters);
    assertThat(shark.read(capture, List.of("-Y", "(" + all + ")"), "frame.number")).hasSize(69);
  }

  /** The ISN that a firewall rewrites cancels out, and both points show the same numbers. */
  @ParameterizedTest
  @MethodSource("installed")
  void sequenceNumbersAreTheSameAtBothPoints(LuaShark shark) throws Exception {
    String preference =
        Files.readAllLines(PROFILE.resolve("preferences")).stream()
            .filter(line -> line.startsWith("tcp.relative_sequence_numbers"))
            .map(line -> line.replace(": ", ":"))
            .findFirst()
            .orElseThrow();
    assertThat(preference).endsWith(":TRUE");
    Path client = Files.copy(CAPTURE, folder.resolve("client.pcap"));
    Path server = Files.copy(CAPTURE.resolveSibling("server.pcap"), folder.resolve("server.pcap"));
    for (Path capture : List.of(client, server)) {
      List<String> options = List.of("-o", preference, "-Y", "mss.role == \"client\"");
      assertThat(shark.read(capture, options, "tcp.seq")).containsOnly("0");
    }
  }

  @ParameterizedTest
  @MethodSource("installed")
  void everyColumnIsAField(LuaShark shark) throws Exception {
    Matcher matcher = COLUMN.matcher(Files.readString(PROFILE.resolve("preferences")));
    List<String> fields = matcher.results().map(result -> result.group(1)).toList();
    assertThat(fields)
        .containsExactly(
            "mss.value",
            "mss.limit",
            "mss.excess",
            "mss.finding.code",
            "mss.finding.point",
            "mss.finding.peer_frame");
    Path capture = Files.copy(CAPTURE, folder.resolve("client.pcap"));
    assertThat(shark.read(capture, List.of(), fields.toArray(String[]::new))).hasSize(69);
  }
}
