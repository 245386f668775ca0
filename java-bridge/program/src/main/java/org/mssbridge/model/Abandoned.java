package org.mssbridge.model;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Temporary folders of runs that were killed. Removed is only what has the program's name, belongs
 * to this user, and holds the lock of an owner that is gone.
 */
final class Abandoned {
  /** The file in each folder that its owner holds. */
  static final String LOCK = "lock";

  private static final Pattern NAME = Pattern.compile("\\.?mssbridge-(\\d+)-\\d+");

  private Abandoned() {}

  /** The beginning of the name of a folder of this process; a random number follows. */
  static String prefix(boolean hidden) {
    return (hidden ? "." : "") + "mssbridge-" + ProcessHandle.current().pid() + "-";
  }

  /** Removes what killed runs left in a folder. */
  static void clear(Path parent) {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, "{.,}mssbridge-[0-9]*")) {
      for (Path folder : folders) {
        if (mayBeAbandoned(folder)) {
          OwnerLock.ifGone(folder.resolve(LOCK), () -> Leftover.remove(folder));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Then whoever can read the folder clears it.
    }
  }

  /** Not this process's own folder: opening its lock a second time would release it. */
  private static boolean mayBeAbandoned(Path folder) throws IOException {
    Matcher matcher = NAME.matcher(folder.getFileName().toString());
    return matcher.matches()
        && !matcher.group(1).equals(String.valueOf(ProcessHandle.current().pid()))
        && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        && Files.isRegularFile(folder.resolve(LOCK), LinkOption.NOFOLLOW_LINKS)
        && isOurs(folder);
  }

  private static boolean isOurs(Path folder) throws IOException {
    String owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName();
    return owner.equals(System.getProperty("user.name"));
  }
}
