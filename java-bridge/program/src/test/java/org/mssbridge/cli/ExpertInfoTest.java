package org.mssbridge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In tshark the annotated captures show exactly the findings of the reports. */
class ExpertInfoTest {
  private static final String[] POINTS = {"client", "server"};

  /** tshark cuts its labels at 240 bytes, some versions a few bytes earlier. */
  private static final int SHOWN_CHARACTERS = 200;

  private static final Pattern EXPERT_ROW = Pattern.compile(" *(\\d+) +(\\S+) +MSS  (.*)");

  /** The severities of findings by tshark's name of their list. */
  private static final Map<String, String> SEVERITY_OF_LIST =
      Map.of("Errors", "error", "Warns", "warn", "Notes", "note", "Chats", "chat");

  private static final Pattern LIST_HEAD = Pattern.compile("(\\w+) \\(\\d+\\)");

  @TempDir private Path folder;

  private Path json;
  private Path ek;

  @BeforeEach
  void nameReports() {
    json = folder.resolve("report.json");
    ek = folder.resolve("report.ek");
  }

  private void compare(String example) throws IOException {
    Path[] captures = ReportOf.example(example);
    CommandRun run =
        CommandRun.compare(
            "--quiet", "--annotate", folder, "--json", json, "--ek", ek, captures[0], captures[1]);
    assertThat(run.status()).as(run.err()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"seed-20633", "lab-05-seed", "lab-10-pmtud-blackhole"})
  void fieldsHoldTheFindingsOfTheReportFrameByFrame(String example) throws Exception {
    compare(example);
    for (String point : POINTS) {
      Set<String> reported = reportedFrames(point);
      assertThat(reported).as("findings at %s", point).isNotEmpty();
      assertThat(shownFrames(point)).as("fields at %s", point).isEqualTo(reported);
    }
  }

  /** Frame, code, severity and group of each finding. */
  private Set<String> reportedFrames(String point) throws IOException {
    Set<String> frames = new TreeSet<>();
    for (Map<String, Object> finding :
        new ReportOf(ReportOf.map(ReportOf.parse(json))).findings()) {
      Object at = ReportOf.map(finding.get("frames")).get(point);
      for (Object frame : at == null ? List.of() : (List<?>) at) {
        frames.add(
            String.join(
                " ",
                frame.toString(),
                finding.get("code").toString(),
                finding.get("severity").toString(),
                finding.get("group").toString()));
      }
    }
    return frames;
  }

  private Set<String> shownFrames(String point) throws Exception {
    List<String> options = new ArrayList<>(withPlugin());
    options.addAll(List.of("-Y", "mss.finding", "-T", "fields", "-e", "frame.number"));
    for (String field : List.of("code", "severity", "group")) {
      options.addAll(List.of("-e", "mss.finding." + field));
    }
    Set<String> frames = new TreeSet<>();
    for (String line : tshark(point, options)) {
      String[] values = line.split("\t", -1);
      String[] codes = values[1].split(",", -1);
      String[] severities = values[2].split(",", -1);
      String[] groups = values[3].split(",", -1);
      for (int i = 0; i < codes.length; i++) {
        frames.add(String.join(" ", values[0], codes[i], severities[i], groups[i]));
      }
    }
    return frames;
  }

  @ParameterizedTest
  @ValueSource(strings = {"seed-20633", "lab-05-seed", "lab-10-pmtud-blackhole"})
  void expertInfosCountTheFindings(String example) throws Exception {
    compare(example);
    for (String point : POINTS) {
      Map<String, Integer> reported = new TreeMap<>();
      for (Map<String, Object> document : documents(point)) {
        String row =
            String.join(
                " ", value(document, "severity"), value(document, "group"), shownText(document));
        reported.merge(row, 1, Integer::sum);
      }
      assertThat(reported).as("findings at %s", point).isNotEmpty();
      assertThat(expertInfos(point)).as("expert infos at %s", point).isEqualTo(reported);
    }
  }

