package org.mssbridge.knowledge;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.mssbridge.knowledge.KnowledgeRow.Kind;
import org.mssbridge.model.IpFamily;

/** Reads {@code knowledge.tsv} and rejects a malformed or redundant row with its line number. */
final class KnowledgeReader {
  private static final String HEADER = "quantity\tvalue\tfamily\tkind\ttitle\tdecides\tsource";
  private static final int COLUMNS = 7;
  private static final int LARGEST_VALUE = 65_535;

  private final String name;
  private final List<KnowledgeRow> rows = new ArrayList<>();
  private int line;

  KnowledgeReader(String name) {
    this.name = name;
  }

  List<KnowledgeRow> read(BufferedReader in) throws IOException {
    boolean headerSeen = false;
    for (String text = in.readLine(); text != null; text = in.readLine()) {
      line++;
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      if (headerSeen) {
        add(row(text));
      } else if (text.equals(HEADER)) {
        headerSeen = true;
      } else {
        throw wrong("expected the header " + HEADER.replace('\t', ' '));
      }
    }
    return List.copyOf(rows);
  }

  private void add(KnowledgeRow row) {
    for (KnowledgeRow earlier : rows) {
      if (earlier.covers(row)) {
        throw wrong(
            "an earlier row already says "
                + row.quantity()
                + " "
                + row.value()
                + ", "
                + row.title());
      }
      if (row.covers(earlier)) {
        throw wrong("covers an earlier row for fewer IP versions, remove that one: " + row.title());
      }
    }
    rows.add(row);
  }

  private KnowledgeRow row(String text) {
    String[] columns = text.split("\t", -1);
    if (columns.length != COLUMNS) {
      throw wrong("has " + columns.length + " columns, not " + COLUMNS);
    }
    for (String column : columns) {
      if (column.isBlank()) {
        throw wrong("has an empty column; write - where there is nothing to say");
      }
    }
    return new KnowledgeRow(
        columns[0],
        value(columns[1]),
        families(columns[2]),
        kind(columns[3]),
        columns[4],
        columns[5].equals("-") ? "" : columns[5],
        columns[6]);
  }

  private int value(String text) {
    try {
      int value = Integer.parseInt(text);
      if (value >= 1 && value <= LARGEST_VALUE) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Reported below, with the line number.
    }
    throw wrong("value is " + text + ", not a whole number from 1 to " + LARGEST_VALUE);
  }

  private Set<IpFamily> families(String text) {
    return switch (text) {
      case "4" -> Set.of(IpFamily.IPV4);
      case "6" -> Set.of(IpFamily.IPV6);
      case "46" -> Set.of(IpFamily.IPV4, IpFamily.IPV6);
      default -> throw wrong("family is " + text + ", not 4, 6 or 46");
    };
  }

  private Kind kind(String text) {
    for (Kind kind : Kind.values()) {
      if (kind.label().equals(text)) {
        return kind;
      }
    }
    throw wrong("kind is " + text + ", not exact or rule-of-thumb");
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(name + " line " + line + ": " + what);
  }
}
