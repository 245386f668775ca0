package org.mssbridge.diff;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Severity;

/**
 * Reads a report as a stream: of a report with a million connections it keeps a few numbers. Keys
 * that it does not know are skipped, since the schema grows.
 */
final class ReportReader {
  private static final JsonFactory JSON = new JsonFactory();

  /** Options after which a report may lack what is in the captures. */
  private static final Set<String> LIMITS = Set.of("--only", "--filter");

  private final Path file;
  private final JsonParser json;
  private final List<SavedReport.Capture> captures = new ArrayList<>();
  private final List<SavedFinding> findings = new ArrayList<>();
  private final Map<SavedReport.Leg, SavedReport.Arrivals> arrivals = new LinkedHashMap<>();
  private final Map<SavedReport.MssPlace, Map<Integer, Integer>> mss = new TreeMap<>();
  private final Map<String, Long> oneSided = new TreeMap<>();
  private final List<String> limits = new ArrayList<>();
  private String schema = "";
  private String version = "";
  private long matched = -1;

  /** The content is no report. */
  static final class NoReport extends IOException {
    private static final long serialVersionUID = 1;

    NoReport(String message) {
      super(message);
    }

    NoReport(Throwable cause) {
      super(cause);
    }
  }

  /** What a value is given to. */
  private interface Field {
    void take(String name) throws IOException;
  }

  ReportReader(Path file, InputStream in) throws IOException {
    this.file = file;
    this.json = JSON.createParser(in);
  }

  /**
   * Reads it to its end.
   *
   * @throws NoReport if it is no report
   */
  SavedReport read() throws IOException {
    try {
      require(json.nextToken() == JsonToken.START_OBJECT);
      fields(this::topLevel);
      require(schema.equals(SavedReport.SCHEMA) && matched >= 0);
    } catch (JsonProcessingException | DateTimeException | IllegalArgumentException e) {
      throw new NoReport(e);
    }
    return new SavedReport(
        file, version, limits, captures, findings, arrivals, mss, matched, oneSided);
  }

  private static void require(boolean isAsExpected) throws NoReport {
    if (!isAsExpected) {
      throw new NoReport("a value of another type, or none");
    }
  }

  /** Gives each value of the object to {@code field}, which reads it whole or not at all. */
  private void fields(Field field) throws IOException {
    require(json.currentToken() == JsonToken.START_OBJECT);
    String name;
    while ((name = json.nextFieldName()) != null) {
      json.nextToken();
      field.take(name);
      json.skipChildren(); // Nothing, unless the value was left.
    }
    require(json.currentToken() == JsonToken.END_OBJECT);
  }

