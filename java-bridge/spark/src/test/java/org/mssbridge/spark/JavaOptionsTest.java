package org.mssbridge.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;

/** The launcher's options for Java against Spark's own list. */
class JavaOptionsTest {
  /** Java prints a warning about it at each start, and only Spark's machine learning uses it. */
  private static final String INCUBATOR = "--add-modules=jdk.incubator.vector";

  @Test
  void theyAreThoseOfSparkWithoutTheIncubator() throws IOException {
    List<String> spark = new ArrayList<>(List.of(words(JavaModuleOptions.defaultModuleOptions())));
    spark.remove(INCUBATOR);

    assertThat(words(Files.readString(Path.of("java-options")))).containsExactlyElementsOf(spark);
  }

  private static String[] words(String options) {
    return options.strip().split("\\s+");
  }
}
