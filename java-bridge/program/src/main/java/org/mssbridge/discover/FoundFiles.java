package org.mssbridge.discover;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.mssbridge.model.FileTrouble;
import org.mssbridge.model.Printable;

/**
 * The files below folders, each once, however many names and links it has. Links to folders are not
 * followed, and what begins with a dot is passed over.
 *
 * @param files regular files, sorted by name
 * @param leftOvers what else is there
 */
public record FoundFiles(List<Path> files, List<LeftOver> leftOvers) {
  /**
   * Searches folders.
   *
   * @param ours files that the program itself keeps, which are passed over
   * @throws DiscoverException if one is no folder, or cannot be read
   */
  public static FoundFiles of(List<Path> folders, Set<Path> ours) throws DiscoverException {
    TreeSet<Path> names = new TreeSet<>();
    List<LeftOver> leftOvers = new ArrayList<>();
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        throw new DiscoverException(
            Printable.of(folder)
                + (Files.exists(folder)
                    ? ": is no folder; name the folder that it is in"
                    : ": no such folder; check the name"));
      }
      walk(folder, names, leftOvers);
    }
    Map<Path, Path> byRealPath = new LinkedHashMap<>();
    for (Path name : names) {
      add(name, byRealPath, ours, leftOvers);
    }
    return new FoundFiles(List.copyOf(byRealPath.values()), leftOvers);
  }

  private static void walk(Path folder, Set<Path> names, List<LeftOver> leftOvers)
      throws DiscoverException {
    try {
      // The folder itself may be a link.
      Path start = Files.isSymbolicLink(folder) ? folder.toRealPath() : folder;
      Files.walkFileTree(
          start,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
              return isHidden(path) && !path.equals(start)
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
              if (!isHidden(path)) {
                names.add(path);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException failure)
                throws IOException {
              if (path.equals(start)) {
                throw failure;
              }
              leftOvers.add(new LeftOver(path, FileTrouble.reason(failure), true));
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path path, IOException failure) {
              if (failure != null) {
                leftOvers.add(new LeftOver(path, FileTrouble.reason(failure), true));
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new DiscoverException(Printable.of(folder) + ": cannot be read; check its permissions");
    }
  }

  private static boolean isHidden(Path path) {
    return String.valueOf(path.getFileName()).startsWith(".");
  }

  private static void add(
      Path name, Map<Path, Path> byRealPath, Set<Path> ours, List<LeftOver> leftOvers) {
    try {
      Path real = name.toRealPath();
      if (ours.contains(real)) {
        return;
      }
      if (Files.isDirectory(real)) {
        leftOvers.add(
            new LeftOver(name, "is a link to a folder, which is not followed; name it", false));
      } else if (!Files.isRegularFile(real)) {
        leftOvers.add(new LeftOver(name, "is no regular file", false));
      } else {
        Path before = byRealPath.putIfAbsent(real, name);
        if (before != null) {
          leftOvers.add(new LeftOver(name, "is another name of " + Printable.of(before), false));
        }
      }
    } catch (IOException e) {
      leftOvers.add(new LeftOver(name, "is a link to nothing", false));
    }
  }
}
