package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mssbridge.report.Sink;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Every sink has its option, and no command names a sink. */
class SinkOptionsTest {
  private static CommandSpec command(String name) {
    return Main.commandLine().getSubcommands().get(name).getCommandSpec();
  }

  @Test
  void everySinkHasAnOptionWithItsDescription() {
    for (String name : new String[] {"compare", "inspect"}) {
      for (Sink sink : SinkOptions.all()) {
        assertThat(command(name).findOption(sink.option()).description())
            .as("%s %s", name, sink.option())
            .containsExactly(sink.description());
      }
    }
  }

  @Test
  void batchHasOptionsOfSinksWithABatchDescription() {
    for (Sink sink : SinkOptions.all()) {
      assertThat(command("batch").findOption(sink.option()) != null)
          .as("batch %s", sink.option())
          .isEqualTo(sink.batchDescription().isPresent());
    }
  }

  @Test
  void givenSinksHaveTheOrderOfTheList() {
    CommandLine program = Main.commandLine();
    program.parseArgs("compare", "--merged", "m.pcapng", "a.pcap", "b.pcap", "--json", "r.json");
    Map<Sink, Path> given =
        SinkOptions.given(program.getSubcommands().get("compare").getCommandSpec());
    assertThat(given.values()).containsExactly(Path.of("r.json"), Path.of("m.pcapng"));
    assertThat(given.keySet()).extracting(Sink::option).containsExactly("--json", "--merged");
  }
}
