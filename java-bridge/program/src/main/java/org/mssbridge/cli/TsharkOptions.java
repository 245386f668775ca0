package org.mssbridge.cli;

import java.nio.file.Path;
import java.time.Duration;
import org.mssbridge.tshark.Sandbox;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;
import picocli.CommandLine.Option;

/** Which tshark reads captures, and what it may do. */
public final class TsharkOptions {
  /** How long tshark may be silent. A property, because tests cannot wait for two minutes. */
  private static final Duration PATIENCE =
      Duration.ofSeconds(Integer.getInteger("mssbridge.patience_s", 120));

  @Option(names = "--tshark", paramLabel = "PATH", description = "use this tshark")
  private String tshark = "tshark";

  @Option(
      names = "--sandbox",
      paramLabel = "WHEN",
      description =
          "whether tshark runs without network, write access and privileges:"
              + " ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}, where it is possible)")
  private Sandbox.Mode sandbox = Sandbox.Mode.AUTO;

  /** The name or path of tshark. */
  String name() {
    return tshark;
  }

  /** That tshark, with the post-dissector of this installation. */
  Tshark find() throws TsharkException {
    Path script = Path.of(System.getProperty("mssbridge.lua", "lua"), "mss.lua");
    return Tshark.find(tshark, script, PATIENCE, sandbox);
  }

  /** A usable tshark of a name or path, in a sandbox where that is possible. */
  public static Tshark find(String tshark, Path script) throws TsharkException {
    return Tshark.find(tshark, script, PATIENCE, Sandbox.Mode.AUTO);
  }
}