  private void each(Field element) throws IOException {
    require(json.currentToken() == JsonToken.START_ARRAY);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      require(json.currentToken() != null);
      element.take("");
      json.skipChildren();
    }
  }

  private void topLevel(String name) throws IOException {
    switch (name) {
      case "schema" -> schema = text();
      case "tool" -> fields(this::tool);
      case "captures" -> each(none -> captures.add(capture()));
      case "connections" -> each(none -> fields(this::connection));
      case "arrivals" -> each(none -> arrivals());
      case "findings" -> each(none -> findings.add(finding()));
      case "summary" -> fields(this::summary);
      default -> {}
    }
  }

  private void tool(String name) throws IOException {
    if (name.equals("version")) {
      version = text();
    } else if (name.equals("command")) {
      List<String> words = new ArrayList<>();
      each(none -> words.add(text()));
      for (int i = 0; i < words.size(); i++) {
        String option = words.get(i).replaceFirst("=.*", "");
        if (LIMITS.contains(option)) {
          boolean isApart = words.get(i).equals(option) && i + 1 < words.size();
          limits.add(isApart ? option + " " + words.get(i + 1) : words.get(i));
        }
      }
    }
  }

  private SavedReport.Capture capture() throws IOException {
    Map<String, String> values = scalars();
    return new SavedReport.Capture(
        values.getOrDefault("point", ""),
        values.getOrDefault("sha256", ""),
        Long.parseLong(values.getOrDefault("packets", "0")),
        Optional.ofNullable(values.get("first")).map(Instant::parse),
        Optional.ofNullable(values.get("last")).map(Instant::parse),
        !values.getOrDefault("complete", "true").equals("false"));
  }

  private void connection(String name) throws IOException {
    if (name.equals("mss")) {
      fields(
          direction -> {
            for (Map.Entry<String, String> at : scalars().entrySet()) {
              mss.computeIfAbsent(
                      new SavedReport.MssPlace(direction(direction), at.getKey()),
                      place -> new TreeMap<>())
                  .merge(Integer.parseInt(at.getValue()), 1, Integer::sum);
            }
          });
    }
  }

  private void arrivals() throws IOException {
    Map<String, String> values = scalars();
    arrivals.put(
        new SavedReport.Leg(
            direction(values.getOrDefault("direction", "")),
            values.getOrDefault("near", ""),
            values.getOrDefault("far", "")),
        new SavedReport.Arrivals(
            Long.parseLong(values.getOrDefault("compared", "0")),
            Long.parseLong(values.getOrDefault("lost", "0")),
            Long.parseLong(values.getOrDefault("missed_by_capture", "0"))));
  }

  private SavedFinding finding() throws IOException {
    Map<String, String> texts = new HashMap<>();
    Map<String, String> facts = new LinkedHashMap<>();
    Map<String, Double> numbers = new LinkedHashMap<>();
    int[] connections = {0};
    fields(
        name -> {
          switch (name) {
            case "connections" -> each(none -> connections[0]++);
            case "facts" -> fields(fact -> fact(fact, facts, numbers));
            default -> {
              if (json.currentToken() == JsonToken.VALUE_STRING) {
                texts.put(name, json.getText());
              }
            }
          }
        });
    require(texts.containsKey("code") && texts.containsKey("severity"));
    return new SavedFinding(
        new SavedFinding.Place(
            texts.get("code"),
            Optional.ofNullable(texts.get("direction")).map(ReportReader::direction),
            first(facts, "near_point", "client_side_point", "reference"),
            first(facts, "far_point", "server_side_point", "point")),
        Severity.valueOf(texts.get("severity").toUpperCase(Locale.ROOT)),
        texts.getOrDefault("message", ""),
        texts.getOrDefault("next_step", ""),
        connections[0],
        numbers);
  }

  private void fact(String name, Map<String, String> facts, Map<String, Double> numbers)
      throws IOException {
    if (json.currentToken().isNumeric()) {
      numbers.put(name, json.getDoubleValue());
    } else if (json.currentToken() == JsonToken.VALUE_STRING) {
      facts.put(name, json.getText());
    }
  }

  private static String first(Map<String, String> facts, String... names) {
    for (String name : names) {
      if (facts.containsKey(name)) {
        return facts.get(name);
      }
    }
    return "";
  }

  private void summary(String name) throws IOException {
    if (name.equals("matched")) {
      require(json.currentToken() == JsonToken.VALUE_NUMBER_INT);
      matched = json.getLongValue();
    } else if (name.equals("one_sided")) {
      for (Map.Entry<String, String> at : scalars().entrySet()) {
        oneSided.put(at.getKey(), Long.parseLong(at.getValue()));
      }
    }
  }

  /** The values of an object that are texts, numbers, true or false, as texts. */
  private Map<String, String> scalars() throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    fields(
        name -> {
          JsonToken token = json.currentToken();
          if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
            values.put(name, json.getText());
          }
        });
    return values;
  }

  private String text() throws IOException {
    require(json.currentToken() == JsonToken.VALUE_STRING);
    return json.getText();
  }

  private static Direction direction(String label) {
    for (Direction direction : Direction.values()) {
      if (direction.label().equals(label)) {
        return direction;
      }
    }
    throw new IllegalArgumentException(label);
  }
}
