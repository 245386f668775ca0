package org.mssbridge.cli;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mssbridge.batch.BatchException;
import org.mssbridge.batch.Table;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.Given;
import org.mssbridge.model.IpAddress;
import org.mssbridge.model.Printable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Options for what the user knows and the captures need not show. */
final class GivenOptions {
  private static final Pattern BRACKETED = Pattern.compile("\\[([^\\]]*)\\](?::(\\d{1,5}))?");
  private static final Pattern DOTTED = Pattern.compile("([0-9.]+)(?::(\\d{1,5}))?");
  private static final int MOST_PORT = 0xffff;
  private static final int NANO_DIGITS = 9;
  private static final String HERE = "here";
  private static final String THERE = "there";

  @Option(
      names = "--clock-offset",
      paramLabel = "POINT=SECONDS",
      description =
          "the clock of POINT is so many seconds ahead of that of the first capture (negative:"
              + " behind)")
  private List<String> offsets = List.of();

  @Option(
      names = "--map",
      paramLabel = "ADDRESS[:PORT]=ADDRESS[:PORT]|FILE",
      description =
          "an address at one point is another at the next; or a CSV file with columns here and"
              + " there")
  private List<String> maps = List.of();

  @Option(
      names = "--pair",
      paramLabel = "CLIENT-SERVER=CLIENT-SERVER",
      description = "a connection at one point is another at the next, by addresses and ports")
  private List<String> pairs = List.of();

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec spec;

  /** What they say. */
  Given given() {
    Map<String, Long> nanos = new LinkedHashMap<>();
    for (String offset : offsets) {
      int equals = offset.lastIndexOf('=');
      if (equals <= 0) {
        throw wrong("--clock-offset", offset, "write POINT=SECONDS, such as server=-0.25");
      }
      try {
        BigDecimal seconds = new BigDecimal(offset.substring(equals + 1));
        nanos.put(
            offset.substring(0, equals), seconds.movePointRight(NANO_DIGITS).longValueExact());
      } catch (ArithmeticException | NumberFormatException e) {
        throw wrong("--clock-offset", offset, "write seconds, such as -0.25");
      }
    }
    List<Given.Renamed> addresses = new ArrayList<>();
    for (String map : maps) {
      if (Files.isRegularFile(Path.of(map))) {
        addRows(map, addresses);
      } else {
        String[] sides = map.split("=", -1);
        if (sides.length != 2) {
          throw wrong("--map", map, "write ADDRESS[:PORT]=ADDRESS[:PORT], or name a file");
        }
        addresses.add(new Given.Renamed(end("--map", sides[0]), end("--map", sides[1])));
      }
    }
    List<Given.RenamedTuple> tuples = new ArrayList<>();
    for (String pair : pairs) {
      String[] sides = pair.split("=", -1);
      if (sides.length != 2) {
        throw wrong("--pair", pair, "write CLIENT:PORT-SERVER:PORT=CLIENT:PORT-SERVER:PORT");
      }
      tuples.add(new Given.RenamedTuple(tuple(sides[0]), tuple(sides[1])));
    }
    return new Given(nanos, addresses, tuples);
  }

  private void addRows(String file, List<Given.Renamed> addresses) {
    try {
      Table table = Table.read(Path.of(file));
      for (Table.Row row : table.rows()) {
        if (!row.cells().containsKey(HERE) || !row.cells().containsKey(THERE)) {
          throw wrong("--map", file, "line " + row.line() + " needs the columns here and there");
        }
        addresses.add(
            new Given.Renamed(
                end("--map", row.cells().get(HERE)), end("--map", row.cells().get(THERE))));
      }
    } catch (BatchException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--map: " + e.getMessage(), e);
    }
  }

  private Given.Tuple tuple(String text) {
    String[] ends = text.split("-", -1);
    if (ends.length != 2) {
      throw wrong("--pair", text, "write CLIENT:PORT-SERVER:PORT");
    }
    return new Given.Tuple(endpoint(ends[0]), endpoint(ends[1]));
  }

  private Endpoint endpoint(String text) {
    Given.End end = end("--pair", text);
    return new Endpoint(
        end.address(),
        end.port().orElseThrow(() -> wrong("--pair", text, "name its port as well")));
  }

  /** Such as {@code 192.0.2.1}, {@code 192.0.2.1:443}, {@code 2001:db8::1}, {@code [::1]:443}. */
  private Given.End end(String option, String text) {
    Matcher bracketed = BRACKETED.matcher(text);
    Matcher dotted = DOTTED.matcher(text);
    Matcher parts = bracketed.matches() ? bracketed : dotted.matches() ? dotted : null;
    byte[] address = IpAddress.bytes(parts == null ? text : parts.group(1));
    boolean hasPort = parts != null && parts.group(2) != null;
    int port = hasPort ? Integer.parseInt(parts.group(2)) : 0;
    if (address.length == 0 || port > MOST_PORT) {
      throw wrong(option, text, "write an address, such as 192.0.2.1:443 or [2001:db8::1]:443");
    }
    return new Given.End(
        IpAddress.text(address), hasPort ? OptionalInt.of(port) : OptionalInt.empty());
  }

  private CommandLine.ParameterException wrong(String option, String value, String way) {
    return new CommandLine.ParameterException(
        spec.commandLine(), option + ": cannot read '" + Printable.of(value) + "'; " + way);
  }
}
