package org.mssbridge.spark;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.mssbridge.batch.CapturePair;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.CaptureSource;
import org.mssbridge.spark.files.Places;

/**
 * A pair for a task, in a form that Java can send.
 *
 * @param number its place among the pairs of the run
 * @param id its id in the manifest
 * @param sources the files of each point
 * @param trouble why it cannot be compared; empty if it can
 * @param bytes length of all files
 * @param outputName the name of its other outputs
 * @param earlier the name of its commit of an earlier run; null if there is none
 * @param mayKeep whether that commit stays if the files have the same content
 */
record PairWork(
    int number,
    String id,
    ArrayList<Source> sources,
    String trouble,
    long bytes,
    String outputName,
    String earlier,
    boolean mayKeep)
    implements Serializable {
  /** The files of a point. */
  record Source(String point, ArrayList<String> files) implements Serializable {}

  /**
   * The work for a pair.
   *
   * @param isHere whether tasks run in this folder, so that relative names mean the same to them
   */
  static PairWork of(
      int number,
      CapturePair pair,
      boolean isHere,
      String outputName,
      String earlier,
      boolean mayKeep) {
    ArrayList<Source> sources = new ArrayList<>();
    for (CaptureSource source : pair.sources()) {
      ArrayList<String> files = new ArrayList<>();
      for (Path path : source.paths()) {
        files.add((isHere ? path : path.toAbsolutePath()).toString());
      }
      sources.add(new Source(source.point().name(), files));
    }
    long bytes = pair.sources().stream().mapToLong(CaptureSource::bytes).sum();
    return new PairWork(
        number, pair.id(), sources, pair.trouble(), bytes, outputName, earlier, mayKeep);
  }

  /** The pair, with the current state of its files. */
  CapturePair pair(Places places) throws IOException {
    List<CaptureSource> all = new ArrayList<>();
    for (Source source : sources) {
      List<Path> paths = new ArrayList<>();
      for (String file : source.files()) {
        paths.add(places.path(file));
      }
      all.add(CaptureSource.of(new CapturePoint(source.point()), paths));
    }
    return new CapturePair(id, all, trouble);
  }
}
