package org.mssbridge.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.mssbridge.tshark.Sandbox;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A command that works with the installed Wireshark. */
@Command(mixinStandardHelpOptions = true, versionProvider = Version.class)
abstract class WiresharkCommand implements Callable<Integer> {
  @Option(
      names = "--tshark",
      paramLabel = "PATH",
      description = "the tshark that belongs to the Wireshark to use")
  private String tshark = "tshark";

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /**
   * The folder of the installation or checkout, from the launcher; otherwise the working directory.
   */
  static Path home() {
    return Path.of(System.getProperty("mssbridge.home", ".")).toAbsolutePath().normalize();
  }

  Tshark tshark() throws TsharkException {
    return tshark(Sandbox.Mode.OFF);
  }

  Tshark tshark(Sandbox.Mode sandbox) throws TsharkException {
    return Tshark.find(tshark, home().resolve("lua/mss.lua"), Duration.ofSeconds(30), sandbox);
  }

  void print(String line) {
    spec.commandLine().getOut().println(line);
  }

  void complain(String line) {
    spec.commandLine().getErr().println("mssbridge: " + line);
  }
}
