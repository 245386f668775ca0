package org.mssbridge.mcp;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Printable;

/** What an assistant can ask for: commands of the program, with arguments as JSON. */
final class Tools {
  private static final int MOST_CHARS = 1_000_000;
  private static final int USUAL_CHARS = 60_000;
  private static final int MOST_FILES = 1000;
  private static final String LIMIT = "max_characters";

  private final CommandRunner runner;
  private final AllowedFolders folders;
  private final List<Tool> all;

  /** Runs a command of the program. */
  interface Call {
    List<String> run(Arguments arguments) throws Refusal, IOException;
  }

  /**
   * A tool.
   *
   * @param properties what it takes, as JSON Schema
   * @param required the names that must be given
   */
  private record Tool(
      String name,
      String description,
      Map<String, Object> properties,
      List<String> required,
      Call call) {}

  Tools(CommandRunner runner, AllowedFolders folders) {
    this.runner = runner;
    this.folders = folders;
    this.all =
        List.of(
            new Tool(
                "compare",
                "Compares captures of the same TCP traffic taken at two or more points of its path,"
                    + " the client's side first: what the devices between them changed, lost or"
                    + " broke, with frames, causes and next steps. Gives the report as text, then as"
                    + " JSON (schema mssbridge-report/1); left_out counts what was cut to size.",
                properties(
                    "captures",
                    list("capture files in path order, from the client's side", 2),
                    "only",
                    list("report only findings with these codes", 0),
                    "filter",
                    text("a Wireshark display filter: read only these frames"),
                    LIMIT,
                    limit()),
                List.of("captures"),
                this::compare),
            new Tool(
                "inspect",
                "What one capture alone shows, and where a second one would have to be taken.",
                properties(
                    "capture",
                    text("the capture file"),
                    "only",
                    list("report only findings with these codes", 0),
                    "filter",
                    text("a Wireshark display filter: read only these frames"),
                    LIMIT,
                    limit()),
                List.of("capture"),
                this::inspect),
            new Tool(
                "explain",
                "What a number can mean as an MSS or MTU (tunnels, vendors, sources), or what the"
                    + " code of a finding means.",
                properties("subject", text("bytes, 1 to 65535; or a finding's code")),
                List.of("subject"),
                this::explain),
            new Tool(
                "case",
                "The summary of a case file, which holds the findings of many pairs of captures.",
                properties("file", text("the case file"), LIMIT, limit()),
                List.of("file"),
                this::summary),
            new Tool(
                "files",
                "The captures and case files that may be read.",
                properties(),
                List.of(),
                this::files));
  }

  private static Map<String, Object> properties(Object... namesAndSchemas) {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (int i = 0; i < namesAndSchemas.length; i += 2) {
      properties.put(namesAndSchemas[i].toString(), namesAndSchemas[i + 1]);
    }
    return properties;
  }

  private static Map<String, Object> text(String description) {
    return properties("type", "string", "description", description);
  }

  private static Map<String, Object> list(String description, int least) {
    return properties(
        "type",
        "array",
        "items",
        Map.of("type", "string"),
        "minItems",
        least,
        "description",
        description);
  }

  private static Map<String, Object> limit() {
    return properties(
        "type",
        "integer",
        "minimum",
        1000,
        "maximum",
        MOST_CHARS,
        "description",
        "the largest size of the JSON; default " + USUAL_CHARS);
  }

  /** The descriptions of all, as {@code tools/list} gives them. */
  List<Object> descriptions() {
    List<Object> descriptions = new ArrayList<>();
    for (Tool tool : all) {
      descriptions.add(
          properties(
              "name",
              tool.name(),
              "description",
              tool.description(),
              "inputSchema",
              properties(
                  "type",
                  "object",
                  "properties",
                  tool.properties(),
                  "required",
                  tool.required(),
                  "additionalProperties",
                  false),
              "annotations",
              properties("readOnlyHint", true, "openWorldHint", false)));
    }
    return descriptions;
  }

  /** Whether there is a tool of that name. */
  boolean has(String name) {
    return all.stream().anyMatch(tool -> tool.name().equals(name));
  }

