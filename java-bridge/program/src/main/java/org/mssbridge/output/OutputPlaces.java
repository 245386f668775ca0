package org.mssbridge.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All files that a run is going to write, so that no two of them are one, none is a folder of
 * another, and none is an input. Links are followed, and names that differ only in case are one
 * name: on some file systems they are one file.
 */
public final class OutputPlaces {
  private final Set<Object> inputs = new HashSet<>();
  private final Map<String, String> optionByFile = new HashMap<>();
  private final Map<String, String> optionByFolder = new HashMap<>();

  /**
   * @param inputs files that are never written to
   */
  public OutputPlaces(Collection<Path> inputs) {
    inputs.forEach(input -> this.inputs.add(identity(input)));
  }

  /**
   * Adds a file.
   *
   * @param option with which the user named it, or its folder
   * @return the option with which the same file, a file in it or a folder of it was added before;
   *     empty where it is a new one
   * @throws OutputException if it is an input
   */
  public Optional<String> add(String option, Path file) throws OutputException {
    if (SpecialFile.is(file)) {
      return Optional.empty(); // What is written through replaces nothing: it may be named twice.
    }
    if (inputs.contains(identity(file))) {
      throw WholeFile.overInput(file);
    }
    Path real = RealPath.of(file);
    Optional<String> before = before(real);
    if (before.isEmpty()) {
      optionByFile.put(key(real), option);
      Path folder = real.getParent();
      while (folder != null && optionByFolder.putIfAbsent(key(folder), option) == null) {
        folder = folder.getParent();
      }
    }
    return before;
  }

  private Optional<String> before(Path file) {
    String inIt = optionByFolder.get(key(file));
    if (inIt != null) {
      return Optional.of(inIt);
    }
    // No file was added that is a folder of files: the way up may end at the first of these.
    Path above = file;
    while (above != null && !optionByFolder.containsKey(key(above))) {
      String same = optionByFile.get(key(above));
      if (same != null) {
        return Optional.of(same);
      }
      above = above.getParent();
    }
    return Optional.empty();
  }

  /** What all names of an existing file have in common; the path of one that does not exist. */
  private static Object identity(Path file) {
    try {
      Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      return key == null ? RealPath.of(file) : key;
    } catch (IOException e) {
      return RealPath.of(file);
    }
  }

  private static String key(Path file) {
    return folded(file.toString());
  }

  /** The name, such that names that are one on some file system are equal. */
  public static String folded(String name) {
    return name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }
}
