package org.mssbridge.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.mssbridge.casefile.FingerprintedCaptures.Capture;
import org.mssbridge.pairing.CaptureFingerprints;

/**
 * A capture of which the fingerprints are kept in a file: what it is, without them.
 *
 * @param name of the file
 * @param sha256 of the capture as it is stored
 * @param reason why it cannot be used; null if it can
 * @param packets number of frames
 * @param firstNanos time of its first packet, nanoseconds since 1970
 * @param lastNanos time of its last packet
 * @param connections number of connections
 */
record KeptCapture(
    String name,
    String sha256,
    String reason,
    int packets,
    long firstNanos,
    long lastNanos,
    int connections)
    implements Serializable {
  private static final int FORMAT = 0x4d4b0001;

  static KeptCapture of(String name, Capture capture) {
    return new KeptCapture(
        name,
        capture.sha256(),
        capture.reason().orElse(null),
        capture.packets(),
        capture.firstNanos(),
        capture.lastNanos(),
        capture.connections());
  }

  Capture capture() {
    return new Capture(
        sha256, Optional.ofNullable(reason), packets, firstNanos, lastNanos, connections);
  }

  /**
   * Keeps it, whole or not at all.
   *
   * @param fingerprints null for a capture that cannot be used
   * @param scratch a folder of the caller
   */
  void put(Store store, byte[] fingerprints, Path scratch) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(FORMAT);
      out.writeUTF(sha256);
      out.writeUTF(reason == null ? "" : reason);
      out.writeInt(packets);
      out.writeLong(firstNanos);
      out.writeLong(lastNanos);
      out.writeInt(connections);
      if (fingerprints != null) {
        out.write(fingerprints);
      }
    }
    store.put(Files.write(scratch.resolve("capture"), bytes.toByteArray()), name);
  }

  /** What is kept in a file. */
  static KeptCapture get(Store store, String name) throws IOException {
    try (DataInputStream in = new DataInputStream(store.open(name))) {
      return read(name, in);
    }
  }

  private static KeptCapture read(String name, DataInputStream in) throws IOException {
    if (in.readInt() != FORMAT) {
      throw new IOException(name + ": was kept by another version; remove it");
    }
    String sha256 = in.readUTF();
    String reason = in.readUTF();
    return new KeptCapture(
        name,
        sha256,
        reason.isEmpty() ? null : reason,
        in.readInt(),
        in.readLong(),
        in.readLong(),
        in.readInt());
  }

  /** The fingerprints that are kept. */
  CaptureFingerprints fingerprints(Store store) throws IOException {
    byte[] all;
    try (InputStream in = store.open(name)) {
      all = in.readAllBytes();
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(all));
    read(name, in);
    return CaptureFingerprints.of(in.readAllBytes());
  }
}
