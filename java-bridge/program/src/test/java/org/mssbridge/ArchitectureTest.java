package org.mssbridge;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mssbridge.finding.Facts;
import org.mssbridge.report.FactsJson;

/** Checks which packages each package may use. */
class ArchitectureTest {
  private static final String ROOT = "org.mssbridge.";

  /** What a package may use besides itself. */
  private static final List<String> UP_TO_FLOW = List.of("model", "flow");

  private static final List<String> UP_TO_FINDING = List.of("model", "finding");

  private static final List<String> UP_TO_KNOWLEDGE =
      List.of("model", "flow", "pairing", "clock", "alignment", "datagram", "finding", "knowledge");

  private static final Map<String, List<String>> ARROWS =
      Map.ofEntries(
          entry("model"),
          entry("timing"),
          entry("output", "model"),
          entry("capturefile", "model", "output"),
          entry("tshark", "model"),
          entry("sieve", "model", "capturefile"),
          entry("split", "model", "capturefile"),
          entry("flow", "model"),
          entry("pairing", UP_TO_FLOW),
          entry("clock", UP_TO_FLOW),
          entry("alignment", UP_TO_FLOW, "pairing", "clock", "timing"),
          entry("datagram", UP_TO_FLOW, "clock", "alignment"),
          entry("finding", "model"),
          entry("knowledge", UP_TO_FINDING),
          entry("evidence", UP_TO_KNOWLEDGE),
          entry("rule", UP_TO_KNOWLEDGE, "evidence", "timing"),
          entry("report", UP_TO_KNOWLEDGE, "evidence", "rule", "output", "capturefile"),
          entry(
              "pipeline",
              UP_TO_KNOWLEDGE,
              "evidence",
              "rule",
              "report",
              "output",
              "capturefile",
              "tshark",
              "sieve",
              "split",
              "timing"),
          entry("casefile", UP_TO_KNOWLEDGE, "evidence", "rule", "report", "output", "capturefile"),
          entry(
              "batch",
              "model",
              "finding",
              "output",
              "capturefile",
              "tshark",
              "report",
              "split",
              "pipeline",
              "casefile",
              "timing"),
          entry(
              "discover",
              "model",
              "flow",
              "pairing",
              "capturefile",
              "tshark",
              "report",
              "split",
              "pipeline",
              "casefile",
              "timing"),
          entry(
              "packets",
              UP_TO_KNOWLEDGE,
              "evidence",
              "rule",
              "report",
              "output",
              "capturefile",
              "casefile"),
          entry("diff", "model", "report"),
          entry("setup", "model", "tshark"),
          entry("mcp", "model"),
          entry(
              "cli",
              UP_TO_KNOWLEDGE,
              "evidence",
              "rule",
              "report",
              "output",
              "capturefile",
              "tshark",
              "split",
              "pipeline",
              "casefile",
              "batch",
              "discover",
              "packets",
              "diff",
              "mcp",
              "setup",
              "timing"));

  private static Map.Entry<String, List<String>> entry(String name, String... arrows) {
    return Map.entry(name, List.of(arrows));
  }

  private static Map.Entry<String, List<String>> entry(
      String name, List<String> some, String... more) {
    return Map.entry(name, Stream.concat(some.stream(), Stream.of(more)).toList());
  }

  private static JavaClasses program;

  @BeforeAll
  static void readClasses() {
    program =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.mssbridge");
  }

  static List<String> packages() {
    return ARROWS.keySet().stream().sorted().toList();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void usesOnlyThePackagesItsArrowsAllow(String name) {
    String[] allowed =
        Stream.concat(ARROWS.get(name).stream(), Stream.of(name))
            .map(p -> ROOT + p + "..")
            .toArray(String[]::new);
    DescribedPredicate<JavaClass> otherPackage =
        resideInAPackage("org.mssbridge..")
            .and(DescribedPredicate.not(resideInAnyPackage(allowed)))
            .as("are outside of the packages " + Arrays.toString(allowed));
    noClasses()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .dependOnClassesThat(otherPackage)
        .check(program);
  }

  @Test
  void everyPackageHasItsArrows() {
    Stream<String> names = program.stream().map(c -> c.getPackageName().substring(ROOT.length()));
    assertThat(names.distinct().sorted().toList())
        .as("packages of the program; add a new one to ARROWS")
        .containsExactlyElementsOf(packages());
  }

  /**
   * What a sink wants to know of a finding it asks by a method; facts it writes out as they are.
   */
  @Test
  void noFactIsReadByItsName() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "finding..")
        .and()
        .doNotHaveFullyQualifiedName(FactsJson.class.getName())
        .should()
        .callMethod(Facts.class, "values")
        .check(program);
  }
}
