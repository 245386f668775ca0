package org.mssbridge.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.FileTrouble;
import org.mssbridge.model.Input;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Printable;
import org.mssbridge.output.DiskSpace;
import org.mssbridge.output.OutputException;
import org.mssbridge.split.CaptureSplitter;
import org.mssbridge.split.Splitting;
import org.mssbridge.tshark.TsharkException;

/**
 * The captures of a path, of which those that hold several points are split. Closing it removes
 * what was split.
 */
public final class SplitInputs implements AutoCloseable {
  private static final int MOST_NAME_CHARACTERS = 64;

  private final List<Leftover> folders = new ArrayList<>();
  private final List<Input> inputs = new ArrayList<>();

  private final Splitting wanted;

  private SplitInputs(Splitting wanted) {
    this.wanted = wanted;
  }

  /**
   * Looks for several points in each capture.
   *
   * @param given in path order
   * @throws TsharkException if a capture cannot be read, or there is no room for its parts
   */
  static SplitInputs of(List<Input> given, Splitting wanted) throws TsharkException, IOException {
    SplitInputs split = new SplitInputs(wanted);
    try {
      split.split(given);
      return split;
    } catch (TsharkException | IOException | RuntimeException | Error e) {
      split.close();
      throw e;
    }
  }

  /**
   * Rejects a single capture that is one point.
   *
   * @throws TsharkException if nothing can be compared
   */
  public void requireTwo() throws TsharkException {
    if (inputs.size() < 2) {
      throw new TsharkException(
          Printable.of(inputs.get(0).original())
              + (wanted == Splitting.AUTO
                  ? ": compare needs at least two captures (one with several points is enough), and"
                      + " this one holds one point; name another, or use mssbridge inspect"
                  : ": --points "
                      + wanted
                      + " finds no packet in it at two points; leave that out, or name a second"
                      + " capture"));
    }
  }

  /** The captures in path order. */
  public List<Input> inputs() {
    return inputs;
  }

  private void split(List<Input> given) throws TsharkException, IOException {
    Set<String> taken = given.stream().map(i -> i.point().name()).collect(Collectors.toSet());
    for (int i = 0; i < given.size(); i++) {
      Input input = given.get(i);
      Optional<CaptureSplitter.Result> parts =
          isGivenTwice(input, given) ? Optional.empty() : parts(input);
      if (parts.isEmpty()) {
        boolean isNumbered = input.point().name().equals("point" + (i + 1));
        inputs.add(isNumbered ? input.at(new CapturePoint("point" + (inputs.size() + 1))) : input);
      } else {
        Input digested = input.isJoined() ? input : input.withSha256(List.of(parts.get().sha256()));
        for (CaptureSplitter.Point part : parts.get().points()) {
          CapturePoint point = new CapturePoint(name(part.name(), taken));
          inputs.add(digested.part(point, part.capture(), part.part(), parts.get().isComplete()));
        }
      }
    }
  }

  /** Points of a file that is given twice have no order among each other. */
  private static boolean isGivenTwice(Input input, List<Input> given) throws IOException {
    for (Input other : given) {
      if (!other.point().equals(input.point()) && Files.isSameFile(other.path(), input.path())) {
        return true;
      }
    }
    return false;
  }

  private Optional<CaptureSplitter.Result> parts(Input input) throws TsharkException, IOException {
    try {
      return CaptureSplitter.split(input.path(), wanted, () -> folder(input));
    } catch (OutputException e) {
      throw new TsharkException(e.getMessage() + ", or take --points none");
    } catch (IOException e) {
      throw new TsharkException(
          Printable.of(input.original())
              + ": cannot be split into its points: "
              + FileTrouble.reason(e)
              + "; make room in the folder for temporary files, or take --points none");
    }
  }

  private Path folder(Input input) throws IOException {
    Leftover folder = Leftover.temporary();
    folders.add(folder);
    DiskSpace.require(folder.path(), input.bytes(), "to split a capture into its points");
    return folder.path();
  }

  /** A name that no other point has; what stands in a capture may be hostile. */
  private static String name(String place, Set<String> taken) {
    String clean = place.replaceAll("[^\\p{L}\\p{N} _.:+…-]", "?").strip();
    String first = clean.substring(0, Math.min(MOST_NAME_CHARACTERS, clean.length()));
    String name = first.isEmpty() ? "place" : first;
    for (int number = 2; taken.contains(name); number++) {
      name = first + " " + number;
    }
    taken.add(name);
    return name;
  }

  @Override
  public void close() {
    folders.forEach(Leftover::close);
  }
}
