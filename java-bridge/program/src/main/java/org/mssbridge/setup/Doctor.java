package org.mssbridge.setup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.model.Printable;
import org.mssbridge.tshark.Probe;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;

/**
 * Checks which parts of an installation are present, missing or outdated, and says how to fix them.
 */
public final class Doctor {
  private static final String INSTALL = "run: mssbridge install";

  private final Path home;
  private final Probe probe;
  private final List<Check> checks = new ArrayList<>();

  /** The result of a check. */
  public enum Health {
    OK,
    /** Worth knowing, but nothing is broken. */
    NOTE,
    BAD
  }

  /**
   * One checked item.
   *
   * @param words one line, which also says how to fix a problem
   */
  public record Check(Health health, String words) {}

  private Doctor(Path home, Probe probe) {
    this.home = home;
    this.probe = probe;
  }

  /**
   * Checks everything that Wireshark needs from this program.
   *
   * @param home this program's installation or checkout
   * @param tshark a usable tshark
   * @throws TsharkException if tshark stops answering
   */
  public static List<Check> examine(Path home, Tshark tshark) throws TsharkException, IOException {
    Doctor doctor = new Doctor(home, new Probe(tshark));
    doctor.lua();
    doctor.files();
    return doctor.checks;
  }

  private void lua() throws TsharkException, IOException {
    if (!probe.hasLua()) {
      bad("tshark was built without Lua, so no post-dissector loads: install a build with Lua");
      return;
    }
    ok("tshark has Lua");
    if (probe.skipsPlugins()) {
      note("as root this Wireshark loads no plugin and does not say so: use it as another user");
    }
  }

  private void files() throws TsharkException, IOException {
    Installer user = new Installer(home, probe.folders(false));
    Installer system = new Installer(home, probe.folders(true));
    for (Piece.Part part : Piece.Part.values()) {
      if ((part != Piece.Part.MENU && part != Piece.Part.POST_DISSECTOR) || probe.hasLua()) {
        files(part, user, system);
      }
    }
    leftovers(user, INSTALL);
    leftovers(system, INSTALL + " --system");
  }

  /** Wireshark would load them beside those of this version. */
  private void leftovers(Installer installer, String wayOut) throws IOException {
    for (Path file : installer.leftovers()) {
      bad(Printable.of(file) + " is left from an earlier version: " + wayOut);
    }
  }

  /**
   * Checks the files of a part, in the user's folders if any of them is there, otherwise in the
   * machine's.
   */
  private void files(Piece.Part part, Installer user, Installer system)
      throws TsharkException, IOException {
    List<Piece> own = of(part, user);
    List<Piece> shared = of(part, system);
    if (own.isEmpty()) {
      note("the " + part.label() + " is not for this system");
      return;
    }
    boolean isOwn = has(user, own);
    boolean isShared = has(system, shared);
    if (!isOwn && !isShared) {
      bad("the " + part.label() + " is not installed: " + INSTALL);
      return;
    }
    if (isOwn && isShared && part != Piece.Part.PROFILE) {
      bad(
          "the "
              + part.label()
              + " is installed twice, for you and for all, and loads twice: run: mssbridge"
              + " install --uninstall");
    }
    if (isOwn && isShared && isCopy(user, own)) {
      note(
          "the "
              + part.label()
              + " that Wireshark copied for you is of another version, or was changed: remove it"
              + " for that of all users: "
              + Printable.of(own.get(0).target().getParent()));
      isOwn = false;
    }
    Installer installer = isOwn ? user : system;
    List<Piece> pieces = isOwn ? own : shared;
    boolean whole = true;
    for (Piece piece : pieces) {
      whole &= judge(piece, installer.state(piece), isOwn);
    }
    if (whole) {
      loads(part, pieces.get(0).target());
    }
  }

  /** Whether Wireshark copied these itself, and they differ: it does so with a profile. */
  private static boolean isCopy(Installer user, List<Piece> own) throws IOException {
    for (Piece piece : own) {
      if (piece.part() == Piece.Part.PROFILE && user.state(piece) == Installer.State.FOREIGN) {
        return true;
      }
    }
    return false;
  }

  private boolean judge(Piece piece, Installer.State state, boolean isOwn) {
    String install = INSTALL + (isOwn ? "" : " --system");
    String where = "the " + piece.part().label() + ": " + Printable.of(piece.target());
    switch (state) {
      case CURRENT -> {
        return true;
      }
      case UNREADABLE ->
          bad(
              where
                  + (isOwn
                      ? " cannot be read by you: check its permissions and those of its folders"
                      : " cannot be read by you: as root, " + install));
      case MISSING -> bad(where + " is missing: " + install);
      case OUTDATED -> bad(where + " is of another version, or closed to its users: " + install);
      case CHANGED -> {
        note(where + " was changed by you, and is left so");
        return true;
      }
      case FOREIGN ->
          bad(where + " was not put by mssbridge and differs: move it away, then " + install);
    }
    return false;
  }

  /** Checks that Wireshark loads the files, which are all there, by asking tshark. */
  private void loads(Piece.Part part, Path target) throws TsharkException, IOException {
    boolean works =
        switch (part) {
          case POST_DISSECTOR -> probe.knowsField("mss.value");
          case MENU -> true; // tshark has no menus, only Wireshark has
          case PROFILE -> probe.hasProfile("MSS");
          case EXTCAP -> isListed();
        };
    String where = part.label() + " in " + Printable.of(target.getParent());
    if (works) {
      ok(where);
    } else {
      bad(
          where
              + ": all files are there, but tshark does not take it; start tshark, and read what it says");
    }
  }

  private boolean isListed() throws TsharkException {
    Optional<Boolean> listed = probe.hasInterface("mssbridge");
    if (listed.isEmpty()) {
      note("tshark -D cannot list interfaces (is dumpcap there?), so the extcap was not tried");
    }
    return listed.orElse(true);
  }

  private static List<Piece> of(Piece.Part part, Installer installer) {
    return installer.pieces().stream().filter(piece -> piece.part() == part).toList();
  }

  private static boolean has(Installer installer, List<Piece> pieces) throws IOException {
    for (Piece piece : pieces) {
      if (installer.state(piece) != Installer.State.MISSING) {
        return true;
      }
    }
    return false;
  }

  private void ok(String words) {
    checks.add(new Check(Health.OK, words));
  }

  private void note(String words) {
    checks.add(new Check(Health.NOTE, words));
  }

  private void bad(String words) {
    checks.add(new Check(Health.BAD, words));
  }
}
