package org.mssbridge.script;

import java.util.List;
import java.util.function.UnaryOperator;

/** Parses the words of a packet line that set a field of the packet. */
final class FieldEdits {
  private FieldEdits() {}

  static UnaryOperator<ScriptSegment> take(ScriptWords words) {
    if (words.nextStartsWith("<")) {
      List<ScriptOption> options = ScriptOption.takeList(words);
      return segment -> segment.withOptions(options);
    }
    String word = words.take("a property of the packet");
    return switch (word) {
      case "win" -> {
        int windowField = words.takeInt("the window field");
        yield segment -> segment.withWindow(windowField);
      }
      case "flags" -> {
        int flags = ScriptSegment.takeFlags(words);
        yield segment -> segment.withFlags(flags);
      }
      case "payload" -> {
        byte[] payload = words.takeBytes("a payload");
        yield segment -> segment.withPayload(payload);
      }
      case "begins" -> {
        byte[] start = words.takeBytes("the first bytes of a payload");
        yield segment -> segment.withPayload(begun(segment.payload(), start));
      }
      case "question", "answer" -> {
        int id = words.takeInt("a DNS ID");
        byte[] message = DnsText.message(id, word.equals("answer"), words.take("a name"));
        yield segment -> segment.withPayload(message);
      }
      case "seqshift" -> {
        long shift = words.takeLong("what to add to the sequence number");
        yield segment -> segment.withSequenceShift(segment.sequenceShift() + shift);
      }
      case "badsum" -> segment -> segment.withSum(ScriptSegment.Sum.INCOMPLETE);
      case "wrongsum" -> segment -> segment.withSum(ScriptSegment.Sum.WRONG);
      case "damaged" -> segment -> segment.withSum(ScriptSegment.Sum.DAMAGED);
      case "rightsum" -> segment -> segment.withSum(ScriptSegment.Sum.RIGHT);
      default -> ip(words, word);
    };
  }

  private static UnaryOperator<ScriptSegment> ip(ScriptWords words, String word) {
    return switch (word) {
      case "ttl" -> {
        int ttl = words.takeInt("a TTL");
        yield segment -> segment.withIp(segment.ip().withTtl(ttl));
      }
      case "id" -> {
        int id = words.takeInt("an IP identification");
        yield segment -> segment.withIp(segment.ip().withId(id));
      }
      case "wrongipsum" -> segment -> segment.withIp(segment.ip().withSum(ScriptSegment.Sum.WRONG));
      case "noipsum" ->
          segment -> segment.withIp(segment.ip().withSum(ScriptSegment.Sum.INCOMPLETE));
      case "rightipsum" -> segment -> segment.withIp(segment.ip().withSum(ScriptSegment.Sum.RIGHT));
      case "nodf" -> segment -> segment.withIp(segment.ip().withDontFragment(false));
      case "fragment" -> {
        int mtuBytes = words.takeInt("the largest fragment in bytes");
        yield segment -> segment.withIp(segment.ip().withMtu(mtuBytes));
      }
      case "dscp" -> {
        int dscp = words.takeInt("a DSCP");
        yield segment -> segment.withIp(segment.ip().withDscp(dscp));
      }
      case "ecn" -> {
        int ecn = words.takeInt("the ECN bits, 0 to 3");
        yield segment -> segment.withIp(segment.ip().withEcn(ecn));
      }
      default -> throw words.error("a packet has no property '" + word + "'");
    };
  }

  private static byte[] begun(byte[] payload, byte[] start) {
    byte[] begun = payload.clone();
    System.arraycopy(start, 0, begun, 0, Math.min(start.length, begun.length));
    return begun;
  }
}
