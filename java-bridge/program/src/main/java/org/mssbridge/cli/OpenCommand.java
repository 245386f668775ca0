package org.mssbridge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.mssbridge.model.Printable;
import org.mssbridge.tshark.Probe;
import org.mssbridge.tshark.TsharkException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mssbridge open DIR}. */
@Command(
    name = "open",
    description = "Opens annotated captures in Wireshark, a window each, with the profile MSS.")
final class OpenCommand extends WiresharkCommand {
  private static final String PROFILE = "MSS";

  @Parameters(paramLabel = "DIR", description = "where compare --annotate put them")
  private Path folder;

  @Option(names = "--wireshark", paramLabel = "PATH", description = "use this Wireshark")
  private String wireshark = Wireshark.PROGRAM;

  @Override
  public Integer call() throws TsharkException, IOException, InterruptedException {
    List<Path> captures = captures();
    if (!Wireshark.isThere(wireshark)) {
      throw new IOException(
          Printable.of(wireshark)
              + ": is not installed here; install Wireshark (Debian: apt-get install wireshark), or"
              + " open the files of "
              + Printable.of(folder)
              + " where it is");
    }
    boolean profile = new Probe(tshark()).hasProfile(PROFILE);
    if (!profile) {
      complain("the profile MSS is not installed; opening without it (mssbridge install puts it)");
    }
    List<List<String>> commands = new ArrayList<>();
    for (Path capture : captures) {
      List<String> command = new ArrayList<>(List.of(wireshark));
      if (profile) {
        command.addAll(List.of("-C", PROFILE));
      }
      command.addAll(List.of("-r", capture.toAbsolutePath().toString()));
      commands.add(command);
    }
    Wireshark.start(commands);
    captures.forEach(capture -> print("opened " + Printable.of(capture)));
    return Main.DONE;
  }

  private List<Path> captures() throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException(
          Printable.of(folder) + ": is no folder; name the one that compare --annotate wrote to");
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> captures =
          files.filter(file -> file.toString().endsWith(".pcapng")).sorted().toList();
      if (captures.isEmpty()) {
        throw new IOException(
            Printable.of(folder)
                + ": holds no annotated capture; make some with mssbridge compare … --annotate DIR");
      }
      for (Path capture : captures) {
        if (!Printable.isText(capture.toString())) {
          throw new IOException(
              Printable.of(capture)
                  + ": its name is not text in the encoding of this system; rename it");
        }
      }
      return captures;
    }
  }
}
