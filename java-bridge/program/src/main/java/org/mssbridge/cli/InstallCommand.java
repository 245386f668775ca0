package org.mssbridge.cli;

import java.io.IOException;
import org.mssbridge.model.Printable;
import org.mssbridge.setup.Installer;
import org.mssbridge.tshark.Probe;
import org.mssbridge.tshark.TsharkException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mssbridge install}. */
@Command(
    name = "install",
    description = "Puts post-dissector, menu, profile and extcap where Wireshark looks for them.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:done",
      "1:a file of another origin is in the way and was left",
      "2:the command line is wrong",
      "3:tshark cannot be used, or a file not be written"
    },
    footerHeading = "Examples:%n",
    footer = {"  mssbridge install", "  sudo mssbridge install --system"})
final class InstallCommand extends WiresharkCommand {
  @Option(names = "--system", description = "for all users of this machine; needs root")
  private boolean system;

  @Option(names = "--uninstall", description = "remove what was put there")
  private boolean uninstall;

  @Override
  public Integer call() throws TsharkException, IOException {
    Installer installer = new Installer(home(), new Probe(tshark()).folders(system));
    Installer.Outcome outcome = uninstall ? installer.uninstall() : installer.install();
    outcome.put().forEach(file -> print("put      " + Printable.of(file)));
    outcome.removed().forEach(file -> print("removed  " + Printable.of(file)));
    outcome.left().forEach(words -> print("left     " + words));
    outcome.failed().forEach(this::complain);
    if (!outcome.failed().isEmpty()) {
      return Main.UNUSABLE;
    }
    if (outcome.put().isEmpty() && outcome.removed().isEmpty()) {
      print(uninstall ? "nothing to remove" : "nothing to do: what could be put is there");
    }
    if (!outcome.left().isEmpty() && !uninstall) {
      complain("what was left differs from this version: move it away, and install again");
    }
    return outcome.left().isEmpty() ? Main.DONE : Main.FAILED_ON_FINDING;
  }
}
