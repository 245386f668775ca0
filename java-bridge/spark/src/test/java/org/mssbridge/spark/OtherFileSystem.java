package org.mssbridge.spark;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.net.URI;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
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

  /** The disk of a folder named full is full; this error is what Hadoop throws for local files. */
  @Override
  public FSDataOutputStream create(Path path, boolean overwrite) throws IOException {
    FSDataOutputStream out = super.create(path, overwrite);
    if (!path.getParent().getName().equals("full")) {
      return out;
    }
    out.close();
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int value) {
            throw full();
          }
        };
    return new FSDataOutputStream(full, null);
  }

  private static FSError full() {
    try {
      Constructor<FSError> constructor = FSError.class.getDeclaredConstructor(Throwable.class);
      constructor.setAccessible(true); // It is Hadoop's own.
      return constructor.newInstance(new IOException("No space left on device"));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
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
