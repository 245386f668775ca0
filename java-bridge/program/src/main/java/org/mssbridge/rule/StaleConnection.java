package org.mssbridge.rule;

import java.util.Optional;
import org.mssbridge.evidence.Life;
import org.mssbridge.evidence.Opening;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * SYNs that the server answers as part of an earlier connection of the same addresses and ports,
 * which it still has (RFC 9293, section 3.10.7.4; RFC 5961, section 4).
 *
 * @param point the last point, nearest to the server
 * @param cleared whether the client's RST then ends the earlier connection
 */
record StaleConnection(CapturePoint point, boolean cleared) implements Finding {
  @Override
  public Kind kind() {
    return ConnectionReset.KIND;
  }

  @Override
  public String message() {
    return "the server still has an earlier connection of the same addresses and ports, which the"
        + " client does not have: it answers the SYN with an ACK of that one"
        + (cleared ? ", and the client's RST ends it" : "");
  }

  @Override
  public Optional<Direction> direction() {
    return Optional.of(Direction.C2S);
  }

  @Override
  public Facts facts() {
    return Facts.of("point", point.name())
        .and("reset_by", cleared ? "client" : "nobody")
        .and("reason", "stale");
  }

  @Override
  public String nextStep() {
    return "check whether the client was restarted, or a NAT gives out a port again too soon";
  }

  static void report(Life life, Findings findings) {
    CapturePoint point = ConnectionReset.nearest(life, Direction.S2C);
    Opening opening = life.openings().at(point).orElseThrow();
    if (!opening.isStale()) {
      return;
    }
    SegmentTable table = life.at(point).clientToServer().table();
    int answer = table.frame(opening.staleRow());
    Occurrence occurrence =
        Occurrence.on(life.connection().id()).at(point, opening.firstFrame()).at(point, answer);
    String reset = "";
    if (opening.staleResetRow() >= 0) {
      int frame = table.frame(opening.staleResetRow());
      occurrence = occurrence.at(point, frame);
      reset = ", which the client answers with a RST (frame " + frame + ")";
    }
    findings.add(
        new StaleConnection(point, opening.staleResetRow() >= 0),
        occurrence.saying(
            String.format(
                "%s: at %s the SYN in frame %d is answered by an ACK in frame %d that has nothing"
                    + " to do with it%s",
                life.name(point), point, opening.firstFrame(), answer, reset)));
  }
}
