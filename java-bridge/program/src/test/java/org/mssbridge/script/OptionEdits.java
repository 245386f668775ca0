package org.mssbridge.script;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The changes that devices make to TCP options. */
final class OptionEdits {
  private OptionEdits() {}

  /** Lowers the MSS of a SYN, never raises it. */
  static UnaryOperator<ScriptSegment> clamp(int limitBytes) {
    return onSyn(
        each(
            option ->
                ScriptOption.isMss(option) && ScriptOption.mssBytes(option) > limitBytes
                    ? Stream.of(ScriptOption.mss(limitBytes))
                    : Stream.of(option)));
  }

  /** Replaces options by NOPs, as devices do that must keep a header's length. */
  static UnaryOperator<ScriptSegment> strip(List<Integer> kinds) {
    return each(
        option ->
            kinds.contains(option.kind()) && option instanceof ScriptOption.Plain plain
                ? Stream.generate(() -> (ScriptOption) ScriptOption.Plain.nop())
                    .limit(plain.bytes().length)
                : Stream.of(option));
  }

  /** Appends options to a SYN. */
  static UnaryOperator<ScriptSegment> add(List<ScriptOption> added) {
    return onSyn(
        segment -> {
          List<ScriptOption> options = new ArrayList<>(segment.options());
          options.addAll(added);
          return segment.withOptions(options);
        });
  }

  /** Replaces the options of a SYN that have the same kind. */
  static UnaryOperator<ScriptSegment> set(List<ScriptOption> values) {
    return onSyn(
        each(
            option ->
                Stream.of(
                    values.stream()
                        .filter(value -> value.kind() == option.kind())
                        .findFirst()
                        .orElse(option))));
  }

  private static UnaryOperator<ScriptSegment> onSyn(UnaryOperator<ScriptSegment> edit) {
    return segment -> segment.has(ScriptSegment.SYN) ? edit.apply(segment) : segment;
  }

  private static UnaryOperator<ScriptSegment> each(
      Function<ScriptOption, Stream<ScriptOption>> edit) {
    return segment -> segment.withOptions(segment.options().stream().flatMap(edit).toList());
  }
}
