package org.mssbridge.knowledge;

import static java.util.Comparator.comparing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.mssbridge.model.IpFamily;

/** The known MSS and MTU values: {@code knowledge.tsv}, immutable once read. */
public final class Knowledge {
  private static final String RESOURCE = "knowledge.tsv";

  /** What a cause does besides changing the MSS, or is. Each is a quantity in the file. */
  public enum Behaviour {
    /** Gives connections a new ISN. */
    RANDOMISES_ISN("randomises-isn"),
    /** Ends the connection and opens one of its own. */
    PROXY("proxy"),
    /** Often changes the option in one direction only. */
    ONE_DIRECTION("one-direction"),
    /** Is met in many networks. */
    WIDESPREAD("widespread");

    private final String quantity;

    Behaviour(String quantity) {
      this.quantity = quantity;
    }
  }

  /**
   * A row that fits a number.
   *
   * @param row the row
   * @param family the IP version of the reading
   * @param mtuBytes the MTU from which the MSS follows; empty where the row states the number
   *     itself
   */
  public record Fit(KnowledgeRow row, IpFamily family, OptionalInt mtuBytes) {
    /** The cause and its subtraction, if any, such as {@code WireGuard: 1420 - 40}. */
    public String label() {
      return mtuBytes.isPresent()
          ? row.title() + ": " + mtuBytes.getAsInt() + " - " + family.tcpIpBytes()
          : row.title();
    }
  }

  private final List<KnowledgeRow> rows;

  private Knowledge(List<KnowledgeRow> rows) {
    this.rows = rows;
  }

  /** Reads the built-in table. */
  public static Knowledge load() {
    try (InputStream in = Knowledge.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(
            RESOURCE + " is missing from the program; install it again");
      }
      return read(new InputStreamReader(in, StandardCharsets.UTF_8), RESOURCE);
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " cannot be read", e);
    }
  }

  /**
   * Reads a table.
   *
   * @param name the file name in errors
   * @throws IllegalArgumentException for a malformed row, or one that an earlier row already
   *     covers; the message has the line number
   */
  public static Knowledge read(Reader in, String name) throws IOException {
    return new Knowledge(new KnowledgeReader(name).read(new BufferedReader(in)));
  }

  /**
   * All rows that explain this MSS: rows for the MSS itself, and rows for the MTU 40 or 60 bytes
   * above it. Exact rows come first.
   */
  public List<Fit> byMss(int mssBytes, IpFamily family) {
    int mtuBytes = mssBytes + family.tcpIpBytes();
    List<KnowledgeRow> ofMtu = rows("mtu", mtuBytes, family);
    List<Fit> fits = new ArrayList<>();
    for (KnowledgeRow row : rows("mss", mssBytes, family)) {
      boolean follows = ofMtu.stream().anyMatch(m -> m.title().equals(row.title()));
      fits.add(new Fit(row, family, follows ? OptionalInt.of(mtuBytes) : OptionalInt.empty()));
    }
    for (KnowledgeRow row : ofMtu) {
      if (fits.stream().noneMatch(f -> f.row().title().equals(row.title()))) {
        fits.add(new Fit(row, family, OptionalInt.of(mtuBytes)));
      }
    }
    fits.sort(comparing(fit -> fit.row().kind()));
    return List.copyOf(fits);
  }

  /** The rows for this MTU, exact ones first. */
  List<Fit> byMtu(int mtuBytes, IpFamily family) {
    return rows("mtu", mtuBytes, family).stream()
        .sorted(comparing(KnowledgeRow::kind))
        .map(row -> new Fit(row, family, OptionalInt.empty()))
        .toList();
  }

  /** The stacks with this initial TTL or hop limit; empty where none is known. */
  public List<KnowledgeRow> byInitialTtl(int hops) {
    return rows("initial-ttl", hops);
  }

  /** The rows for the bytes that encapsulations add. */
  List<KnowledgeRow> overheads() {
    return rows.stream().filter(row -> row.quantity().equals("overhead")).toList();
  }

  /** The remarks on a number; a remark alone is not a cause. */
  public List<KnowledgeRow> notes(int number) {
    return rows("note", number);
  }

  /** The rows that state that a cause behaves in this way; empty where this is not known. */
  List<KnowledgeRow> behaviour(Behaviour behaviour, KnowledgeRow cause) {
    return rows.stream()
        .filter(row -> row.quantity().equals(behaviour.quantity))
        .filter(row -> row.title().equals(cause.title()))
        .toList();
  }

  /** All rows, in the order of the file. */
  public List<KnowledgeRow> rows() {
    return rows;
  }

  private List<KnowledgeRow> rows(String quantity, int value) {
    return rows.stream()
        .filter(row -> row.value() == value && row.quantity().equals(quantity))
        .toList();
  }

  private List<KnowledgeRow> rows(String quantity, int value, IpFamily family) {
    return rows(quantity, value).stream().filter(row -> row.families().contains(family)).toList();
  }
}
