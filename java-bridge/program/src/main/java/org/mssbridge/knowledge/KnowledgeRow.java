package org.mssbridge.knowledge;

import java.util.Set;
import org.mssbridge.model.IpFamily;

/**
 * One fact of {@code knowledge.tsv}.
 *
 * @param quantity the meaning of {@code value}: {@code mss}, {@code mtu}, {@code overhead}, ...
 * @param value bytes; hops for {@code initial-ttl}
 * @param families the IP versions that it applies to, never empty; for an overhead, those of the
 *     outer packet
 * @param kind how reliable the source is
 * @param title the cause in a few words
 * @param decides what in the captures would support or rule out this cause; may be empty
 * @param source the document that states the fact
 */
public record KnowledgeRow(
    String quantity,
    int value,
    Set<IpFamily> families,
    Kind kind,
    String title,
    String decides,
    String source) {

  /** How reliable a row is. */
  public enum Kind {
    /** The source states the value, or it follows from what the source states. */
    EXACT("exact"),
    /** A hint: often true, but without an authoritative source. */
    RULE_OF_THUMB("rule-of-thumb");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** The name in the file: {@code exact} or {@code rule-of-thumb}. */
    public String label() {
      return label;
    }
  }

  /** Whether this row makes another one redundant: same fact, at least the same families. */
  boolean covers(KnowledgeRow other) {
    return quantity.equals(other.quantity)
        && value == other.value
        && title.equals(other.title)
        && families.containsAll(other.families);
  }
}
