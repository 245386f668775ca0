package org.mssbridge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.mssbridge.model.Printable;
import org.mssbridge.tshark.Probe;
import org.mssbridge.tshark.TsharkException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mssbridge open DIR}. */
@Command(
    name = "open",
    description = "Opens annotated captures in Wireshark, one window each.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:Wireshark is open",
      "2:the command line is wrong",
      "3:there is no Wireshark, no display or no annotated capture"
    },
    footerHeading = "Example:%n",
    footer = {
      "  mssbridge compare client.pcap server.pcap --annotate copies",
      "  mssbridge open copies"
    })
final class OpenCommand extends WiresharkCommand {
  @Parameters(paramLabel = "DIR", description = "the folder that compare --annotate wrote to")
  private Path folder;

  @Option(names = "--wireshark", paramLabel = "PATH", description = "use this Wireshark")
  private String wireshark = Wireshark.PROGRAM;

  @CommandLine.ParentCommand private Main main;

  @Override
  public Integer call() throws TsharkException, IOException, InterruptedException {
    List<Path> captures = captures();
    Wireshark.require(
        wireshark,
        main.environment(),
        "open the files of " + Printable.of(folder) + " where there is a Wireshark with a display");
    boolean profile = new Probe(tshark()).hasProfile(Wireshark.PROFILE);
    if (!profile) {
      complain("the profile MSS is not installed; opening without it (mssbridge install puts it)");
    }
    List<List<String>> commands = new ArrayList<>();
    for (Path capture : captures) {
      commands.add(Wireshark.command(wireshark, profile, capture, OptionalInt.empty()));
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
