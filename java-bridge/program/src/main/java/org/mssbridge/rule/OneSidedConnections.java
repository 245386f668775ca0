package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Kind;
import org.mssbridge.model.Severity;
import org.mssbridge.rule.ConnectionOneSided.Answer;

/**
 * Connections that one point does not have.
 *
 * @param translated the addresses of the server, where a NAT changes it before that point
 * @param isRefusalReported whether {@code connection.refused} has them
 * @param encrypted the tunnel that may hold them at that point
 * @param droppedSyns a device that drops SYNs for what they have, where there is no answer
 */
record OneSidedConnections(
    OneSidedSight sight,
    Optional<String> translated,
    boolean isRefusalReported,
    Optional<Encrypted> encrypted,
    Optional<DroppedSyns> droppedSyns)
    implements Finding {
  static final String SOURCE = "by deduction from what both captures hold";

  @Override
  public Kind kind() {
    return ConnectionOneSided.KIND;
  }

  /** A refusal is reported by itself. */
  @Override
  public Severity severity() {
    return sight.answer() == Answer.REFUSED ? Severity.NOTE : kind().severity();
  }

  @Override
  public String message() {
    return String.format(
        "%s seen at %s (%s) %s not in the capture at %s, which covers that time and holds other"
            + " connections to the same server",
        Words.count(sight.connections(), "connection"),
        sight.point(),
        sight.answer().text,
        sight.connections() == 1 ? "is" : "are",
        sight.missing());
  }

  @Override
  public boolean saysUnmatched() {
    return true;
  }

  @Override
  public Facts facts() {
    return DroppedSyns.addTo(sight.facts(/* isApart= */ false), droppedSyns);
  }

  @Override
  public List<Explanation> because() {
    return isRefusalReported
        ? List.of(
            new Explanation(ConnectionRefused.KIND, "their SYNs are refused before that point"))
        : List.of();
  }

  @Override
  public List<Cause> causes() {
    List<Cause> causes = new ArrayList<>();
    if (sight.answer() == Answer.NONE) {
      causes.add(
          new Cause(
              "the SYN was dropped between the points",
              List.of("no answer to it is at " + sight.point()),
              encrypted.map(one -> one.words() + ", in which the SYN may be").stream().toList(),
              SOURCE));
    } else if (sight.answer() == Answer.REFUSED) {
      causes.add(
          new Cause(
              "a device between the points refuses the connection",
              List.of(sight.answers()),
              List.of(),
              SOURCE));
    }
    droppedSyns.ifPresent(
        dropped -> causes.add(dropped.isLikely() ? 0 : causes.size(), dropped.cause()));
    translated.ifPresent(
        addresses ->
            causes.add(
                new Cause(
                    "the NAT or load balancer sends it to another backend",
                    List.of(addresses),
                    List.of(),
                    SOURCE)));
    encrypted.ifPresent(
        one ->
            causes.add(
                new Cause(
                    "the connection is inside the encrypted tunnel at " + sight.missing(),
                    List.of(one.words()),
                    sight.portIsAtBoth()
                        ? List.of(
                            "other connections to the same server and port are outside it there")
                        : List.of(),
                    SOURCE)));
    causes.add(elsewhere());
    return causes;
  }

  private Cause elsewhere() {
    List<String> pro = new ArrayList<>();
    List<String> contra = new ArrayList<>();
    if (sight.answer() == Answer.ACCEPTED) {
      pro.add(sight.answers());
    }
    if (sight.portIsAtBoth()) {
      contra.add("other connections to the same server and port are at both points");
    } else {
      pro.add("no connection to that port is at both points: a capture filter may leave it out");
    }
    return new Cause("the connection takes another path or was not captured", pro, contra, SOURCE);
  }

  @Override
  public String nextStep() {
    if (droppedSyns.filter(DroppedSyns::isLikely).isPresent()) {
      return droppedSyns.get().nextStep();
    }
    return switch (sight.answer()) {
      case NONE, REFUSED ->
          "check the firewalls and routes between the points, and the capture filter at "
              + sight.missing();
      case ACCEPTED ->
          "check the routes, the capture filter at "
              + sight.missing()
              + ", and whether that capture dropped packets";
    };
  }
}
