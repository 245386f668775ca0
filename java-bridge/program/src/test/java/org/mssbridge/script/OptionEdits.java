package org.mssbridge.script;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What devices do to TCP options. */
final class OptionEdits {
  private OptionEdits() {}

  /** Lowers the MSS of a SYN, never raises it. */
  static UnaryOperator<Segment> clamp(int limitBytes) {
    return onSyn(
        each(
            option ->
                TcpOption.isMss(option) && TcpOption.mssBytes(option) > limitBytes
                    ? Stream.of(TcpOption.mss(limitBytes))
                    : Stream.of(option)));
  }

  /** Writes NOP over options, as devices do that must not change a header's length. */
  static UnaryOperator<Segment> strip(List<Integer> kinds) {
    return each(
        option ->
            kinds.contains(option.kind()) && option instanceof TcpOption.Plain plain
                ? Stream.generate(() -> (TcpOption) TcpOption.Plain.nop())
                    .limit(plain.bytes().length)
                : Stream.of(option));
  }

  /** Appends options to a SYN. */
  static UnaryOperator<Segment> add(List<TcpOption> added) {
    return onSyn(
        segment -> {
          List<TcpOption> options = new ArrayList<>(segment.options());
          options.addAll(added);
          return segment.withOptions(options);
        });
  }

  /** Gives the options of a SYN that are of the same kind new values, up or down. */
  static UnaryOperator<Segment> set(List<TcpOption> values) {
    return onSyn(
        each(
            option ->
                Stream.of(
                    values.stream()
                        .filter(value -> value.kind() == option.kind())
                        .findFirst()
                        .orElse(option))));
  }

  private static UnaryOperator<Segment> onSyn(UnaryOperator<Segment> edit) {
    return segment -> segment.has(Segment.SYN) ? edit.apply(segment) : segment;
  }

  private static UnaryOperator<Segment> each(Function<TcpOption, Stream<TcpOption>> edit) {
    return segment -> segment.withOptions(segment.options().stream().flatMap(edit).toList());
  }
}
