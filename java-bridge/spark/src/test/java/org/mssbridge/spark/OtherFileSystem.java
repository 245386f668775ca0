package org.mssbridge.spark;

import java.io.File;
import java.net.URI;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.security.AccessControlException;

/** A file system of Hadoop with a scheme of its own, over the files of this machine. */
public final class OtherFileSystem extends RawLocalFileSystem {
  private static final URI NAME = URI.create("other://place/");

  @Override
  public URI getUri() {
    return NAME;
  }

  @Override
  public String getScheme() {
    return NAME.getScheme();
  }

  /** That of local files asks for the file of a URI. */
  @Override
  public void access(Path path, FsAction mode) throws AccessControlException {
    if (!pathToFile(path).canRead()) {
      throw new AccessControlException(path.toString());
    }
  }

  @Override
  public File pathToFile(Path path) {
    return new File(path.toUri().getPath());
  }
}
