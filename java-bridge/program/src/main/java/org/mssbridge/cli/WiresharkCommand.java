package org.mssbridge.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the commands share that have to do with Wireshark itself. */
@Command(mixinStandardHelpOptions = true, versionProvider = Version.class)
abstract class WiresharkCommand implements Callable<Integer> {
  @Option(names = "--tshark", paramLabel = "PATH", description = "the tshark of that Wireshark")
  private String tshark = "tshark";

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** The installation or checkout, as the launcher tells; else the present folder. */
  static Path home() {
    return Path.of(System.getProperty("mssbridge.home", ".")).toAbsolutePath().normalize();
  }

  Tshark tshark() throws TsharkException {
    return Tshark.find(tshark, home().resolve("lua/mss.lua"), Duration.ofSeconds(30));
  }

  void print(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }

  void complain(String line) {
    spec.commandLine().getErr().println("mssbridge: " + line);
  }
}
