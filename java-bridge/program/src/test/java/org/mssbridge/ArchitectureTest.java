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

/** Which package may know of which. */
class ArchitectureTest {
  private static final String ROOT = "org.mssbridge.";

  /** What a package may use, beside itself. */
  private static final Map<String, List<String>> ARROWS =
      Map.ofEntries(
          entry("model"),
          entry("tshark", "model"),
          entry("sieve", "model"),
          entry("flow", "model"),
          entry("match", "model", "flow"),
          entry("rule", "model", "flow", "match"),
          entry("report", "model", "flow", "match", "rule"),
          entry("setup", "model", "tshark"),
          entry("pipeline", "model", "tshark", "sieve", "flow", "match", "rule", "report"),
          entry("casefile", "model", "flow", "match", "rule", "report"),
          entry("batch", "model", "tshark", "rule", "report", "pipeline", "casefile"),
          entry(
              "cli",
              "model",
              "tshark",
              "flow",
              "match",
              "rule",
              "report",
              "setup",
              "pipeline",
              "casefile",
              "batch"));

  private static Map.Entry<String, List<String>> entry(String name, String... arrows) {
    return Map.entry(name, List.of(arrows));
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
  void usesOnlyWhatItsArrowsPointTo(String name) {
    String[] allowed =
        Stream.concat(ARROWS.get(name).stream(), Stream.of(name))
            .map(p -> ROOT + p + "..")
            .toArray(String[]::new);
    DescribedPredicate<JavaClass> elsewhere =
        resideInAPackage("org.mssbridge..")
            .and(DescribedPredicate.not(resideInAnyPackage(allowed)))
            .as("another package than " + Arrays.toString(allowed));
    noClasses()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .dependOnClassesThat(elsewhere)
        .check(program);
  }

  @Test
  void everyPackageHasItsArrows() {
    Stream<String> names = program.stream().map(c -> c.getPackageName().substring(ROOT.length()));
    assertThat(names.distinct().sorted().toList())
        .as("packages of the program; a new one needs its line in ARROWS")
        .containsExactlyElementsOf(packages());
  }
}
