package org.mssbridge.spark;

import java.io.Serializable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.mssbridge.casefile.StartedRun;
import org.mssbridge.cli.ReadingOptions;
import org.mssbridge.cli.Version;
import org.mssbridge.knowledge.Knowledge;
import org.mssbridge.pipeline.Frames;
import org.mssbridge.pipeline.Pipeline;
import org.mssbridge.split.Splitting;
import org.mssbridge.tshark.Tshark;

/**
 * What all tasks of a run have in common, in a form that Java can send.
 *
 * @param hadoop the configuration of Hadoop
 * @param out the output folder
 * @param sinks folders of other outputs, by the name of the sink
 * @param tshark name or path of tshark
 * @param displayFilter null for none
 * @param isSifted whether the sieve reads
 * @param splitting how several points of one file are told apart
 * @param only codes of the findings to report; empty for all
 * @param command the command line
 * @param directory the driver's working directory
 * @param started when the run began
 */
record TaskOptions(
    SerializableConfiguration hadoop,
    String out,
    LinkedHashMap<String, String> sinks,
    String tshark,
    String displayFilter,
    boolean isSifted,
    Splitting splitting,
    HashSet<String> only,
    ArrayList<String> command,
    String directory,
    Instant started)
    implements Serializable {
  static TaskOptions of(
      Configuration hadoop,
      String out,
      Map<String, String> sinks,
      ReadingOptions reading,
      List<String> command,
      Instant started) {
    Frames frames = reading.frames(Frames.evidenceOfRun());
    return new TaskOptions(
        new SerializableConfiguration(hadoop),
        out,
        new LinkedHashMap<>(sinks),
        reading.tshark(),
        frames.displayFilter().orElse(null),
        frames.refereeing().isPresent(),
        reading.points(),
        new HashSet<>(reading.only()),
        new ArrayList<>(command),
        Path.of("").toAbsolutePath().toString(),
        started);
  }

  Configuration configuration() {
    return hadoop.value();
  }

  /**
   * The pipeline of these options.
   *
   * @param reader null where nothing is read, and only the options are asked for
   * @param evidence how frames are read if no option asks for more
   */
  Pipeline pipeline(Tshark reader, Frames evidence) {
    Frames frames =
        displayFilter != null ? Frames.matching(displayFilter) : isSifted ? evidence : Frames.all();
    return new Pipeline(reader, frames, splitting, only, Knowledge.load());
  }

  /** The run, as the program on one machine records it. */
  StartedRun run(String tsharkVersion) {
    return new StartedRun(Version.text(), tsharkVersion, command, Path.of(directory), started);
  }
}
