package org.mssbridge.spark;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A case file compressed with ZSTD. One of a single pair is mostly empty pages. */
final class PackedCase {
  static final String SUFFIX = ".db.zst";

  private PackedCase() {}

  /** Packs a closed case file and puts it into a folder, whole or not at all. */
  static void put(Path file, Store store, String name) throws IOException {
    Path packed = file.resolveSibling(file.getFileName() + ".zst");
    try (OutputStream out = new ZstdOutputStreamNoFinalizer(Files.newOutputStream(packed))) {
      Files.copy(file, out);
    }
    store.put(packed, name);
    Files.delete(packed);
  }

  /** Unpacks a case file. */
  static void get(Store store, String name, Path file) throws IOException {
    try (InputStream content = new ZstdInputStreamNoFinalizer(store.open(name))) {
      Files.copy(content, file);
    }
  }
}
