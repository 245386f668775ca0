package org.mssbridge.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.packets.MissingCaptures;
import org.mssbridge.packets.PacketTable;
import org.mssbridge.report.Sink;
import org.mssbridge.report.Sinks;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Adds an option for each sink, so that a new sink needs no change in a command. */
public final class SinkOptions {
  private SinkOptions() {}

  /** All sinks, in the order in which they are checked and written. */
  static List<Sink> all() {
    List<Sink> sinks = new ArrayList<>(Sinks.all());
    sinks.add(new PacketTable());
    sinks.add(new MissingCaptures());
    return sinks;
  }

  /** Adds the options of a command that makes one report. */
  public static final class OfReport implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec spec) {
      for (Sink sink : all()) {
        spec.addOption(option(sink, sink.isFolder() ? "DIR" : "FILE", sink.description()));
      }
      return spec;
    }
  }

  /** Adds the options of a command that makes many reports; each sink writes into a folder. */
  public static final class OfBatch implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec spec) {
      for (Sink sink : all()) {
        sink.batchDescription().ifPresent(words -> spec.addOption(option(sink, "DIR", words)));
      }
      return spec;
    }
  }

  /** The same where a folder may also be on another file system, and is named by a URI. */
  public static final class OfCluster implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec spec) {
      for (Sink sink : all()) {
        sink.batchDescription()
            .ifPresent(words -> spec.addOption(option(sink, String.class, "DIR", words)));
      }
      return spec;
    }
  }

  private static OptionSpec option(Sink sink, String label, String description) {
    return option(sink, Path.class, label, description);
  }

  private static OptionSpec option(Sink sink, Class<?> type, String label, String description) {
    return OptionSpec.builder(sink.option())
        .type(type)
        .paramLabel(label)
        .description(description)
        .build();
  }

  /** The sinks that the command line names and their output paths, in the order of {@link #all}. */
  public static Map<Sink, Path> given(CommandSpec spec) {
    return given(spec, Path.class);
  }

  /** The same with the type of the paths, which the transformer chose. */
  public static <T> Map<Sink, T> given(CommandSpec spec, Class<T> type) {
    Map<Sink, T> given = new LinkedHashMap<>();
    for (Sink sink : all()) {
      OptionSpec option = spec.findOption(sink.option());
      if (option != null && option.getValue() != null) {
        given.put(sink, type.cast(option.getValue()));
      }
    }
    return given;
  }
}