  private Map<String, Integer> expertInfos(String point) throws Exception {
    List<String> options = new ArrayList<>(withPlugin());
    options.addAll(List.of("-q", "-z", "expert"));
    Map<String, Integer> infos = new TreeMap<>();
    String severity = null;
    for (String line : tshark(point, options)) {
      Matcher head = LIST_HEAD.matcher(line);
      Matcher row = EXPERT_ROW.matcher(line);
      if (head.matches()) {
        severity = SEVERITY_OF_LIST.getOrDefault(head.group(1), "comment");
      } else if (row.matches() && !row.group(3).contains(" above the MSS of ")) {
        String group = row.group(2).toLowerCase(Locale.ROOT);
        infos.merge(
            String.join(" ", severity, group, cut(row.group(3))),
            Integer.valueOf(row.group(1)),
            Integer::sum);
      }
    }
    return infos;
  }

  @ParameterizedTest
  @ValueSource(strings = {"seed-20633", "lab-05-seed", "lab-10-pmtud-blackhole"})
  void commentsShowTheSameWithoutThePlugin(String example) throws Exception {
    compare(example);
    for (String point : POINTS) {
      Map<String, Set<String>> shown = new TreeMap<>();
      for (String line :
          tshark(
              point,
              List.of(
                  "-Y",
                  "frame.comment",
                  "-T",
                  "fields",
                  "-e",
                  "frame.number",
                  "-e",
                  "frame.comment"))) {
        String[] values = line.split("\t", 2);
        for (String comment : values[1].split("(?<=]),", -1)) {
          shown.computeIfAbsent(values[0], f -> new TreeSet<>()).add(untilCode(comment));
        }
      }
      Map<String, Set<String>> reported = new TreeMap<>();
      for (Map<String, Object> document : documents(point)) {
        String frame = only(document, "frame_number");
        String comment = text(document) + " [mssbridge/1 code=" + value(document, "code");
        reported.computeIfAbsent(frame, f -> new TreeSet<>()).add(comment);
      }
      assertThat(shown).as("comments at %s", point).isEqualTo(reported);
    }
  }

  private static String untilCode(String comment) {
    return comment.replaceFirst(" severity=.*", "");
  }

  /**
   * A document of {@code --ek} is a finding at one frame; findings that appear twice there count
   * once.
   */
  private List<Map<String, Object>> documents(String point) throws IOException {
    List<Map<String, Object>> documents = new ArrayList<>();
    for (String line : Files.readAllLines(ek, UTF_8)) {
      try (JsonParser parser = new JsonFactory().createParser(line)) {
        Map<String, Object> layers =
            ReportOf.map(ReportOf.map(ReportOf.parse(parser)).get("layers"));
        if (layers != null
            && List.of(point).equals(layers.get("mss_finding_point"))
            && !documents.contains(layers)) {
          documents.add(layers);
        }
      }
    }
    return documents;
  }

  private static String only(Map<String, Object> document, String name) {
    return ((List<?>) document.get(name)).get(0).toString();
  }

  private static String value(Map<String, Object> document, String attribute) {
    return only(document, "mss_finding_" + attribute);
  }

  /** The finding's message, and the frames of the other point that show the same. */
  private String text(Map<String, Object> document) throws IOException {
    String words = only(document, "mss_finding");
    if (!document.containsKey("mss_finding_peer")) {
      return words;
    }
    String peer = value(document, "peer");
    return words + ": " + fileOf(peer) + " frame " + value(document, "peer_frame");
  }

  private String fileOf(String point) throws IOException {
    return ReportOf.maps(ReportOf.map(ReportOf.parse(json)).get("captures")).stream()
        .filter(capture -> point.equals(capture.get("point")))
        .map(capture -> Path.of(capture.get("file").toString()).getFileName().toString())
        .findFirst()
        .orElseThrow();
  }

  private String shownText(Map<String, Object> document) throws IOException {
    return cut(text(document));
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(text.length(), SHOWN_CHARACTERS));
  }

  private static List<String> withPlugin() {
    return List.of("-X", "lua_script:" + ReportOf.projectRoot().resolve("lua/mss.lua"));
  }

  /** Runs tshark without a configuration, so with no plugin but the named one. */
  private List<String> tshark(String point, List<String> options) throws Exception {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      // Since 4.4, Wireshark runs no scripts as root.
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(System.getProperty("mssbridge.tshark", "tshark"));
    command.addAll(List.of("-n", "-r", folder.resolve(point + ".pcapng").toString()));
    command.addAll(options);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("WIRESHARK_"));
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("XDG_CONFIG_HOME", folder.toString());
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as("status of %s", command).isZero();
    return text.lines().toList();
  }
}
