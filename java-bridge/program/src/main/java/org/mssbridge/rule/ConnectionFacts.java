package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Handshakes;
import org.mssbridge.evidence.OptionKinds;
import org.mssbridge.model.Direction;

/** What reports tell of a connection, whether or not it makes a finding. */
public final class ConnectionFacts {
  private ConnectionFacts() {}

  /** Names of the TCP options, other than MSS, that differ in the SYN or SYN/ACK. */
  public static List<String> changedOptions(PairedConnection pair) {
    List<String> names = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      Handshakes.first(pair, direction)
          .ifPresent(
              both ->
                  OptionChanged.differences(both)
                      .forEach(changed -> names.add(OptionKinds.name(changed.option()))));
    }
    return names.stream().distinct().toList();
  }

  /**
   * Whether SACK is translated where the ISN is rewritten; empty where that cannot be known, since
   * no ISN differs or no SACK block was seen.
   */
  public static Optional<Boolean> isSackTranslated(Evidence evidence, PairedConnection pair) {
    return SackUntranslated.isTranslated(evidence, pair);
  }
}
