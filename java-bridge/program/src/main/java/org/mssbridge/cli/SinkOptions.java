package org.mssbridge.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.mssbridge.report.Sink;
import org.mssbridge.report.Sinks;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Adds an option for each sink, so that a new sink needs no change in a command. */
final class SinkOptions {
  private SinkOptions() {}

  /** Adds the options of a command that makes one report. */
  static final class OfReport implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec spec) {
      for (Sink sink : Sinks.all()) {
        spec.addOption(option(sink, sink.isFolder() ? "DIR" : "FILE", sink.description()));
      }
      return spec;
    }
  }

  /** Adds the options of a command that makes many reports; each sink writes into a folder. */
  static final class OfBatch implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec spec) {
      for (Sink sink : Sinks.all()) {
        sink.batchDescription().ifPresent(words -> spec.addOption(option(sink, "DIR", words)));
      }
      return spec;
    }
  }

  private static OptionSpec option(Sink sink, String label, String description) {
    return OptionSpec.builder(sink.option())
        .type(Path.class)
        .paramLabel(label)
        .description(description)
        .build();
  }

  /**
   * The sinks that the command line names and their output paths, in the order of {@link
   * Sinks#all}.
   */
  static Map<Sink, Path> given(CommandSpec spec) {
    Map<Sink, Path> given = new LinkedHashMap<>();
    for (Sink sink : Sinks.all()) {
      OptionSpec option = spec.findOption(sink.option());
      if (option != null && option.getValue() != null) {
        given.put(sink, option.getValue());
      }
    }
    return given;
  }
}
