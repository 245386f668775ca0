package org.mssbridge.cli;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.mssbridge.model.Printable;
import org.mssbridge.model.Severity;
import org.mssbridge.split.Splitting;
import org.mssbridge.tshark.Sandbox;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads option values of which there are few, and says which they are if it is none of them. */
public final class Choice<E extends Enum<E>> implements ITypeConverter<E> {
  private final Map<String, E> names = new LinkedHashMap<>();
  private final String listed;

  private Choice(Class<E> type) {
    EnumSet.allOf(type).forEach(value -> names.put(value.name().toLowerCase(Locale.ROOT), value));
    listed =
        Arrays.stream(type.getEnumConstants())
            .map(value -> value.name().toLowerCase(Locale.ROOT))
            .collect(joining(", "));
  }

  private Choice<E> and(String synonym, E value) {
    names.put(synonym, value);
    return this;
  }

  /** Makes a command line read such values, and numbers, in this manner. */
  public static CommandLine registerIn(CommandLine line) {
    return line.registerConverter(Severity.class, severity())
        .registerConverter(GivenFrames.class, new Choice<>(GivenFrames.class))
        .registerConverter(Sandbox.Mode.class, new Choice<>(Sandbox.Mode.class))
        .registerConverter(Splitting.class, new Choice<>(Splitting.class))
        .registerConverter(int.class, Choice::number);
  }

  /** tshark writes "warn" in its options, and Wireshark "Warning" in its windows. */
  private static Choice<Severity> severity() {
    return new Choice<>(Severity.class).and("warning", Severity.WARN);
  }

  private static int number(String typed) {
    try {
      return Integer.parseInt(typed);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'" + Printable.of(typed) + "' is not a whole number");
    }
  }

  @Override
  public E convert(String typed) {
    E value = names.get(typed.toLowerCase(Locale.ROOT));
    if (value == null) {
      throw new TypeConversionException(
          "'"
              + Printable.of(typed)
              + "' is none of "
              + listed
              + Suggestion.question(typed, names.keySet()));
    }
    return value;
  }
}
