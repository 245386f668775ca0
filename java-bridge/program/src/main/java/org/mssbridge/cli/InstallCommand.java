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
    description = "Installs the Wireshark parts: post-dissector, menu, profile and extcap.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:done",
      "1:a file that mssbridge did not install is in the way, and is kept",
      "2:the command line is wrong",
      "3:tshark cannot be used, or a file cannot be written"
    },
    footerHeading = "Examples:%n",
    footer = {"  mssbridge install", "  sudo mssbridge install --system"})
final class InstallCommand extends WiresharkCommand {
  @Option(names = "--system", description = "for all users of this machine; needs root")
  private boolean system;

  @Option(names = "--uninstall", description = "remove everything that was installed")
  private boolean uninstall;

  @Override
  public Integer call() throws TsharkException, IOException {
    Probe probe = new Probe(tshark());
    Installer installer = new Installer(home(), probe.folders(system));
    if (!system && !uninstall && isForAll(probe) && installer.isAbsent()) {
      print("nothing to do: this version is installed for all users of this machine");
      return Main.DONE;
    }
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

  /** Whether a package, or {@code --system}, has installed all: a second copy would load twice. */
  private static boolean isForAll(Probe probe) throws TsharkException, IOException {
    return new Installer(home(), probe.folders(true)).isComplete();
  }
}
