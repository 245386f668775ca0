package org.mssbridge.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * All files that a run is going to write, so that no two of them are one. Links are followed, and
 * names that differ only in case are one name: on some file systems they are one file.
 */
public final class OutputPlaces {
  private final Map<String, String> optionByPlace = new LinkedHashMap<>();

  /**
   * Adds a file.
   *
   * @param option with which the user named it, or its folder
   * @return the option with which the same file was added before; empty where it is a new one
   */
  public Optional<String> add(String option, Path file) {
    // What is written through replaces nothing, so it may be named twice.
    return SpecialFile.is(file)
        ? Optional.empty()
        : Optional.ofNullable(optionByPlace.putIfAbsent(key(file), option));
  }

  private static String key(Path file) {
    return real(file.toAbsolutePath().normalize()).toString().toLowerCase(Locale.ROOT);
  }

  /** The path without links, as far as it exists. */
  private static Path real(Path file) {
    if (Files.exists(file)) {
      try {
        return file.toRealPath();
      } catch (IOException e) {
        return file;
      }
    }
    Path parent = file.getParent();
    return parent == null ? file : real(parent).resolve(file.getFileName());
  }
}
