package org.mssbridge.rule;

import java.util.List;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Findings;
import org.mssbridge.timing.Stage;
import org.mssbridge.timing.Stopwatch;

/** All rules, sorted by the name of their class. */
public final class Rules {
  private static final List<Rule> ALL =
      List.of(
          new AddressTranslation(),
          new CaptureCondition(),
          new CaptureDuplicated(),
          new CaptureMissedPackets(),
          new CaptureOrder(),
          new CaptureSame(),
          new CaptureSeveralPoints(),
          new ChecksumWrong(),
          new ClockOffset(),
          new ConnectionOneSided(),
          new ConnectionProxied(),
          new ConnectionRefused(),
          new ConnectionReset(),
          new ConnectionStalled(),
          new ConnectionUnanswered(),
          new ConnectionUntranslated(),
          new DataInjected(),
          new DfCleared(),
          new DscpChanged(),
          new EcnBleached(),
          new IsnDeltaChanged(),
          new IsnRewritten(),
          new LossAlone(),
          new MatchAmbiguous(),
          new MssChanged(),
          new MssLow(),
          new MssOneDirection(),
          new MssPresence(),
          new MssProbablyClamped(),
          new MssSynRetransmit(),
          new NatRebound(),
          new OffloadForwarded(),
          new OptionChanged(),
          new PathAsymmetric(),
          new PathDelay(),
          new PathDuplicated(),
          new PathFragmented(),
          new PathHops(),
          new PathLost(),
          new PathLostControl(),
          new PathMiddlebox(),
          new PathReordered(),
          new PathResegmented(),
          new PathTimeExceeded(),
          new PayloadModified(),
          new PmtudAdapted(),
          new PmtudBlackhole(),
          new PmtudBogus(),
          new PmtudClampInsufficient(),
          new PmtudIgnored(),
          new PmtudLost(),
          new PmtudProbablyBlackhole(),
          new PmtudTooBig(),
          new PmtudTranslated(),
          new PmtudUnderstated(),
          new ProxyReset(),
          new ResponseUnfinished(),
          new RetransmissionNeedless(),
          new RstInjected(),
          new SackUntranslated(),
          new SegmentAboveMss(),
          new SlowResponse(),
          new TimeWent(),
          new WindowClosed(),
          new WindowSmall());

  private Rules() {}

  /** All rules. */
  public static List<Rule> all() {
    return ALL;
  }

  /** Runs all rules; findings are in the order of the rules. */
  public static Findings check(Evidence evidence) {
    return check(evidence, Stopwatch.none());
  }

  /** The same; the stopwatch knows a rule by the code of its first kind. */
  public static Findings check(Evidence evidence, Stopwatch stopwatch) {
    stopwatch.enter(Stage.RULES);
    Findings findings = new Findings();
    ALL.parallelStream()
        .map(rule -> stopwatch.rule(rule.kinds().get(0).code(), () -> found(rule, evidence)))
        .toList()
        .forEach(findings::addAll);
    return findings;
  }

  private static Findings found(Rule rule, Evidence evidence) {
    Findings findings = new Findings();
    rule.check(evidence, findings);
    return findings;
  }
}
