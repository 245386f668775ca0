package org.mssbridge.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.mssbridge.model.Printable;
import org.mssbridge.rule.Rules;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;
import picocli.CommandLine;

/** What commands that read captures do with the options that they share. */
final class CommonOptions {
  /** How long tshark may be silent; tests cannot wait for two minutes. */
  private static final Duration PATIENCE =
      Duration.ofSeconds(Integer.getInteger("mssbridge.patience_s", 120));

  private CommonOptions() {}

  /** The tshark that {@code --tshark} names, with the post-dissector of this installation. */
  static Tshark tshark(String program) throws TsharkException {
    Path script = Path.of(System.getProperty("mssbridge.lua", "lua"), "mss.lua");
    return Tshark.find(program, script, PATIENCE);
  }

  /** Refuses codes of {@code --only} that no finding has. */
  static void checkCodes(CommandLine.Model.CommandSpec spec, Set<String> only) {
    Set<String> known = new HashSet<>();
    Rules.all().forEach(rule -> rule.kinds().forEach(kind -> known.add(kind.code())));
    for (String code : only) {
      if (!known.contains(code)) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), "--only " + Printable.of(code) + ": no finding has this code");
      }
    }
  }

  /** The launcher tells what its streams are; Java cannot tell of one stream alone. */
  static boolean isTerminal(String stream) {
    return "terminal".equals(System.getProperty("mssbridge." + stream));
  }
}
