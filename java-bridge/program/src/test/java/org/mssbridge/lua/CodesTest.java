package org.mssbridge.lua;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mssbridge.finding.Kind;
import org.mssbridge.rule.ForeignComments;
import org.mssbridge.rule.Rules;

/** The plugin knows each code with its group and meaning, for an expert info of its own. */
class CodesTest {
  @Test
  void thePluginListsTheKindsOfTheRules() throws IOException {
    List<String> rows =
        Stream.concat(
                Rules.all().stream().flatMap(rule -> rule.kinds().stream()),
                Stream.of(new ForeignComments(1).kind()))
            .map(CodesTest::row)
            .sorted()
            .toList();
    assertThat(
            Files.readAllLines(LuaShark.LUA.resolve("mss/codes.lua")).stream()
                .filter(line -> line.startsWith("  {")))
        .as("lua/mss/codes.lua holds these rows, sorted by code")
        .containsExactlyElementsOf(rows);
  }

  private static String row(Kind kind) {
    String quote = kind.meaning().contains("\"") ? "'" : "\"";
    return String.format(
        "  { \"%s\", \"%s\", %s },",
        kind.code(), kind.group().label(), quote + kind.meaning() + quote);
  }
}
