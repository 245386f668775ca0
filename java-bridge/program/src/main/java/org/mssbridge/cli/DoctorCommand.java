package org.mssbridge.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mssbridge.model.Printable;
import org.mssbridge.model.SearchPath;
import org.mssbridge.setup.Doctor;
import org.mssbridge.setup.Doctor.Check;
import org.mssbridge.setup.Doctor.Health;
import org.mssbridge.tshark.Sandbox;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;
import picocli.CommandLine.Command;

/** {@code mssbridge doctor}. */
@Command(
    name = "doctor",
    description = "Checks the installation: what is missing or too old, and how to fix it.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:all is well",
      "1:something is missing or too old",
      "2:the command line is wrong",
      "3:the check itself failed"
    },
    footerHeading = "Example:%n",
    footer = "  mssbridge doctor")
final class DoctorCommand extends WiresharkCommand {
  @Override
  public Integer call() throws IOException {
    List<Check> checks = new ArrayList<>();
    checks.add(new Check(Health.OK, "mssbridge " + Version.text() + " in " + home()));
    // Always OK: the launcher rejects a Java that is too old.
    checks.add(
        new Check(
            Health.OK,
            "Java "
                + System.getProperty("java.version")
                + " in "
                + System.getProperty("java.home")));
    prepared().ifPresent(checks::add);
    try {
      Tshark tshark = tshark();
      checks.add(new Check(Health.OK, "tshark " + tshark.version().text()));
      checks.add(sandbox(tshark(Sandbox.Mode.AUTO).sandbox()));
      checks.addAll(Doctor.examine(home(), tshark));
    } catch (TsharkException e) {
      checks.add(new Check(Health.BAD, e.getMessage()));
    }
    if (SearchPath.find(Wireshark.PROGRAM).isEmpty()) {
      checks.add(
          new Check(
              Health.NOTE, "wireshark is not on the PATH: tshark alone is enough to compare"));
    }
    boolean well = true;
    for (Check check : checks) {
      print(
          String.format("%-5s %s", check.health().name().toLowerCase(Locale.ROOT), check.words()));
      well &= check.health() != Health.BAD;
    }
    return well ? Main.DONE : Main.FAILED_ON_FINDING;
  }

  private static Check sandbox(Sandbox sandbox) {
    return sandbox.isWhole()
        ? new Check(
            Health.OK,
            "tshark reads captures in a sandbox ("
                + sandbox.name()
                + "): no network, no writing, no privileges")
        : new Check(
            Health.NOTE,
            "tshark reads captures without a sandbox: install bubblewrap, or allow user"
                + " namespaces, if captures come from strangers");
  }

  /** What the first start prepared, as the launcher passes it on; empty without a launcher. */
  private static Optional<Check> prepared() {
    return Optional.ofNullable(System.getProperty("mssbridge.prepared"))
        .map(
            file ->
                file.isEmpty()
                    ? new Check(
                        Health.NOTE,
                        "faster starts are not prepared, so each takes longer: see whether"
                            + " ~/.cache, or XDG_CACHE_HOME, can be written to")
                    : new Check(
                        Health.OK,
                        "faster starts are prepared, once for this version and this Java: "
                            + Printable.of(file)));
  }
}
