package org.mssbridge.knowledge;

import java.util.Set;
import org.mssbridge.model.IpFamily;

/**
 * One fact of {@code knowledge.tsv}.
 *
 * @param quantity what {@code value} is: {@code mss}, {@code mtu}, {@code overhead}, ...
 * @param value bytes; hops for {@code initial-ttl}
 * @param families the IP versions it holds for, never empty; for an overhead, of the outer packet
 * @param kind how far the source goes
 * @param title the cause in a few words
 * @param decides what in the captures would speak for this cause or against it; may be empty
 * @param source where the fact stands
 */
public record KnowledgeRow(
    String quantity,
    int value,
    Set<IpFamily> families,
    Kind kind,
    String title,
    String decides,
    String source) {

  /** How far a row may be trusted. */
  public enum Kind {
    /** The source states the value, or it follows from what the source states. */
    EXACT("exact"),
    /** A hint: true often, stated by nobody who would have to know. */
    RULE_OF_THUMB("rule-of-thumb");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** As the file writes it: {@code exact} or {@code rule-of-thumb}. */
    public String label() {
      return label;
    }
  }

  /** Whether this row makes {@code other} superfluous: same fact, at least the same families. */
  boolean covers(KnowledgeRow other) {
    return quantity.equals(other.quantity)
        && value == other.value
        && title.equals(other.title)
        && families.containsAll(other.families);
  }
}