  /**
   * Runs a tool; returns the texts of its answer.
   *
   * @throws Refusal if it cannot do what it is asked
   */
  List<String> call(String name, Map<String, Object> arguments) throws Refusal {
    Tool tool = all.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    Set<String> known = tool.properties().keySet();
    for (String given : arguments.keySet()) {
      if (!known.contains(given)) {
        throw new Refusal(
            "argument " + Printable.of(given) + ": " + name + " takes " + String.join(", ", known));
      }
    }
    for (String required : tool.required()) {
      if (!arguments.containsKey(required)) {
        throw new Refusal("argument " + required + ": is missing");
      }
    }
    try {
      return tool.call().run(new Arguments(arguments));
    } catch (IOException e) {
      throw new Refusal(Printable.of(String.valueOf(e.getMessage())));
    }
  }

  private List<String> compare(Arguments arguments) throws Refusal, IOException {
    List<String> captures = arguments.texts("captures");
    if (captures.size() < 2) {
      throw new Refusal("argument captures: two or more are needed; inspect takes one");
    }
    return report("compare", arguments, captures);
  }

  private List<String> inspect(Arguments arguments) throws Refusal, IOException {
    return report("inspect", arguments, List.of(arguments.text("capture")));
  }

  private List<String> report(String command, Arguments arguments, List<String> captures)
      throws Refusal, IOException {
    int limit = arguments.number(LIMIT, 1000, MOST_CHARS, USUAL_CHARS);
    try (Leftover folder = Leftover.temporary()) {
      Path json = folder.path().resolve("report.json");
      List<String> words = new ArrayList<>(List.of(command, "--quiet", "--json", json.toString()));
      if (arguments.has("only")) {
        words.add("--only=" + String.join(",", arguments.texts("only")));
      }
      if (arguments.has("filter")) {
        words.add("--filter=" + arguments.text("filter"));
      }
      words.add("--");
      for (String capture : captures) {
        words.add(folders.file(capture).toString());
      }
      String text = run(words);
      return List.of(text, BoundedJson.of(json, limit));
    }
  }

  private List<String> explain(Arguments arguments) throws Refusal {
    return List.of(run(List.of("explain", "--", arguments.text("subject"))));
  }

  private List<String> summary(Arguments arguments) throws Refusal, IOException {
    int limit = arguments.number(LIMIT, 1000, MOST_CHARS, USUAL_CHARS);
    String file = folders.file(arguments.text("file")).toString();
    try (Leftover folder = Leftover.temporary()) {
      Path findings = folder.path().resolve("findings.ndjson");
      String text = run(List.of("case", "--ndjson", findings.toString(), "--", file));
      return List.of(text, lines(findings, limit));
    }
  }

  /** The first lines of a file that fit, each whole. */
  private static String lines(Path file, int mostChars) throws IOException {
    StringBuilder text = new StringBuilder();
    long leftOut = 0;
    try (Stream<String> lines = Files.lines(file)) {
      for (String line : (Iterable<String>) lines::iterator) {
        if (leftOut == 0 && text.length() + line.length() < mostChars) {
          text.append(line).append('\n');
        } else {
          leftOut++;
        }
      }
    }
    return leftOut == 0 ? text.toString() : text + "{\"left_out\":" + leftOut + "}\n";
  }

  private List<String> files(Arguments arguments) {
    List<Path> files = folders.captures(MOST_FILES + 1);
    StringBuilder text = new StringBuilder();
    for (Path file : files.subList(0, Math.min(MOST_FILES, files.size()))) {
      text.append(Printable.of(file)).append('\n');
    }
    if (files.size() > MOST_FILES) {
      text.append("and more\n");
    }
    return List.of(text.isEmpty() ? "no capture and no case file\n" : text.toString());
  }

  private String run(List<String> words) throws Refusal {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = runner.run(words, new PrintWriter(out), new PrintWriter(err));
    if (status != 0) {
      throw new Refusal(err.toString().strip());
    }
    return out.toString();
  }
}
