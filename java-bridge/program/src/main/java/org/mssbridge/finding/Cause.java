package org.mssbridge.finding;

import java.util.List;

/**
 * One possible cause of a finding. A number alone never has only one.
 *
 * @param cause the cause in words
 * @param supporting the evidence for it
 * @param against the evidence against it
 * @param source the document that describes it
 */
public record Cause(String cause, List<String> supporting, List<String> against, String source) {
  public Cause {
    supporting = List.copyOf(supporting);
    against = List.copyOf(against);
  }
}
